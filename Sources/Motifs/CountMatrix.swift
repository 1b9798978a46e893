public import Genomics

/// How often A, C, G and T stand at each position of aligned sites.
public struct CountMatrix: Equatable, Sendable {
  /// One element a position: the counts of A, C, G, T.
  public let columns: [SIMD4<Float>]
  /// The number of sites that were counted.
  public let siteCount: Int

  /// - Precondition: No count is negative or infinite.
  public init(columns: [SIMD4<Float>], siteCount: Int) {
    precondition(columns.allSatisfy { $0.min() >= 0 && $0.sum().isFinite }, "a negative count")
    self.columns = columns
    self.siteCount = siteCount
  }

  /// Counts the bases of aligned sites; an unknown base counts 0.25 for each of the four.
  ///
  /// - Precondition: There is a site, and all have the same width.
  public init(sites: [EncodedSequence]) {
    precondition(!sites.isEmpty, "no site to count")
    var columns = [SIMD4<Float>](repeating: .zero, count: sites[0].count)
    for site in sites {
      precondition(site.count == columns.count, "sites of \(columns.count) and \(site.count) bases")
      for (position, code) in site.codes.enumerated() {
        columns[position] += Self.weights[Int(code)]
      }
    }
    self.init(columns: columns, siteCount: sites.count)
  }

  public var width: Int { columns.count }

  /// - Parameter pseudocount: Added to each count, so that no probability is 0; above 0.
  /// - Precondition: The matrix has a column.
  public func probabilities(pseudocount: Double = 0.25) -> ProbabilityMatrix {
    precondition(pseudocount > 0, "a pseudocount of \(pseudocount)")
    return ProbabilityMatrix(normalizing: columns.map { SIMD4<Double>($0) + pseudocount })
  }

  /// What each code adds to the counts of A, C, G, T.
  private static let weights: [SIMD4<Float>] = [
    [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0.25, 0.25, 0.25, 0.25],
  ]
}
