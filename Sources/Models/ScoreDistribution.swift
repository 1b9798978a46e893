import Genomics
import Glibc

/// What background sequence is made of by shuffling.
public enum BackgroundOrigin: String, Codable, Sendable {
  /// Windows of a genome.
  case genome
  /// Sequences that were trained on.
  case sequences
}

/// The distribution of a model's output on background sequence, for p-values.
public struct ScoreDistribution: Codable, Equatable, Sendable {
  /// `nil` in the files of earlier versions.
  public let origin: BackgroundOrigin?
  /// The number of background windows that were scored.
  public let sampleCount: Int
  /// Their outputs at evenly spaced ranks, ascending, the smallest and the largest included.
  public let quantiles: [Float]
  /// The largest outputs one by one, ascending: the upper tail.
  public let tail: [Float]
  /// Outputs too rare to be counted in the sample, ascending, found by sampling towards them; `nil`
  /// in the files of earlier versions.
  public let rare: [RareScore]?

  private static let quantileCount = 101
  private static let tailCount = 200

  /// - Parameter rare: Scores ascending, chances descending.
  /// - Precondition: There are scores.
  public init(scores: [Float], rare: [RareScore]? = nil, origin: BackgroundOrigin? = nil) {
    precondition(!scores.isEmpty, "a distribution of no scores")
    self.origin = origin
    let sorted = scores.sorted()
    let last = sorted.count - 1
    sampleCount = sorted.count
    quantiles = (0..<Self.quantileCount).map { sorted[$0 * last / (Self.quantileCount - 1)] }
    tail = Array(sorted.suffix(Self.tailCount))
    self.rare = rare
  }

  private init(
    origin: BackgroundOrigin?, sampleCount: Int, quantiles: [Float], tail: [Float],
    rare: [RareScore]?
  ) {
    (self.origin, self.sampleCount) = (origin, sampleCount)
    (self.quantiles, self.tail, self.rare) = (quantiles, tail, rare)
  }

  /// The distribution of scores that are higher by a number.
  func shifted(by shift: Float) -> ScoreDistribution {
    ScoreDistribution(
      origin: origin, sampleCount: sampleCount, quantiles: quantiles.map { $0 + shift },
      tail: tail.map { $0 + shift },
      rare: rare?.map { RareScore(score: $0.score + shift, chance: $0.chance) })
  }

  /// Whether the numbers can be a distribution; a file might say anything.
  var isSound: Bool {
    sampleCount >= tail.count && !tail.isEmpty && quantiles.count >= 2
      && quantiles.last == tail.last && (quantiles + tail).allSatisfy(\.isFinite)
      && zip(quantiles, quantiles.dropFirst()).allSatisfy { $0 <= $1 }
      && zip(tail, tail.dropFirst()).allSatisfy { $0 <= $1 } && isRareSound
  }

  private var isRareSound: Bool {
    guard let rare else { return true }
    return rare.allSatisfy { $0.score.isFinite && $0.chance > 0 && $0.chance <= 1 }
      && zip(rare, rare.dropFirst()).allSatisfy { $0.score < $1.score && $0.chance > $1.chance }
  }

  /// The chance that a background window scores `score` or more.
  ///
  /// Among the rare scores its logarithm is interpolated; above them all it is that of the rarest, so
  /// never too small. Below them it is that of the sample.
  public func pValue(of score: Float) -> Double {
    guard let rare, let first = rare.first, let last = rare.last else { return share(of: score) }
    guard score > first.score else { return max(first.chance, share(of: score)) }
    guard score < last.score else { return last.chance }
    let above = rare.partitioningIndex { $0.score >= score }
    let (low, high) = (rare[above - 1], rare[above])
    let position = Double((score - low.score) / (high.score - low.score))
    return low.chance * exp(position * log(high.chance / low.chance))
  }

  /// The least score whose p-value is at most `pValue`; `nil` if no score's is.
  public func leastScore(ofPValue pValue: Double) -> Float? {
    guard self.pValue(of: .infinity) <= pValue else { return nil }
    let ranks = (-Float.greatestFiniteMagnitude).rank..<Float.infinity.rank
    return Float(rank: ranks.partitioningIndex { self.pValue(of: Float(rank: $0)) <= pValue })
  }

  /// The share of the sample that scores `score` or more.
  ///
  /// Counted as `(r + 1) / (n + 1)`, where `r` of `n` background windows do (Davison & Hinkley
  /// 1997, eq. 4.11), so that it is never 0. Where equal scores may reach
  /// below the tail, and there, `r` is interpolated between quantiles.
  private func share(of score: Float) -> Double {
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

/// A score, and the chance that a background window reaches it.
public struct RareScore: Codable, Equatable, Sendable {
  public let score: Float
  public let chance: Double

  public init(score: Float, chance: Double) {
    self.score = score
    self.chance = chance
  }
}

extension Float {
  /// A whole number that is ordered as floats are.
  fileprivate var rank: Int {
    let magnitude = Int(bitPattern & 0x7fff_ffff)
    return sign == .minus ? -magnitude : magnitude
  }

  fileprivate init(rank: Int) {
    let magnitude = Float(bitPattern: UInt32(rank.magnitude))
    self = rank < 0 ? -magnitude : magnitude
  }
}
