public import Datasets
public import Layers
public import Tensors

/// A loss, and its gradient with respect to something.
public struct LossGradient: Sendable {
  /// The sum over the examples.
  public let loss: Double
  public let gradient: Tensor

  public init(loss: Double, gradient: Tensor) {
    self.loss = loss
    self.gradient = gradient
  }
}

/// What a shard of examples says to a network in training.
public struct ShardGradient: Sendable {
  /// The sum over the examples.
  public let loss: Double
  /// The gradient of each trained parameter, in their order.
  public let parameters: [Tensor]
  /// What layers learn of the shard without a gradient, in the order of the parameters of that role.
  public let statistics: [Tensor]

  public init(loss: Double, parameters: [Tensor], statistics: [Tensor] = []) {
    (self.loss, self.parameters, self.statistics) = (loss, parameters, statistics)
  }
}

extension Network {
  /// The loss of one shard, and the gradient of each trained parameter.
  ///
  /// - Parameter loss: Maps outputs, `[batch, task]`, to the loss and its gradient of that shape.
  public func gradients(
    _ batch: SequenceBatch, in pass: TrainingPass, of loss: (Tensor) -> LossGradient
  ) -> ShardGradient {
    let trace = trace(batch, in: .training(pass))
    let (outputs, isReverse) = combineStrands(trace.strandOutputs)
    let result = loss(outputs)
    let back = backward(
      spread(result.gradient, isReverse: isReverse), trace, wantsFeatures: stem.layerCount > 0)
    let own = back.input.map {
      stem.backwardErased($0, saved: trace.stemSaved, batch: batch)
    }
    return ShardGradient(
      loss: result.loss, parameters: (own ?? []) + back.parameters, statistics: back.statistics)
  }

  /// The gradient of one task's output with respect to the one-hot input, `[batch, position, base]`.
  ///
  /// - Precondition: All sequences have one length.
  public func inputGradient(_ batch: SequenceBatch, task: Int) -> Tensor {
    let trace = trace(batch, in: .inference)
    let (outputs, isReverse) = combineStrands(trace.strandOutputs)
    let gradient = featureGradient(trace, of: task, like: outputs, isReverse: isReverse)
    return stem.inputGradientErased(gradient, saved: trace.stemSaved, batch: batch)
  }

  /// The stem's features of sequences, `[rows · batch, …]`, their outputs, `[batch, task]`, and for
  /// each task the gradient of its output with respect to the features.
  package func featureGradients(_ batch: SequenceBatch)
    -> (features: Tensor, logits: Tensor, gradients: [Tensor])
  {
    let trace = trace(batch, in: .inference)
    let (outputs, gradients) = featureGradients(trace)
    return (trace.features, outputs, gradients)
  }

  /// The outputs of a pass, and for each task the gradient of its output with respect to the features.
  func featureGradients(_ trace: Trace) -> (outputs: Tensor, gradients: [Tensor]) {
    let (outputs, isReverse) = combineStrands(trace.strandOutputs)
    let gradients = (0..<taskCount).map {
      featureGradient(trace, of: $0, like: outputs, isReverse: isReverse)
    }
    return (outputs, gradients)
  }

  /// The outputs for some features of the stem, `[rows · batch, …]`, and the gradient of one task's output with
  /// respect to them.
  ///
  /// - Parameter side: The numbers beside the sequences, `[batch, number]`.
  package func featureGradient(at features: Tensor, beside side: Tensor? = nil, task: Int)
    -> (logits: Tensor, gradient: Tensor)
  {
    let trace = trace(of: features, in: .inference.beside(side))
    let (outputs, isReverse) = combineStrands(trace.strandOutputs)
    return (outputs, featureGradient(trace, of: task, like: outputs, isReverse: isReverse))
  }

  private func featureGradient(
    _ trace: Trace, of task: Int, like outputs: Tensor, isReverse: [Bool]
  ) -> Tensor {
    var gradient = Tensor(zeros: outputs.shape)
    for row in 0..<outputs.shape[0] { gradient.scalars[row * taskCount + task] = 1 }
    return featureGradient(spread(gradient, isReverse: isReverse), trace)
  }
}
