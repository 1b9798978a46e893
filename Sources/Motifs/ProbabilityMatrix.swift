import Glibc

/// How probable A, C, G and T are at each position of a site.
public struct ProbabilityMatrix: Equatable, Sendable {
  /// One element a position: the probabilities of A, C, G, T, which sum to 1. Never empty.
  public let columns: [SIMD4<Double>]

  /// How far from 1 the probabilities of one position may sum in the input, as in MEME Suite.
  static let sumTolerance: Double = 0.1

  /// - Returns: `nil` if there is no column, or where one holds something negative or doesn't
  ///   sum to 1 within `sumTolerance`; the columns that are accepted are scaled to sum to 1.
  public init?(columns: [SIMD4<Double>]) {
    guard !columns.isEmpty, columns.allSatisfy(Self.accepts) else { return nil }
    self.init(normalizing: columns)
  }

  /// - Precondition: There is a column, and each has a sum above 0.
  init(normalizing columns: [SIMD4<Double>]) {
    precondition(!columns.isEmpty, "a matrix without a column")
    self.columns = columns.map { $0 / $0.sum() }
  }

  static func accepts(_ column: SIMD4<Double>) -> Bool {
    // Sums of decimals are off by a few roundings.
    column.min() >= 0 && abs(column.sum() - 1) <= sumTolerance + 1e-9
  }

  public var width: Int { columns.count }

  /// The matrix of the other strand's sites.
  public var reverseComplement: ProbabilityMatrix {
    ProbabilityMatrix(normalizing: columns.reverseComplement())
  }

  /// The information of each position: its relative entropy to the background, `Σ p log2 (p / b)`
  /// (Stormo 2000, Bioinformatics 16:16). It is `2 + Σ p log2 p` on the uniform background, with no
  /// correction for few sites.
  package func informationInBits(background: Background = .uniform) -> [Double] {
    informationTerms(background: background).map { $0.sum() }
  }

  /// What A, C, G and T add to the information of each position: `p log2 (p / b)`, 0 if `p` is.
  func informationTerms(background: Background) -> [SIMD4<Double>] {
    columns.map { column in
      SIMD4(
        column.indices.map { base in
          let probability = column[base]
          return probability > 0
            ? probability * log2(probability / background.frequencies[base]) : 0
        })
    }
  }

  /// Cuts off the positions at either end that hold less than `bits` of information; positions
  /// between two informative ones stay.
  ///
  /// - Returns: `nil` if no position holds that much.
  public func trimmed(toInformation bits: Double, background: Background = .uniform)
    -> ProbabilityMatrix?
  {
    let information = informationInBits(background: background)
    guard let first = information.firstIndex(where: { $0 >= bits }),
      let last = information.lastIndex(where: { $0 >= bits })
    else { return nil }
    return ProbabilityMatrix(normalizing: Array(columns[first...last]))
  }

  /// Mixes in the background as `(n p + s b) / (n + s)`, as MEME Suite does before it scores, so
  /// that no probability is 0.
  ///
  /// - Parameters:
  ///   - siteCount: `n`, the number of sites that the matrix was made of; at least 0.
  ///   - pseudocount: `s`, the weight of the background in sites; above 0.
  public func smoothed(
    toward background: Background = .uniform, siteCount: Int, pseudocount: Double
  ) -> ProbabilityMatrix {
    precondition(siteCount >= 0 && pseudocount > 0, "\(pseudocount) on \(siteCount) sites")
    return ProbabilityMatrix(
      normalizing: columns.map { $0 * Double(siteCount) + background.frequencies * pseudocount })
  }

  /// `log2 (p / b)`; a probability of 0 gives -∞, which `smoothed` avoids.
  public func logOdds(background: Background = .uniform) -> LogOddsMatrix {
    LogOddsMatrix(columns: logOddsColumns(background: background).map { SIMD4<Float>($0) })
  }

  /// The log-odds of A, C, G, T at each position.
  func logOddsColumns(background: Background) -> [SIMD4<Double>] {
    columns.map { column in
      let odds = column / background.frequencies
      return SIMD4(log2(odds[0]), log2(odds[1]), log2(odds[2]), log2(odds[3]))
    }
  }
}

extension Array {
  /// The columns from last to first, A and T as well as C and G exchanged.
  package func reverseComplement<Number>() -> [SIMD4<Number>] where Element == SIMD4<Number> {
    reversed().map { SIMD4($0[3], $0[2], $0[1], $0[0]) }
  }
}
