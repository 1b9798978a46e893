internal import Genomics
internal import Parallel
internal import Tensors

/// Resamples of some examples, drawn with replacement (Efron 1979): the same for every figure of the
/// same examples, so that differences are paired.
struct Bootstrap {
  static let resamples = 1000

  let count: Int
  let seed: UInt64
  let threads: Int

  /// Figures of each resample, given how often each example is in it; `nil` if there are none.
  func map(_ figures: @escaping @Sendable ([Double]) -> [Double]?) -> [[Double]] {
    let (count, seed) = (count, seed)
    return concurrentMap(Self.resamples, threads: threads) { draw -> [Double]? in
      var random = RandomStream(seed: seed, .bootstrap, draw)
      var weights = [Double](repeating: 0, count: count)
      for _ in weights { weights[random.next(below: count)] += 1 }
      return figures(weights)
    }.compactMap { $0 }
  }
}

/// The 2.5th and 97.5th percentile, interpolated between ranks.
func middle95(_ values: [Double]) -> [Double]? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  return [0.025, 0.975].map { share in
    let rank = share * Double(sorted.count - 1)
    let below = Int(rank)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (rank - Double(below)) * (sorted[above] - sorted[below])
  }
}
