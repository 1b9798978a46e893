/// The distribution of a model's output on background sequence, for p-values.
public struct ScoreDistribution: Codable, Equatable, Sendable {
  /// The number of background windows that were scored.
  public let sampleCount: Int
  /// Their outputs at evenly spaced ranks, ascending, the smallest and the largest included.
  public let quantiles: [Float]
  /// The largest outputs one by one, ascending: the upper tail.
  public let tail: [Float]

  private static let quantileCount = 101
  private static let tailCount = 200

  /// - Precondition: There are scores.
  public init(scores: [Float]) {
    precondition(!scores.isEmpty, "a distribution of no scores")
    let sorted = scores.sorted()
    let last = sorted.count - 1
    sampleCount = sorted.count
    quantiles = (0..<Self.quantileCount).map { sorted[$0 * last / (Self.quantileCount - 1)] }
    tail = Array(sorted.suffix(Self.tailCount))
  }

  /// Whether the numbers can be a distribution; a file might say anything.
  var isSound: Bool {
    sampleCount >= tail.count && !tail.isEmpty && quantiles.count >= 2
      && quantiles.last == tail.last && (quantiles + tail).allSatisfy(\.isFinite)
      && zip(quantiles, quantiles.dropFirst()).allSatisfy { $0 <= $1 }
      && zip(tail, tail.dropFirst()).allSatisfy { $0 <= $1 }
  }

  /// The chance that a background window scores `score` or more.
  ///
  /// Counted as `(r + 1) / (n + 1)`, where `r` of `n` background windows do (Davison & Hinkley
  /// 1997, eq. 4.11), so that it is never 0. Where equal scores may reach
  /// below the tail, and there, `r` is interpolated between quantiles.
  public func pValue(of score: Float) -> Double {
    let exceeding: Double
    if score > tail[0] {
      exceeding = Double(tail.count - tail.partitioningIndex { $0 >= score })
    } else if score <= quantiles[0] {
      exceeding = Double(sampleCount)
    } else {
      let above = quantiles.partitioningIndex { $0 >= score }
      let (low, high) = (quantiles[above - 1], quantiles[above])
      let share = Double(above - 1) + Double((score - low) / (high - low))
      exceeding = max(
        Double(tail.count), Double(sampleCount) * (1 - share / Double(quantiles.count - 1)))
    }
    return (exceeding + 1) / (Double(sampleCount) + 1)
  }
}

extension [Float] {
  /// The first index whose element fulfils a condition that all later ones fulfil too; the count
  /// where none does.
  fileprivate func partitioningIndex(where belongs: (Float) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
