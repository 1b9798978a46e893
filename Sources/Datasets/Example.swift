public import Genomics

/// A sequence with what is known about it.
public struct Example: Equatable, Sendable {
  public var name: String
  public var bases: EncodedSequence
  /// One per task, 0 or 1 or a measured number; not a number where the task wasn't measured.
  public var labels: [Float]
  /// How much the example counts in training.
  public var weight: Float
  /// Where the bases stand in their genome; `nil` if that isn't known.
  public var interval: GenomicInterval?
  /// How strong its peak is, in the caller's unit; `nil` if that isn't known.
  public var strength: Double?
  /// Whether it was made of another example by shuffling that.
  public var isShuffle = false
  /// Whether a tandem repeat was put into it: it resembles others of its kind by design.
  public var hasPlantedRepeat = false
  /// Its place among the examples of its input, from 0.
  public var row = 0

  public init(
    name: String, bases: EncodedSequence, labels: [Float], weight: Float = 1,
    interval: GenomicInterval? = nil, strength: Double? = nil
  ) {
    self.name = name
    self.bases = bases
    self.labels = labels
    self.weight = weight
    self.interval = interval
    self.strength = strength
  }

  /// A window of a genome, named `NAME:FIRST-LAST` (1-based, inclusive).
  init(
    window: GenomicInterval, bases: EncodedSequence, labels: [Float], strength: Double? = nil
  ) {
    self.init(
      name: "\(window.sequence):\(window.start + 1)-\(window.end)", bases: bases, labels: labels,
      interval: window, strength: strength)
  }

  /// Whether any task found it bound: a label above one half.
  public var isPositive: Bool { labels.contains { $0 > 0.5 } }

  /// Whether any task found it not bound: a label of 0.
  public var isNegative: Bool { labels.contains(0) }

  /// The example with unknown bases around its own, if they are fewer than `length`.
  public func padded(to length: Int) -> Example {
    var example = self
    example.bases = bases.padded(to: length)
    return example
  }
}
