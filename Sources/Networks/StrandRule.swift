public import Layers

/// Which strands a network reads, and how their outputs become one.
public enum StrandRule: String, NamedCase, Sendable {
  /// Both; the larger output counts, each task by itself (DeepBind).
  case max
  /// Both; the mean of the outputs.
  case mean
  /// The forward strand only.
  case forward
  /// Both, joined by the global pooling: the larger of a filter's two maxima and the mean of its two means.
  case pooled

  /// The number of strands that are read.
  public var strandCount: Int { self == .forward ? 1 : 2 }

  /// The number of outputs that a network makes of an example before they become one.
  public var rowsPerExample: Int { self == .pooled ? 1 : strandCount }
}
