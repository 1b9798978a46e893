public import Genomics
public import Motifs
internal import Parallel

/// On which strand and side of a motif's site another motif's site stands.
public enum SpacingQuadrant: String, CaseIterable, Sendable {
  case sameDownstream = "same strand, downstream"
  case sameUpstream = "same strand, upstream"
  case oppositeDownstream = "opposite strand, downstream"
  case oppositeUpstream = "opposite strand, upstream"
}

/// A distance at which the sites of two motifs stand more often than at others (SpaMo; Whitington et al. 2011, Nucleic Acids
/// Res. 39:e98).
public struct MotifSpacing: Equatable, Sendable {
  /// The motifs' indices: the one that distances are counted from, and the other.
  public let primary, secondary: Int
  public let quadrant: SpacingQuadrant
  /// The bases between the sites.
  public let gap: Int
  /// The pairs at this gap, and those of all quadrants and gaps.
  public let count, pairs: Int
  /// Of the binomial test: the chance of so many pairs at a gap if all are as likely.
  public let pValue: Double
  /// The number of gaps, of all pairs of motifs, at which chance alone gives as low a p-value.
  public internal(set) var eValue: Double = 1
}

/// Finds the distances that the sites of two motifs keep.
///
/// Of each sequence the best site of each motif counts, if both stand apart and within `reach` bases. All gaps of all four
/// quadrants that fit into the sequence on the primary site's sides are as likely under the null hypothesis.
///
/// - Parameters:
///   - tables: Of the motifs.
///   - sequences: At least one.
///   - reach: The largest gap.
/// - Returns: The best gap of each ordered pair of motifs with a pair of sites, from the least p-value up. The E-value counts
///   all gaps that were tried.
public func motifSpacings(
  of tables: [PValueTable], in sequences: [EncodedSequence], reach: Int, threads: Int
) -> [MotifSpacing] {
  let scanner = MotifScanner(tables, bothStrands: true)
  let size = 64
  let sites = concurrentMap(sequences.count.dividedRoundingUp(by: size), threads: threads) {
    sequences[$0 * size..<min(($0 + 1) * size, sequences.count)].map {
      bestSites(in: $0.codes, by: scanner, tables)
    }
  }.flatMap { $0 }
  return motifSpacings(
    of: sites, widths: tables.map(\.width), lengths: sequences.map(\.count), reach: reach,
    threads: threads)
}

/// Finds the distances that the sites of two motifs keep.
///
/// - Parameters:
///   - sites: For each sequence at most one of each motif, by the motif's number.
///   - widths: Of the motifs.
///   - lengths: Of the sequences.
///   - reach: The largest gap.
/// - Returns: As for motifs whose sites are looked for.
package func motifSpacings(
  of sites: [[Int: OrientedSite]], widths: [Int], lengths: [Int], reach: Int, threads: Int
) -> [MotifSpacing] {
  let pairs = widths.indices.flatMap { first in
    widths.indices.filter { $0 != first }.map { (first, $0) }
  }
  let found = concurrentMap(pairs.count, threads: threads) { index -> MotifSpacing? in
    spacing(of: pairs[index], sites, widths: widths, lengths: lengths, reach: reach)
  }.compactMap(\.self)
  let tests = Double(found.count * SpacingQuadrant.allCases.count * (reach + 1))
  return found.map { spacing in
    var spacing = spacing
    spacing.eValue = spacing.pValue * tests
    return spacing
  }.sorted {
    ($0.pValue, $0.primary, $0.secondary) < ($1.pValue, $1.primary, $1.secondary)
  }
}

/// A motif's best site in a sequence.
package struct OrientedSite: Sendable {
  let place: Range<Int>
  let strand: Strand

  package init(place: Range<Int>, strand: Strand) { (self.place, self.strand) = (place, strand) }
}

private func bestSites(in codes: [UInt8], by scanner: MotifScanner, _ tables: [PValueTable])
  -> [Int: OrientedSite]
{
  var best: [Int: MotifHit] = [:]
  let count = min(codes.count, 1 << 16)
  for hit in scanner.hits(in: codes, count: count, start: 0)
  where hit.score > best[hit.motif]?.score ?? .min {
    best[hit.motif] = hit
  }
  return best.mapValues {
    OrientedSite(place: $0.start..<$0.start + tables[$0.motif].width, strand: $0.strand)
  }
}

private func spacing(
  of pair: (Int, Int), _ sites: [[Int: OrientedSite]], widths: [Int], lengths: [Int], reach: Int
) -> MotifSpacing? {
  var counts = [Int](repeating: 0, count: SpacingQuadrant.allCases.count * (reach + 1))
  var (total, chance) = (0, 0.0)
  for (own, length) in zip(sites, lengths) {
    guard let first = own[pair.0], let second = own[pair.1] else { continue }
    let isAfter = second.place.lowerBound >= first.place.upperBound
    let gap =
      isAfter
      ? second.place.lowerBound - first.place.upperBound
      : first.place.lowerBound - second.place.upperBound
    guard gap >= 0, gap <= reach else { continue }
    let isDownstream = isAfter == (first.strand == .forward)
    let isSame = first.strand == second.strand
    let quadrant = (isSame ? 0 : 2) + (isDownstream ? 0 : 1)
    counts[quadrant * (reach + 1) + gap] += 1
    total += 1
    // The gaps at which the other site would fit, on either strand.
    let width = widths[pair.1]
    let room = [first.place.lowerBound, length - first.place.upperBound].map {
      max(0, min(reach, $0 - width) + 1)
    }
    chance += 1 / Double(max(1, 2 * (room[0] + room[1])))
  }
  guard total > 0 else { return nil }
  let best = counts.indices.max { (counts[$0], -$0) < (counts[$1], -$1) }!
  let (quadrant, gap) = best.quotientAndRemainder(dividingBy: reach + 1)
  return MotifSpacing(
    primary: pair.0, secondary: pair.1, quadrant: SpacingQuadrant.allCases[quadrant], gap: gap,
    count: counts[best], pairs: total,
    pValue: binomialTail(
      counts[best], of: total, probability: min(0.999, chance / Double(total))))
}
