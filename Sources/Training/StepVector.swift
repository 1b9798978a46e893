internal import Layers
internal import Networks
internal import Tensors

/// The layout of what a shard adds to a step's sum: the gradient of each trained parameter, the statistics,
/// weighted by the shard's share of the batch, and the loss.
struct StepVector: Sendable {
  let gradientCount: Int
  /// The shapes of the statistics.
  private let statistics: [Shape]
  let count: Int

  init(of holder: some ParameterHolder) {
    var (gradients, statistics, copy): (Int, [Shape], _) = (0, [], holder)
    copy.updateParameters { role, parameter in
      if role == .statistic {
        statistics.append(parameter.shape)
      } else {
        gradients += parameter.shape.count
      }
    }
    gradientCount = gradients
    self.statistics = statistics
    count = gradients + statistics.reduce(0) { $0 + $1.count } + 1
  }

  /// What a shard adds, part by part.
  ///
  /// - Parameter share: The shard's part of the batch.
  func parts(_ gradient: ShardGradient, share: Float) -> [[Float]] {
    precondition(
      gradient.statistics.map(\.shape) == statistics, "statistics of another network")
    var parts: [[Float]] = []
    parts.reserveCapacity(gradient.parameters.count + statistics.count + 1)
    for tensor in gradient.parameters { parts.append(tensor.scalars) }
    for tensor in gradient.statistics { parts.append(tensor.scalars.map { $0 * share }) }
    parts.append([Float(gradient.loss)])
    return parts
  }

  /// The statistics in a sum.
  func statistics(in sum: [Float]) -> [Tensor] {
    var first = gradientCount
    return statistics.map { shape in
      defer { first += shape.count }
      return Tensor(shape: shape, scalars: Array(sum[first..<first + shape.count]))
    }
  }
}
