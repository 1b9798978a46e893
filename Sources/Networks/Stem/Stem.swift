package import Datasets
package import Genomics
package import Layers
package import Tensors

/// What begins a network: it reads sequences and makes the features that the rest of the layers read.
///
/// A stem stands for the first layers of the list: for none of them if it makes the one-hot tensor, for a
/// convolution, a rectifier and a pooling if it is their fused form.
package protocol Stem: ParameterHolder, Sendable {
  /// What the backward pass needs of the forward pass.
  associatedtype Saved: Sendable

  /// The number of layers that it stands for.
  var layerCount: Int { get }
  /// That of the sequences.
  var alphabet: Alphabet { get }
  /// Makes now what speeds reading up, for as long as the parameters stay as they are.
  mutating func prepare()
  /// Whether the sequences of a batch must have one length.
  var needsEqualLengths: Bool { get }
  /// Maps sequences to features, `[rows · batch, …]`. If both strands have rows those of the reverse strands
  /// come last.
  func forward(_ batch: SequenceBatch) -> (output: Tensor, saved: Saved)
  /// The gradients of a loss with respect to the parameters, in their order.
  func backward(_ gradient: Tensor, saved: Saved, batch: SequenceBatch) -> [Tensor]
  /// The gradient of a loss with respect to the one-hot input of the forward strands, both strands'
  /// shares summed: `[batch, position, channel]`.
  ///
  /// - Precondition: All sequences have one length.
  func inputGradient(_ gradient: Tensor, saved: Saved, batch: SequenceBatch) -> Tensor
  /// The features of each window of `length` bases in a stretch of codes: `[rows · windows, …]`,
  /// as `forward` gives them for the windows one by one.
  func windowFeatures(_ codes: [UInt8], length: Int) -> Tensor
}

extension Stem {
  package mutating func prepare() {}

  package var alphabet: Alphabet { .dna }

  package func windowFeatures(_ codes: [UInt8], length: Int) -> Tensor {
    forward(SequenceBatch(windowsOf: codes, length: length, alphabet: alphabet)).output
  }

  func forwardErased(_ batch: SequenceBatch) -> (output: Tensor, saved: any Sendable) {
    let (output, saved) = forward(batch)
    return (output, saved)
  }

  /// - Precondition: `saved` comes from this stem's `forwardErased`.
  func backwardErased(_ gradient: Tensor, saved: any Sendable, batch: SequenceBatch) -> [Tensor] {
    backward(gradient, saved: own(saved), batch: batch)
  }

  /// - Precondition: `saved` comes from this stem's `forwardErased`.
  func inputGradientErased(_ gradient: Tensor, saved: any Sendable, batch: SequenceBatch) -> Tensor
  {
    inputGradient(gradient, saved: own(saved), batch: batch)
  }

  /// `as?` would look `Saved?` up in a table and count its readers, in a place that all threads share.
  private func own(_ saved: any Sendable) -> Saved { saved as! Saved }
}
