import Genomics
import Glibc
internal import Parallel

/// Compares motifs with those of a database as Tomtom does (Gupta et al. 2007, Genome Biology 8:R24), with its
/// complete scores (Tanaka et al. 2011, Bioinformatics 27:1603).
///
/// A query is laid on both strands of each target at every offset with a common column. The score of an offset is
/// the sum over the query's columns of minus the Euclidean distance to the target's column, less the median over the
/// database; a column off the target counts 0. The best score is compared with those of targets whose columns
/// are drawn from the database: the offsets count as independent, so `p = 1 - Π (1 - p(offset))` over both strands.
public struct MotifComparer: Sendable {
  private let widths: [Int]
  private let database: DatabaseColumns

  /// The number of motifs below which p-values depend much on which motifs they are; Tomtom warns below it.
  public static let fewMotifs = 50

  /// - Parameters:
  ///   - targets: At least one.
  ///   - others: Motifs whose columns count as chance beside those of the targets.
  public init(targets: [Motif], others: [Motif] = []) {
    precondition(!targets.isEmpty, "no target")
    widths = targets.map(\.width)
    database = DatabaseColumns((targets + others).map(\.probabilities.columns))
  }

  /// The best alignment with each target, in the targets' order.
  public func matches(of query: Motif) -> [MotifMatch] {
    let scores = ColumnScores(of: query.probabilities.columns, against: database)
    let tails = SpanTails(frequencies: scores.frequencies)
    return widths.indices.map { target in
      let best = bestAlignment(of: scores, with: target)
      return MotifMatch(
        target: target, alignment: best.alignment, score: best.score,
        pValue: pValue(
          of: best.score, targetWidth: widths[target], neutral: scores.neutral,
          queryWidth: scores.width, tails: tails))
    }
  }

  /// The matches of each query.
  public func matches(of queries: [Motif], threads: Int) -> [[MotifMatch]] {
    concurrentMap(queries.count, threads: threads) { matches(of: queries[$0]) }
  }

  /// The alignment with the highest score; of equal ones that with the most common columns, the forward strand's
  /// and the leftmost.
  private func bestAlignment(of scores: ColumnScores, with target: Int) -> (
    alignment: MotifAlignment, score: Int
  ) {
    let (width, start) = (widths[target], database.starts[target])
    var best = (alignment: MotifAlignment(offset: 0, strand: .forward), score: -1, overlap: 0)
    for (columns, strand) in [(database.forward, Strand.forward), (database.reverse, .reverse)] {
      for (index, score) in sums(of: scores, at: columns[start..<start + width]).enumerated()
      where score >= best.score {
        let alignment = MotifAlignment(offset: index - scores.width + 1, strand: strand)
        let overlap = alignment.overlap(queryWidth: scores.width, targetWidth: width)
        if (score, overlap) > (best.score, best.overlap) { best = (alignment, score, overlap) }
      }
    }
    return (best.alignment, best.score)
  }

  /// The score at each offset, from the one where only the query's last column lies on the target.
  ///
  /// - Parameter target: The kinds of its columns.
  private func sums(of scores: ColumnScores, at target: ArraySlice<Int>) -> [Int] {
    var sums = [Int](
      repeating: scores.width * scores.neutral, count: target.count + scores.width - 1)
    for (column, row) in scores.rows.enumerated() {
      let first = scores.width - 1 - column
      for (position, kind) in target.enumerated() {
        sums[first + position] += Int(row[kind]) - scores.neutral
      }
    }
    return sums
  }

  /// The probability that some alignment with a target of the width scores as much or more.
  private func pValue(
    of score: Int, targetWidth: Int, neutral: Int, queryWidth: Int, tails: SpanTails
  ) -> Double {
    let logOfNone = (1 - queryWidth..<targetWidth).reduce(0.0) { sum, offset in
      let columns = max(0, -offset)..<min(queryWidth, targetWidth - offset)
      let alone = (queryWidth - columns.count) * neutral
      return sum + log1p(-tails.probability(ofSum: score - alone, columns: columns))
    }
    return -expm1(2 * logOfNone)
  }
}
