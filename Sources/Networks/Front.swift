public import Datasets
public import Tensors

/// What begins a network: it reads sequences and makes features.
public protocol Front: Parameterized, Sendable {
  /// Makes now what speeds reading up, for as long as the parameters stay as they are.
  mutating func prepare()
  /// What the backward pass needs of the forward pass.
  associatedtype Saved: Sendable
  /// The length of the shortest sequence that it can read.
  var minimumLength: Int { get }
  /// Whether the sequences of a batch must have one length.
  var needsEqualLengths: Bool { get }
  /// Maps sequences to features, `[rows · batch, …]` with the strand rule's `rowsPerExample`: of two,
  /// the rows of the reverse strands follow those of the forward ones.
  func forward(_ batch: SequenceBatch) -> (output: Tensor, saved: Saved)
  /// The gradients of a loss with respect to the parameters, in their order.
  func backward(_ outputGradient: Tensor, saved: Saved, batch: SequenceBatch) -> [Tensor]
  /// The gradient of a loss with respect to the one-hot input of the forward strands, both strands'
  /// shares summed: `[batch, position, channel]`.
  ///
  /// - Precondition: All sequences have one length.
  func inputGradient(_ outputGradient: Tensor, saved: Saved, batch: SequenceBatch) -> Tensor
  /// The features of each window of `length` bases in a stretch of codes: `[rows · windows, …]`,
  /// as `forward` gives them for the windows one by one.
  func windowFeatures(_ codes: [UInt8], length: Int) -> Tensor
}

extension Front {
  public mutating func prepare() {}

  public func windowFeatures(_ codes: [UInt8], length: Int) -> Tensor {
    forward(SequenceBatch(windowsOf: codes, length: length)).output
  }

  func forwardErased(_ batch: SequenceBatch) -> (output: Tensor, saved: any Sendable) {
    let (output, saved) = forward(batch)
    return (output, saved)
  }

  /// - Precondition: `saved` comes from this front's `forwardErased`.
  func backwardErased(_ outputGradient: Tensor, saved: any Sendable, batch: SequenceBatch)
    -> [Tensor]
  {
    backward(outputGradient, saved: own(saved), batch: batch)
  }

  /// - Precondition: `saved` comes from this front's `forwardErased`.
  func inputGradientErased(_ outputGradient: Tensor, saved: any Sendable, batch: SequenceBatch)
    -> Tensor
  {
    inputGradient(outputGradient, saved: own(saved), batch: batch)
  }

  /// `as?` would look `Saved?` up in a table and count its readers, in a place that all threads share.
  private func own(_ saved: any Sendable) -> Saved { saved as! Saved }
}

/// Which strands a network reads, and how their outputs become one.
public enum StrandRule: String, Codable, Sendable, CaseIterable {
  /// Both; the larger output counts, each task by itself (DeepBind).
  case max
  /// Both; the mean of the outputs.
  case mean
  /// The forward strand only.
  case forward
  /// Both, pooled together before any layer: the larger of a filter's two maxima and the mean of its
  /// two means. Only a motif convolution that pools over all positions can.
  case pooled

  public var strandCount: Int { self == .forward ? 1 : 2 }

  /// The rows that a front makes of an example: one a strand, but for strands that it pools.
  public var rowsPerExample: Int { self == .pooled ? 1 : strandCount }
}
