/// The scores of a motif as whole numbers, and the p-values of the high ones: as FIMO has them (Grant,
/// Bailey & Noble 2011, Bioinformatics 27:1017), number for number.
///
/// Log-odds in bits are moved and stretched to 0…1000 and rounded. A p-value is the probability that
/// a window of background, whose bases are independent, scores as much or more; the distribution of
/// the sum is exact (Staden 1989, CABIOS 5:89).
public struct PValueTable: Sendable {
  /// What A, C, G and T score at each position.
  public let scores: [SIMD4<Int32>]
  /// The least score whose p-value is below the table's limit; above `highest` if none is.
  public let threshold: Int
  private let scale: Double
  /// The log-odds that score 0, a whole number of bits.
  private let offset: Double
  /// Those of `threshold` to `highest`.
  private let pValues: [Double]

  /// The largest score of a base.
  private static let range = 1000.0

  /// - Parameters:
  ///   - limit: Scores with a p-value below it are kept.
  ///   - pseudocount: The weight of the background in the motif, in sites; above 0.
  public init(
    _ motif: Motif, background: Background = .uniform, below limit: Double,
    pseudocount: Double = 0.1
  ) {
    let logOdds = motif.smoothed(toward: background, pseudocount: pseudocount)
      .logOddsColumns(background: background)
    let (lowest, highest) = (logOdds.map { $0.min() }.min()!, logOdds.map { $0.max() }.max()!)
    // A motif that says nothing scores the same everywhere.
    let offset = (lowest < highest ? lowest : highest - 1).rounded(.down)
    let scale = (Self.range / (highest - offset)).rounded(.down)
    let scores = logOdds.map { column in
      SIMD4<Int32>(((column - offset) * scale).rounded(.toNearestOrAwayFromZero))
    }
    let tail = upperTail(of: scores, frequencies: background.frequencies)
    threshold = tail.firstIndex { $0 < limit } ?? tail.count
    pValues = Array(tail[threshold...])
    (self.offset, self.scale, self.scores) = (offset, scale, scores)
  }

  public var width: Int { scores.count }

  /// The highest score that there is.
  public var highest: Int { threshold + pValues.count - 1 }

  /// - Precondition: `threshold <= score <= highest`.
  public func pValue(of score: Int) -> Double { pValues[score - threshold] }

  /// A score as log-odds.
  public func bits(of score: Int) -> Double { Double(score) / scale + Double(width) * offset }
}

/// The probability of each score or a higher one, from 0 to the highest.
private func upperTail(of scores: [SIMD4<Int32>], frequencies: SIMD4<Double>) -> [Double] {
  var tail = [1.0]
  for column in scores {
    var next = [Double](repeating: 0, count: tail.count + Int(column.max()))
    for base in column.indices {
      let (shift, frequency) = (Int(column[base]), frequencies[base])
      for score in tail.indices { next[score + shift] += tail[score] * frequency }
    }
    tail = next
  }
  for score in tail.indices.dropLast().reversed() {
    tail[score] = min(1, tail[score] + tail[score + 1])
  }
  return tail
}
