public import Genomics
import Glibc

/// Motifs that are alike, laid on one another.
public struct MotifCluster: Sendable {
  public struct Member: Equatable, Sendable {
    /// The motif's index.
    public let motif: Int
    /// The number of columns of the average before the member's first column; negative if the member begins
    /// before the average.
    public let start: Int
    /// The strand of the member that lies on the average.
    public let strand: Strand
    /// Of the comparison of the member with the centre; 0 for the centre itself.
    public let pValue: Double
  }

  /// The member that the others are laid on: the one that is most like them.
  public let centre: Int
  /// In the order of the motifs.
  public let members: [Member]
  /// The mean of the members' probabilities, column by column, each member with the same weight. Columns at the ends
  /// that fewer than half of the members have are cut off. Its sites are those of all members, if all tell.
  public let average: Motif
}

/// Groups motifs so that every two of a cluster are alike: the p-values of their comparison, in both directions, are
/// `limit` at most. The result depends on the motifs and their order alone.
///
/// - Parameters:
///   - limit: The greatest p-value; above 0.
///   - others: Motifs whose columns count as chance beside those of `motifs`.
/// - Returns: The largest cluster first; those of a size by their first motif. Their averages are named `cluster1` and
///   so on, with the centre's name as second name.
public func clustered(
  _ motifs: [Motif], pValue limit: Double, others: [Motif] = [], threads: Int
) -> [MotifCluster] {
  guard !motifs.isEmpty else { return [] }
  let matches = MotifComparer(targets: motifs, others: others).matches(of: motifs, threads: threads)
  let distances = motifs.indices.map { first in
    motifs.indices.map { max(matches[first][$0].pValue, matches[$0][first].pValue) }
  }
  var linkage = CompleteLinkage(distances)
  let groups = linkage.groups(within: limit)
  return groups.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }.enumerated().map { index, group in
    let logs = group.map { member in
      group.reduce(0.0) { $0 + log10(max(distances[member][$1], .leastNormalMagnitude)) }
    }
    let centre = group[logs.indices.min { logs[$0] < logs[$1] }!]
    return MotifCluster(
      named: "cluster\(index + 1)", of: group, around: centre, motifs: motifs,
      matches: group.map { matches[$0][centre] })
  }
}

extension MotifCluster {
  /// - Parameter matches: Of each member as query with the centre as target.
  fileprivate init(
    named name: String, of group: [Int], around centre: Int, motifs: [Motif],
    matches: [MotifMatch]
  ) {
    let width = motifs[centre].width
    let placed = zip(group, matches).map { motif, match in
      Member(
        motif: motif,
        start: motif == centre
          ? 0
          : match.alignment.start(queryWidth: motifs[motif].width, targetWidth: width),
        strand: motif == centre ? .forward : match.alignment.strand,
        pValue: motif == centre ? 0 : match.pValue)
    }
    let average = AveragedColumns(
      placed.map { member in
        let matrix = motifs[member.motif].probabilities
        return (member.start, member.strand == .forward ? matrix : matrix.reverseComplement)
      })
    let siteCounts = group.compactMap { motifs[$0].siteCount }
    self.centre = centre
    members = placed.map {
      Member(motif: $0.motif, start: $0.start - average.first, strand: $0.strand, pValue: $0.pValue)
    }
    self.average = Motif(
      name: name, alternateName: motifs[centre].alternateName ?? motifs[centre].name,
      probabilities: ProbabilityMatrix(normalizing: average.columns),
      siteCount: siteCounts.count == group.count ? siteCounts.reduce(0, +) : nil)
  }
}

/// The mean of matrices that lie on one another.
private struct AveragedColumns {
  /// The place of the first column.
  let first: Int
  let columns: [SIMD4<Double>]

  /// - Parameter matrices: Each with the place of its first column.
  init(_ matrices: [(start: Int, matrix: ProbabilityMatrix)]) {
    let begin = matrices.map(\.start).min()!
    let end = matrices.map { $0.start + $0.matrix.width }.max()!
    var sums = [SIMD4<Double>](repeating: .zero, count: end - begin)
    var counts = [Int](repeating: 0, count: end - begin)
    for (start, matrix) in matrices {
      for (position, column) in matrix.columns.enumerated() {
        sums[start - begin + position] += column
        counts[start - begin + position] += 1
      }
    }
    let least = min(matrices.count.dividedRoundingUp(by: 2), counts.max()!)
    let kept =
      counts.firstIndex { $0 >= least }!...counts.lastIndex { $0 >= least }!
    first = begin + kept.lowerBound
    columns = kept.map { sums[$0] / Double(counts[$0]) }
  }
}
