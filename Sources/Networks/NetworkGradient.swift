public import Datasets
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

extension Network {
  /// The loss of one shard, and the gradient of each parameter.
  ///
  /// - Parameter loss: Maps logits, `[batch, task]`, to the loss and its gradient of that shape.
  public func gradients(
    _ batch: SequenceBatch, in pass: TrainingPass, of loss: (Tensor) -> LossGradient
  ) -> (loss: Double, parameters: [Tensor]) {
    let trace = trace(batch, in: .training(pass))
    let (logits, isReverse) = combineStrands(trace.strandLogits)
    let result = loss(logits)
    let back = backward(spread(result.gradient, isReverse: isReverse), trace)
    let front = front.backwardErased(back.features, saved: trace.frontSaved, batch: batch)
    return (result.loss, front + back.parameters)
  }

  /// The gradient of one task's logit with respect to the one-hot input, `[batch, position,
  /// channel]`.
  ///
  /// - Precondition: All sequences have one length.
  public func inputGradient(_ batch: SequenceBatch, task: Int) -> Tensor {
    let trace = trace(batch, in: .inference)
    let (logits, isReverse) = combineStrands(trace.strandLogits)
    var gradient = Tensor(zeros: logits.shape)
    for row in 0..<batch.count { gradient.scalars[row * taskCount + task] = 1 }
    let back = backward(spread(gradient, isReverse: isReverse), trace)
    return front.inputGradientErased(back.features, saved: trace.frontSaved, batch: batch)
  }

  /// What a forward pass leaves for the backward pass.
  private struct Trace {
    let frontSaved: any Sendable
    let layersSaved: [any Sendable]
    let strandLogits: Tensor
  }

  private func trace(_ batch: SequenceBatch, in pass: Pass) -> Trace {
    let (features, frontSaved) = front.forwardErased(batch)
    let layers = layers.span
    var output = features
    var layersSaved: [any Sendable] = []
    layersSaved.reserveCapacity(layers.count)
    for index in layers.indices {
      let result = layers[index].forwardErased(output, in: pass.atLayer(index))
      output = result.output
      layersSaved.append(result.saved)
    }
    return Trace(frontSaved: frontSaved, layersSaved: layersSaved, strandLogits: output)
  }

  private func backward(_ strandGradient: Tensor, _ trace: Trace)
    -> (features: Tensor, parameters: [Tensor])
  {
    let layers = layers.span
    var gradient = strandGradient
    var parameters: [[Tensor]] = []
    for index in layers.indices.reversed() {
      let result = layers[index].backwardErased(gradient, saved: trace.layersSaved[index])
      gradient = result.input
      parameters.append(result.parameters)
    }
    return (gradient, parameters.reversed().flatMap { $0 })
  }

  /// The transpose of `combineStrands`: `[batch, task]` gives `[rows · batch, task]`.
  private func spread(_ gradient: Tensor, isReverse: [Bool]) -> Tensor {
    guard configuration.strands.rowsPerExample == 2 else { return gradient }
    let half = gradient.scalars.count
    var strandGradient = Tensor(zeros: [2 * gradient.shape[0], taskCount])
    for index in 0..<half {
      switch configuration.strands {
      case .max:
        strandGradient.scalars[isReverse[index] ? half + index : index] = gradient.scalars[index]
      case .mean, .forward, .pooled:
        strandGradient.scalars[index] = gradient.scalars[index] / 2
        strandGradient.scalars[half + index] = gradient.scalars[index] / 2
      }
    }
    return strandGradient
  }
}

extension Pass {
  func atLayer(_ index: Int) -> Pass {
    guard case .training(var pass) = self else { return self }
    pass.layer = index
    return .training(pass)
  }
}
