public import Tensors

/// One step of a network: a value that holds its parameters.
///
/// A batch is computed in shards, side by side. A layer sees one shard, and treats each example alone, so
/// that the result doesn't depend on how a batch was cut; a layer that needs statistics of a batch takes
/// those of the shard, whose size is part of the recipe.
public protocol Layer: ParameterHolder, Sendable {
  /// What the backward pass needs of the forward pass.
  associatedtype Saved: Sendable

  /// Maps a batch to a batch; the first axis is the example.
  func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Saved)

  /// What `forward` makes in inference, and nothing saved. By default that of `forward`.
  func output(of input: consuming Tensor, in pass: Pass) -> Tensor

  /// Carries the gradient of a loss back from the output.
  ///
  /// - Parameter wantsInput: Whether the gradient of the input is asked for; the first layer's isn't.
  func backward(_ gradient: Tensor, saved: Saved, wantsInput: Bool) -> LayerGradient

  /// The gradient of the input alone, in inference. That of an example has the same bits whatever stands
  /// beside it.
  func inputGradient(_ gradient: Tensor, saved: Saved) -> Tensor

  /// DeepLIFT's multipliers of the input (Shrikumar, Greenside & Kundaje 2017): `Σ multiplier · (input - reference
  /// input)` of an example is `Σ outer · (output - reference output)`.
  ///
  /// The mean of the gradient on the straight line between both inputs, unless a layer has a rule of its own.
  /// - Parameters:
  ///   - outer: The multipliers of the output.
  ///   - reference: The passage of as many other examples.
  func multipliers(
    _ outer: Tensor, at passage: LayerPassage, from reference: LayerPassage
  ) -> Tensor

  /// Takes up statistics of a batch: the mean over its shards of what `backward` returned, weighted by
  /// their numbers of examples.
  mutating func settle(_ statistics: [Tensor])
}

extension Layer {
  public func output(of input: consuming Tensor, in pass: Pass) -> Tensor {
    forward(input, in: pass).output
  }

  public func inputGradient(_ gradient: Tensor, saved: Saved) -> Tensor {
    guard let input = backward(gradient, saved: saved, wantsInput: true).input else {
      preconditionFailure("a layer without the gradient that was asked for")
    }
    return input
  }

  public mutating func settle(_ statistics: [Tensor]) {
    precondition(statistics.isEmpty, "statistics for a layer that keeps none")
  }
}

/// The gradient of a loss with respect to what a layer read and what it holds.
public struct LayerGradient: Sendable {
  /// `nil` unless it was asked for.
  public let input: Tensor?
  /// In the order of the layer's trained parameters.
  public let parameters: [Tensor]
  /// What the layer learns from the shard without a gradient, in the order of its statistics.
  public let statistics: [Tensor]

  public init(input: Tensor?, parameters: [Tensor] = [], statistics: [Tensor] = []) {
    self.input = input
    self.parameters = parameters
    self.statistics = statistics
  }
}

extension Layer {
  package func forwardErased(_ input: Tensor, in pass: Pass) -> (
    output: Tensor, saved: any Sendable
  ) {
    let (output, saved) = forward(input, in: pass)
    return (output, saved)
  }

  /// - Precondition: `saved` comes from this layer's `forwardErased`.
  package func backwardErased(_ gradient: Tensor, saved: any Sendable, wantsInput: Bool)
    -> LayerGradient
  {
    backward(gradient, saved: own(saved), wantsInput: wantsInput)
  }

  /// - Precondition: `saved` comes from this layer's `forwardErased`.
  package func inputGradientErased(_ gradient: Tensor, saved: any Sendable) -> Tensor {
    inputGradient(gradient, saved: own(saved))
  }

  /// `as?` would look `Saved?` up in a table and count its readers, in a place that all threads share.
  func own(_ saved: any Sendable) -> Saved { saved as! Saved }
}
