internal import Layers
internal import Networks
internal import Tensors

/// The layout of what a shard adds to a phase's sum: the gradient of each trained parameter, the statistics,
/// weighted by the shard's share of the batch, the loss, and zeros.
struct StepVector: Sendable {
  let gradientCount: Int
  /// The shapes of the statistics.
  private let statistics: [Shape]
  private let lossIndex: Int
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
    lossIndex = gradients + statistics.reduce(0) { $0 + $1.count }
    count = lossIndex + 1
  }

  private init(_ vector: StepVector, count: Int) {
    (gradientCount, statistics) = (vector.gradientCount, vector.statistics)
    (lossIndex, self.count) = (vector.lossIndex, count)
  }

  /// The layout with zeros behind the loss, so that the vectors of all phases have one length.
  func padded(to count: Int) -> StepVector { StepVector(self, count: count) }

  /// What a shard adds, part by part.
  ///
  /// - Parameter share: The shard's part of the batch.
  func parts(_ gradient: ShardGradient, share: Float) -> [[Float]] {
    precondition(
      gradient.statistics.elementsEqual(statistics) { $0.shape == $1 },
      "statistics of another network")
    var parts: [[Float]] = []
    parts.reserveCapacity(gradient.parameters.count + statistics.count + 2)
    for tensor in gradient.parameters { parts.append(tensor.scalars) }
    for tensor in gradient.statistics { parts.append(tensor.scalars.map { $0 * share }) }
    parts.append([Float(gradient.loss)])
    let zeros = count - lossIndex - 1
    if zeros > 0 { parts.append([Float](repeating: 0, count: zeros)) }
    return parts
  }

  func loss(in sum: [Float]) -> Float { sum[lossIndex] }

  /// The statistics in a sum.
  func statistics(in sum: [Float]) -> [Tensor] {
    var first = gradientCount
    return statistics.map { shape in
      defer { first += shape.count }
      return Tensor(shape: shape, scalars: Array(sum[first..<first + shape.count]))
    }
  }
}
