public import Networks
public import Tensors

extension Objective {
  /// The weighted sum of the losses over examples and measured tasks, and its gradient.
  ///
  /// Logistic loss for classification, `log(1 + e^z) - y z`; half the squared error for regression.
  /// - Parameters:
  ///   - outputs: `[batch, task]`.
  ///   - labels: As many, in the same order; not a number where a task wasn't measured.
  ///   - weights: One an example.
  ///   - scale: What loss and gradient are multiplied by, such as one over the batch's size.
  public func loss(_ outputs: Tensor, labels: [Float], weights: [Float], scale: Float)
    -> LossGradient
  {
    precondition(labels.count == outputs.scalars.count && weights.count == outputs.shape[0])
    let tasks = outputs.shape[1]
    var sum = 0.0
    var gradient = Tensor(zeros: outputs.shape)
    for (index, output) in outputs.scalars.enumerated() where !labels[index].isNaN {
      let (label, weight) = (labels[index], weights[index / tasks] * scale)
      switch self {
      case .classification:
        sum += Double(weight) * (softplus(Double(output)) - Double(label) * Double(output))
        gradient.scalars[index] = weight * (sigmoid(output) - label)
      case .regression, .score:
        let error = output - label
        sum += Double(weight) * Double(error) * Double(error) / 2
        gradient.scalars[index] = weight * error
      }
    }
    return LossGradient(loss: sum, gradient: gradient)
  }
}
