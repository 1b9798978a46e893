/// How a query motif lies on a target motif where they are most alike, and how likely chance is to do as well.
public struct MotifMatch: Equatable, Sendable {
  /// The target's index.
  public let target: Int
  public let alignment: MotifAlignment
  /// The score of the alignment, in the whole numbers of the query's `ColumnScores`.
  public let score: Int
  /// The probability that a target of the same width, made of columns drawn from the database, aligns as well
  /// somewhere on either strand.
  public let pValue: Double

  package init(target: Int, alignment: MotifAlignment, score: Int, pValue: Double) {
    self.target = target
    self.alignment = alignment
    self.score = score
    self.pValue = pValue
  }
}

/// A match with what corrects for the number of targets.
public struct RankedMatch: Equatable, Sendable {
  public let match: MotifMatch
  /// The number of targets that chance alone would match as well: the p-value times the number of targets.
  public let eValue: Double
  /// The least false discovery rate, among the targets of the query, at which the match is called.
  public let qValue: Double
}

extension [MotifMatch] {
  /// The matches of one query from the most significant down, those that are equal by target, with E-values and
  /// q-values (Benjamini & Hochberg 1995). The array holds a match for each target.
  public var ranked: [RankedMatch] {
    let sorted = sorted { ($0.pValue, $0.target) < ($1.pValue, $1.target) }
    return zip(sorted, falseDiscoveryRates(ofSorted: sorted.map(\.pValue))).map { match, qValue in
      RankedMatch(match: match, eValue: match.pValue * Double(count), qValue: qValue)
    }
  }
}

/// The q-values of all tests of a family: the least `p n / rank` at the same rank or a later one (Benjamini &
/// Hochberg 1995, J. R. Stat. Soc. B 57:289).
///
/// - Parameter pValues: From the least up.
package func falseDiscoveryRates(ofSorted pValues: [Double]) -> [Double] {
  var rates = pValues
  var least = 1.0
  for index in pValues.indices.reversed() {
    least = min(least, pValues[index] * Double(pValues.count) / Double(index + 1))
    rates[index] = least
  }
  return rates
}
