/// How many alleles have which p-value against background: all that false discovery rates need to know.
public struct PValueCounts: Sendable {
  /// For each number of background changes that make as large a difference, how many alleles have it.
  private var counts: [Int]

  /// - Parameter backgroundCount: The number of background changes.
  public init(backgroundCount: Int) {
    counts = [Int](repeating: 0, count: backgroundCount + 1)
  }

  /// Counts an allele.
  ///
  /// - Parameter reaching: How many background changes make as large a difference.
  public mutating func add(reaching: Int) { counts[reaching] += 1 }

  /// For each number of background changes the q-value of an allele: the least false discovery rate, over all alleles
  /// that were counted, at which it is called (Benjamini & Hochberg 1995).
  public var qValues: [Double] {
    let total = Double(counts.reduce(0, +))
    var called = Int(total)
    var values = [Double](repeating: 1, count: counts.count)
    var least = 1.0
    for reaching in counts.indices.reversed() where called > 0 {
      let pValue = Double(reaching + 1) / Double(counts.count)
      least = min(least, pValue * total / Double(called))
      values[reaching] = least
      called -= counts[reaching]
    }
    return values
  }
}
