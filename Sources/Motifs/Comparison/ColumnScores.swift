import Genomics

/// The scores of a query's columns against the distinct columns of a database, as whole numbers.
///
/// The score of two columns is minus the Euclidean distance of their probabilities, less the median of the query's
/// column over the database (Gupta et al. 2007, Genome Biology 8:R24). Scores are moved and stretched to
/// 0…`highest`; `neutral` is a score at the median, which a column without a partner counts.
struct ColumnScores {
  /// The greatest whole number.
  static let highest = 100

  /// By query column and distinct column.
  let rows: [[UInt8]]
  let neutral: Int
  /// By query column and score, how frequent the score is over both strands of the database.
  let frequencies: [[Double]]

  /// - Parameter query: At least one column.
  init(of query: [SIMD4<Double>], against database: DatabaseColumns) {
    let similarities = query.map { column in
      database.distinct.map { other in
        let difference = column - other
        return -(difference * difference).sum().squareRoot()
      }
    }
    let ranges = similarities.map { ScoreRange($0, counts: database.counts) }
    let lowest = ranges.map { $0.least - $0.median }.min()!.rounded(.down)
    let spread = max(1, ranges.map { $0.greatest - $0.median }.max()! - lowest)
    let scale = (Double(Self.highest) / spread).rounded(.down)
    rows = zip(similarities, ranges).map { row, range in
      row.map { UInt8(($0 - range.median - lowest) * scale + 0.5) }
    }
    neutral = Int(-lowest * scale)
    frequencies = rows.map { scoreFrequencies($0, counts: database.counts) }
  }

  var width: Int { rows.count }
}

private func scoreFrequencies(_ row: [UInt8], counts: [Int]) -> [Double] {
  var sums = [Int](repeating: 0, count: ColumnScores.highest + 1)
  for (score, count) in zip(row, counts) { sums[Int(score)] += count }
  let total = Double(counts.reduce(0, +))
  return sums.map { Double($0) / total }
}

/// The least, the middle and the greatest of some numbers.
private struct ScoreRange {
  let least: Double
  let greatest: Double
  /// The mean of the numbers in the bin of the middle one, as in memelite's `tomtom`.
  let median: Double

  private static let bins = 1000

  /// - Parameter counts: How often each number counts.
  init(_ numbers: [Double], counts: [Int]) {
    let (least, greatest) = (numbers.min()!, numbers.max()!)
    let range = greatest > least ? greatest - least : 1
    var bins = [(count: Int, sum: Double)](repeating: (0, 0), count: Self.bins)
    for (number, count) in zip(numbers, counts) {
      let bin = Int((number - least) / range * Double(Self.bins - 1))
      bins[bin].count += count
      bins[bin].sum += Double(count) * number
    }
    let half = Double(counts.reduce(0, +)) / 2
    var (middle, below) = (0, bins[0].count)
    while Double(below) < half {
      middle += 1
      below += bins[middle].count
    }
    median = bins[middle].sum / Double(bins[middle].count)
    (self.least, self.greatest) = (least, greatest)
  }
}
