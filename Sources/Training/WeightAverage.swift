package import Layers
internal import Networks
package import Tensors

/// The exponential moving average of a network's weights over the steps (Polyak & Juditsky 1992), which often predicts better
/// than the weights of any step.
package struct WeightAverage: Sendable {
  /// What a step leaves of the average at most.
  let decay: Float
  /// The parameters, in their order; statistics are those of the last step. Empty before the first step.
  package var parameters: [Tensor] = []

  package init(decay: Float) {
    self.decay = decay
  }

  /// Takes up the parameters after a step.
  ///
  /// The decay rises to its largest value with the number of steps, `(1 + n) / (10 + n)`, so that the first weights are forgotten
  /// (as TensorFlow's `ExponentialMovingAverage`).
  ///
  /// - Parameter step: The number of steps before this one.
  package mutating func add(_ holder: some ParameterHolder, step: Int) {
    guard !parameters.isEmpty else {
      parameters = holder.parameters
      return
    }
    let share = 1 - min(decay, Float(1 + step) / Float(10 + step))
    var (index, copy) = (0, holder)
    copy.updateParameters { role, parameter in
      if role == .statistic {
        parameters[index] = parameter
      } else {
        parameters[index].move(to: parameter, by: share)
      }
      index += 1
    }
  }
}

extension Tensor {
  /// Moves each number a share of its way to another's.
  fileprivate mutating func move(to other: Tensor, by share: Float) {
    for index in scalars.indices {
      scalars[index] += share * (other.scalars[index] - scalars[index])
    }
  }
}
