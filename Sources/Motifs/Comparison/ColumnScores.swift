import Genomics

/// The scores of a query's columns against all columns of a database, as whole numbers.
///
/// The score of two columns is minus the Euclidean distance of their probabilities, less the median of the query's
/// column over the database (Gupta et al. 2007, Genome Biology 8:R24). Scores are moved and stretched to
/// 0…`highest`; `neutral` is a score at the median, which a column without a partner counts.
struct ColumnScores {
  /// The greatest whole number.
  static let highest = 100

  /// By query column and database column, the database's columns read forward.
  let forward: [[UInt8]]
  /// The same, the database's columns read on the other strand.
  let reverse: [[UInt8]]
  let neutral: Int
  /// By query column and score, how frequent the score is over both strands of the database.
  let frequencies: [[Double]]

  /// - Parameters:
  ///   - query: At least one column.
  ///   - database: All columns that count as chance; at least one.
  init(of query: [SIMD4<Double>], against database: [SIMD4<Double>]) {
    let forward = query.map { column in similarities(of: column, to: database) }
    // A column and the complement of another differ as the complement of the first and the other.
    let reverse = query.reverseComplement().reversed().map { similarities(of: $0, to: database) }
    let ranges = zip(forward, reverse).map { ScoreRange($0 + $1) }
    let lowest = ranges.map { $0.least - $0.median }.min()!.rounded(.down)
    let spread = max(1, ranges.map { $0.greatest - $0.median }.max()! - lowest)
    let scale = (Double(Self.highest) / spread).rounded(.down)
    func whole(_ rows: [[Double]]) -> [[UInt8]] {
      zip(rows, ranges).map { row, range in
        row.map { UInt8(($0 - range.median - lowest) * scale + 0.5) }
      }
    }
    (self.forward, self.reverse) = (whole(forward), whole(reverse))
    neutral = Int(-lowest * scale)
    frequencies = zip(self.forward, self.reverse).map { scoreFrequencies($0, $1) }
  }

  var width: Int { forward.count }
}

/// Minus the Euclidean distance of a column to each of many.
private func similarities(of column: SIMD4<Double>, to others: [SIMD4<Double>]) -> [Double] {
  others.map { other in
    let difference = column - other
    return -(difference * difference).sum().squareRoot()
  }
}

private func scoreFrequencies(_ rows: [UInt8]...) -> [Double] {
  var counts = [Int](repeating: 0, count: ColumnScores.highest + 1)
  for row in rows {
    for score in row { counts[Int(score)] += 1 }
  }
  let total = Double(rows.reduce(0) { $0 + $1.count })
  return counts.map { Double($0) / total }
}

/// The least, the middle and the greatest of some numbers.
private struct ScoreRange {
  let least: Double
  let greatest: Double
  /// The lower one of the two in the middle if their number is even.
  let median: Double

  /// The bins among which numbers are told apart before the few in the middle one are sorted.
  private static let bins = 1024

  init(_ numbers: [Double]) {
    let (least, greatest) = (numbers.min()!, numbers.max()!)
    let scale = greatest > least ? Double(Self.bins - 1) / (greatest - least) : 0
    func bin(_ number: Double) -> Int { Int((number - least) * scale) }
    var counts = [Int](repeating: 0, count: Self.bins)
    for number in numbers { counts[bin(number)] += 1 }
    var (middle, rank) = (0, (numbers.count - 1) / 2)
    while rank >= counts[middle] {
      rank -= counts[middle]
      middle += 1
    }
    median = numbers.filter { bin($0) == middle }.sorted()[rank]
    (self.least, self.greatest) = (least, greatest)
  }
}
