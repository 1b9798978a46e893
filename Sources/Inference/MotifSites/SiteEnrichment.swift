public import Genomics
public import Motifs
internal import Parallel

/// How a motif's sites in some sequences compare with those in others, and where in the sequences they lie.
public struct SiteEnrichment: Equatable, Sendable {
  /// The motif's index.
  public let motif: Int
  /// The number of sequences, and of those with a site.
  public let sequences, withSite: Int
  /// The same of the sequences for comparison.
  public let controls, controlsWithSite: Int
  /// The one-sided p-value of Fisher's exact test: chance alone gives as many of the sequences with a site.
  public let pValue: Double
  /// Where the best sites lie; `nil` if the sequences differ in length or none has a site.
  public let centrality: SiteCentrality?

  /// How many times as frequent sites are as in the sequences for comparison, with half a sequence added to
  /// every count so that it is finite.
  public var ratio: Double {
    (Double(withSite) + 0.5) / (Double(sequences) + 1)
      / ((Double(controlsWithSite) + 0.5) / (Double(controls) + 1))
  }
}

/// Finds out which motifs are enriched in sequences.
///
/// A site is a window, on either strand, whose log-odds have a p-value below the limit of the motif's table. A
/// sequence counts once, however many sites it has.
///
/// - Parameters:
///   - tables: Of the motifs.
///   - sequences: At least one.
///   - controls: Sequences for comparison, at least one.
/// - Returns: One for each motif, in their order.
public func siteEnrichments(
  of tables: [PValueTable], in sequences: [EncodedSequence], against controls: [EncodedSequence],
  threads: Int
) -> [SiteEnrichment] {
  let scanner = MotifScanner(tables, bothStrands: true)
  let sites = BestSites(in: sequences, by: scanner, motifs: tables.count, threads: threads)
  let controlSites = BestSites(in: controls, by: scanner, motifs: tables.count, threads: threads)
  let lengths = Set(sequences.map(\.count))
  return concurrentMap(tables.count, threads: threads) { motif in
    let (found, others) = (sites.starts[motif], controlSites.starts[motif])
    return SiteEnrichment(
      motif: motif, sequences: sequences.count, withSite: found.count, controls: controls.count,
      controlsWithSite: others.count,
      pValue: fisherExact(
        found.count, of: sequences.count, against: others.count, of: controls.count),
      centrality: lengths.count == 1
        ? SiteCentrality(starts: found, positions: lengths.first! - tables[motif].width + 1) : nil)
  }
}

/// The best site of each motif in each sequence that has one.
private struct BestSites {
  /// By motif: where the best sites begin, in the order of the sequences.
  private(set) var starts: [[Int]]

  private static let sequencesPerShard = 64
  private static let stretch = 1 << 15

  init(in sequences: [EncodedSequence], by scanner: MotifScanner, motifs: Int, threads: Int) {
    let size = Self.sequencesPerShard
    let shards = concurrentMap(sequences.count.dividedRoundingUp(by: size), threads: threads) {
      sequences[$0 * size..<min(($0 + 1) * size, sequences.count)].map { sequence in
        Self.bestHits(in: sequence.codes, by: scanner)
      }
    }
    starts = [[Int]](repeating: [], count: motifs)
    for hit in shards.joined().joined() { starts[hit.motif].append(hit.start) }
  }

  /// The best hit of each motif that has one; of equal ones the first.
  private static func bestHits(in codes: [UInt8], by scanner: MotifScanner) -> [MotifHit] {
    var best: [Int: MotifHit] = [:]
    for start in stride(from: 0, to: codes.count, by: stretch) {
      let count = min(stretch, codes.count - start)
      let end = min(codes.count, start + count + scanner.width - 1)
      for hit in scanner.hits(in: Array(codes[start..<end]), count: count, start: start)
      where hit.score > best[hit.motif]?.score ?? .min {
        best[hit.motif] = hit
      }
    }
    return best.values.sorted { $0.motif < $1.motif }
  }
}

/// An enrichment with what corrects for the number of motifs.
public struct RankedEnrichment: Equatable, Sendable {
  public let enrichment: SiteEnrichment
  /// The number of motifs that chance alone would make as enriched: the p-value times the number of motifs.
  public let eValue: Double
  /// The false discovery rate if the motif and all that are more enriched are called.
  public let qValue: Double
  /// The same as `eValue` of the centrality.
  public let centralEValue: Double?
}

extension [SiteEnrichment] {
  /// From the most significant down, equal ones by motif. The array holds one for each motif.
  public var ranked: [RankedEnrichment] {
    let sorted = sorted { ($0.pValue, $0.motif) < ($1.pValue, $1.motif) }
    return zip(sorted, falseDiscoveryRates(ofSorted: sorted.map(\.pValue))).map { found, qValue in
      RankedEnrichment(
        enrichment: found, eValue: found.pValue * Double(count), qValue: qValue,
        centralEValue: found.centrality.map { $0.pValue * Double(count) })
    }
  }
}
