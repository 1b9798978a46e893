internal import Genomics
public import Tensors

/// One step of a network: a value that holds its parameters.
///
/// A batch is computed in shards, side by side; a layer sees one shard and must treat each example
/// alone, so that the result doesn't depend on how a batch was cut.
public protocol Layer: Parameterized, Sendable {
  /// What the backward pass needs of the forward pass.
  associatedtype Saved: Sendable
  /// Maps a batch to a batch; the first axis is the example.
  func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Saved)
  /// Carries the gradient of a loss back from the output.
  func backward(_ outputGradient: Tensor, saved: Saved) -> LayerGradient
  /// The gradient with respect to the input alone. That of an example has the same bits whatever
  /// stands beside it.
  func inputGradient(_ outputGradient: Tensor, saved: Saved) -> Tensor
}

extension Layer {
  public func inputGradient(_ outputGradient: Tensor, saved: Saved) -> Tensor {
    backward(outputGradient, saved: saved).input
  }
}

/// The gradient of a loss with respect to what a layer read and what it holds.
public struct LayerGradient: Sendable {
  public let input: Tensor
  /// In the order of the layer's `parameters`.
  public let parameters: [Tensor]

  public init(input: Tensor, parameters: [Tensor] = []) {
    self.input = input
    self.parameters = parameters
  }
}

/// What a forward pass is for.
public enum Pass: Sendable {
  case inference
  /// Layers that draw at random draw in this pass.
  case training(TrainingPass)
}

/// The key of what is drawn in a training pass: the same key draws the same, whatever the shards.
public struct TrainingPass: Sendable {
  public let seed: UInt64
  /// The number of steps taken before.
  public let step: Int
  /// The position in the batch of the shard's first example.
  public let firstExample: Int
  /// The number of examples in the shard. Rows past it are the same examples' other strand.
  public let exampleCount: Int
  /// The position of the layer in its network.
  public var layer = 0

  public init(seed: UInt64, step: Int, firstExample: Int, exampleCount: Int) {
    self.seed = seed
    self.step = step
    self.firstExample = firstExample
    self.exampleCount = exampleCount
  }

  /// What is drawn for one row of the shard; both strands of an example draw the same.
  func stream(_ purpose: RandomPurpose, row: Int) -> RandomStream {
    RandomStream(seed: seed, purpose, step, layer, firstExample + row % exampleCount)
  }
}

extension Layer {
  func forwardErased(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: any Sendable) {
    let (output, saved) = forward(input, in: pass)
    return (output, saved)
  }

  /// - Precondition: `saved` comes from this layer's `forwardErased`.
  func backwardErased(_ outputGradient: Tensor, saved: any Sendable) -> LayerGradient {
    backward(outputGradient, saved: own(saved))
  }

  /// - Precondition: `saved` comes from this layer's `forwardErased`.
  func inputGradientErased(_ outputGradient: Tensor, saved: any Sendable) -> Tensor {
    inputGradient(outputGradient, saved: own(saved))
  }

  /// `as?` would look `Saved?` up in a table and count its readers, in a place that all threads share.
  private func own(_ saved: any Sendable) -> Saved { saved as! Saved }
}
