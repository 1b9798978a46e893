public import Genomics

/// What decides which patterns are found.
public struct DiscoveryConfiguration: Sendable {
  /// The bases whose contributions are summed to find seqlets.
  public var seqletWidth = 9
  /// The share of windows above the threshold that shuffles would have too.
  public var falseDiscoveryRate = 0.1
  /// The least cosine of a seqlet's contributions and those of its pattern.
  public var leastSimilarity: Float = 0.7
  /// The cosine from which on two patterns are one.
  public var mostAlike: Float = 0.7
  /// The p-value of `MotifComparer` from which down a motif repeats one that contributes more, or a part of it.
  public var repeatPValue = 1e-3
  /// The mutual information, in bits, of two positions' bases from which on a pattern is two.
  public var leastDependence = 0.3
  /// The least cosine of a seqlet's contributions and those of its sub-pattern; `nil` if sub-patterns aren't looked for.
  public var subpatternSimilarity: Float?
  /// The cosine by which `motifs discover` tells sub-patterns.
  public static let closeSimilarity: Float = 0.85
  /// The least seqlets of a pattern.
  public var leastSites = 20
  /// The share of hits of a motif that shuffles may have too, of hits that become its sites.
  public var falseSites = 0.5
  /// The most patterns of one sign.
  public var mostPatterns = 50
  /// Positions outside of the outermost ones that contribute this share of the highest are cut off.
  var leastHeight: Float = 0.15
  /// The positions on either side of a seqlet's centre that a search starts from.
  var seedReach = 14

  public init() {}
}

/// A motif that was found in contributions.
public struct DiscoveredPattern: Sendable {
  /// Where it stands in a sequence.
  public struct Site: Equatable, Sendable {
    /// The sequence's number.
    public let sequence: Int
    /// Its first base on the forward strand, from 0; it may stand over either end.
    public let start: Int
    public let strand: Strand
    /// The cosine of its contributions and the pattern's.
    public let similarity: Float
    /// The sum of the contributions there.
    public let contribution: Float
  }

  /// Whether it raises the output.
  public let isPositive: Bool
  public private(set) var sites: [Site]
  /// The bases of the sites.
  public private(set) var counts: CountMatrix
  /// What A, C, G and T contribute at each position, the mean over the seqlets that it was found by.
  public private(set) var contributions: [SIMD4<Float>]
  /// The sum of the sites' contributions over that of all patterns' sites, without signs.
  public internal(set) var share: Double = 0
  /// What seqlets of this pattern are more like each other than like the rest: none, or two and more. Their sites are the
  /// seqlets, their shares those of all seqlets of this pattern.
  public internal(set) var subpatterns: [DiscoveredPattern] = []

  public var width: Int { contributions.count }
  /// Without its sign.
  var total: Double { abs(sites.reduce(0) { $0 + Double($1.contribution) }) }
}

/// Finds motifs in contributions, without a list of known ones, as TF-MoDISco does (Shrikumar et al. 2018): seqlets, which
/// contribute more than windows of shuffles do; patterns of seqlets that are alike. In the end all hits of a pattern are its
/// sites, since seqlets are the strongest: their bases alone would make the motif too sharp.
///
/// - Parameters:
///   - sequences: With contributions by one method to one output.
///   - null: The same of shuffled sequences.
/// - Returns: Positive and negative patterns, from the largest contribution of all their sites down.
public func discoveredPatterns(
  in sequences: [ContributedSequence], null: [ContributedSequence],
  configuration: DiscoveryConfiguration = DiscoveryConfiguration(), threads: Int
) -> [DiscoveredPattern] {
  var patterns = [Float(1), -1].flatMap { sign in
    let pool = SeqletPool(of: sequences, null: null, sign: sign, configuration)
    let search = PatternSearch(pool, configuration, threads: threads)
    return search.patterns().map { found in
      var pattern = DiscoveredPattern(found.pattern, found.members, of: pool)
      pattern.subpatterns = search.subpatterns(of: found.members).map {
        DiscoveredPattern($0.pattern, $0.members, of: pool)
      }.withShares()
      return pattern
    }
  }
  patterns.recount(in: sequences, null: null, configuration, threads: threads)
  return patterns.withShares()
}

extension DiscoveredPattern {
  init(
    _ pattern: ContributionPattern, _ members: [PatternSearch.Member], of pool: SeqletPool
  ) {
    func bases(_ range: Range<Int>) -> [EncodedSequence] {
      members.map { seqlet, place in
        let codes = pool.codes[seqlet.sequence][place.range(range, width: pattern.width)]
        let bases = EncodedSequence(codes: Array(codes))
        return place.isReverse ? bases.reverseComplement : bases
      }
    }
    let flank = Self.flank
    let core = CountMatrix(sites: bases(0..<pattern.width)).informativeRange
    let range = core.lowerBound - flank..<core.upperBound + flank
    let around = pool.mean(of: members, width: pattern.width, around: flank)
    isPositive = pool.sign > 0
    counts = CountMatrix(sites: bases(range))
    contributions = range.map { position in
      let first = 4 * (position + flank)
      return SIMD4(around.weights[first..<first + 4]) * pool.sign
    }
    sites = members.map { seqlet, place in
      let own = place.range(range, width: pattern.width)
      return Site(
        sequence: seqlet.sequence, start: own.lowerBound - SeqletPool.margin,
        strand: place.isReverse ? .reverse : .forward, similarity: place.similarity,
        contribution: pool.sign * pool.values[seqlet.sequence][own].reduce(0, +))
    }
  }

  /// The positions that are kept on either side of those that tell something: what stands beside a short motif tells
  /// which one it is.
  private static let flank = 1

  /// What is added to each count of its bases.
  public static let pseudocount = 0.25

  /// The motif of the sites' bases.
  public func motif(named name: String) -> Motif {
    Motif(
      name: name, probabilities: counts.probabilities(pseudocount: Self.pseudocount),
      siteCount: sites.count)
  }
}

extension [DiscoveredPattern] {
  /// From the largest share of what all contribute down.
  fileprivate func withShares() -> [DiscoveredPattern] {
    let total = reduce(0) { $0 + $1.total }
    return map { pattern in
      var pattern = pattern
      pattern.share = pattern.total / total
      return pattern
    }.enumerated().sorted { ($1.element.share, $0.offset) < ($0.element.share, $1.offset) }
      .map(\.element)
  }

  /// Makes those hits the patterns' sites that are as like their pattern as seqlets are, and not too often chance. A
  /// pattern with too few hits keeps its seqlets.
  fileprivate mutating func recount(
    in sequences: [ContributedSequence], null: [ContributedSequence],
    _ configuration: DiscoveryConfiguration, threads: Int
  ) {
    let motifs = map { ContributionMotif(name: "", contributions: $0.contributions) }
    let hits = ContributionReconstruction(motifs).hits(
      in: sequences, null: null, threads: threads)
    var found = [[DiscoveredPattern.Site]](repeating: [], count: count)
    for (number, hits) in hits.enumerated() {
      for hit in hits
      where hit.similarity >= configuration.leastSimilarity
        && hit.qValue <= configuration.falseSites
      {
        let place = hit.start..<hit.start + motifs[hit.motif].width
        found[hit.motif].append(
          DiscoveredPattern.Site(
            sequence: number, start: hit.start, strand: hit.strand, similarity: hit.similarity,
            contribution: sequences[number].contributions[place].reduce(0, +)))
      }
    }
    for (index, sites) in found.enumerated() where sites.count >= configuration.leastSites {
      self[index].stand(at: sites, in: sequences)
    }
  }
}

extension DiscoveredPattern {
  /// Takes other sites, and cuts off the ends that tell nothing of them.
  fileprivate mutating func stand(at sites: [Site], in sequences: [ContributedSequence]) {
    let counts = CountMatrix(
      sites: sites.map { site in
        let place = site.start..<site.start + width
        let bases = EncodedSequence(codes: Array(sequences[site.sequence].bases.codes[place]))
        return site.strand == .reverse ? bases.reverseComplement : bases
      })
    let core = counts.informativeRange
    let range = max(0, core.lowerBound - Self.flank)..<min(width, core.upperBound + Self.flank)
    self.counts = CountMatrix(columns: Array(counts.columns[range]), siteCount: sites.count)
    self.sites = sites.map { site in
      let before = site.strand == .forward ? range.lowerBound : width - range.upperBound
      let place = site.start + before..<site.start + before + range.count
      return Site(
        sequence: site.sequence, start: place.lowerBound, strand: site.strand,
        similarity: site.similarity,
        contribution: sequences[site.sequence].contributions[place].reduce(0, +))
    }
    contributions = Array(contributions[range])
  }
}

extension PatternAlignment {
  /// The positions of some columns of a pattern.
  fileprivate func range(_ columns: Range<Int>, width: Int) -> Range<Int> {
    isReverse
      ? start + width - columns.upperBound..<start + width - columns.lowerBound
      : start + columns.lowerBound..<start + columns.upperBound
  }
}

extension CountMatrix {
  /// From the first to the last position with 0.25 bits; all, if none has so much.
  fileprivate var informativeRange: Range<Int> {
    let information = probabilities().informationInBits()
    guard let first = information.firstIndex(where: { $0 >= 0.25 }),
      let last = information.lastIndex(where: { $0 >= 0.25 })
    else { return 0..<width }
    return first..<last + 1
  }
}
