public import Genomics
public import Models
public import Motifs

/// Whether a model uses a motif: what the motif does where it is planted, and what its sites contribute where they stand.
public struct MotifAnswer: Sendable {
  /// What the motif's consensus, planted in shuffles of the sequences, adds to the output.
  public let planted: MeanEffect
  /// The sequences that were explained, and those with a site.
  public let sequences, withSite: Int
  public let sites: [Site]
  /// The sums of contributions that one window in twenty of shuffled sequences is below, and one in twenty above: a site
  /// beyond them is used.
  public let chance: ClosedRange<Float>
  /// Where the best sites lie; `nil` if the sequences differ in length or none has a site.
  public let centrality: SiteCentrality?
  /// The standard deviation of the sequences' outputs.
  public let outputSpread: Double

  /// A place that the motif matches.
  public struct Site: Equatable, Sendable {
    /// The sequence's number.
    public let sequence: Int
    /// The first base, counted from that of the window that was explained.
    public let start: Int
    public let strand: Strand
    /// The sum of the contributions of its bases.
    public let contribution: Float
  }

  /// The sites that contribute more than chance, those that contribute less, in shares of all.
  public var raising: Double { share { $0.contribution > chance.upperBound } }
  public var lowering: Double { share { $0.contribution < chance.lowerBound } }

  /// The mean contribution of a site; `nil` without sites.
  public var meanContribution: Double? {
    sites.isEmpty
      ? nil : sites.reduce(0) { $0 + Double($1.contribution) } / Double(sites.count)
  }

  private func share(_ isIn: (Site) -> Bool) -> Double {
    sites.isEmpty ? 0 : Double(sites.count(where: isIn)) / Double(sites.count)
  }
}

/// Another motif near the sites of a motif.
public struct MotifNeighbour: Equatable, Sendable {
  /// The other motif's number.
  public let motif: Int
  /// The sites with the other motif in their sequence, and those of them on the same strand as it.
  public let sites, sameStrand: Int
  /// The middle one of the numbers of bases between both.
  public let medianGap: Int
}

/// Asks what a model makes of a motif in some sequences.
public struct MotifQuery: Sendable {
  private let model: Model
  private let task: Int
  private let explanations: [Explanation]
  private let null: [ContributedSequence]
  private let seed: UInt64
  private let threads: Int

  private static let backgrounds = 200
  private static let tail = 0.05

  /// - Parameters:
  ///   - explanations: Of the sequences, to the task's output.
  ///   - null: Contributions in shuffles of them.
  /// - Precondition: There is an explanation.
  public init(
    _ model: Model, task: Int, explanations: [Explanation], null: [ContributedSequence],
    seed: UInt64, threads: Int
  ) {
    precondition(!explanations.isEmpty, "no sequence")
    (self.model, self.task, self.explanations) = (model, task, explanations)
    (self.null, self.seed, self.threads) = (null, seed, threads)
  }

  /// - Parameter pValue: Of sites, on the base frequencies of the sequences.
  /// - Returns: `nil` if the motif is wider than the sequences.
  public func answer(on motif: Motif, pValue: Double) -> MotifAnswer? {
    let length = explanations.lazy.map(\.bases.count).min() ?? 0
    guard motif.width <= length else { return nil }
    let background = Background(counting: explanations.map(\.bases)).strandSymmetric
    let scanner = MotifScanner(
      [PValueTable(motif, background: background, below: pValue)], bothStrands: true)
    var (sites, best) = ([MotifAnswer.Site](), [Int]())
    for (index, explanation) in explanations.enumerated() {
      let own = Self.sites(in: explanation, number: index, by: scanner, width: motif.width)
      sites += own.map(\.site)
      if let first = own.max(by: { ($0.score, -$0.site.start) < ($1.score, -$1.site.start) }) {
        best.append(first.site.start)
      }
    }
    let isOfOneLength = explanations.allSatisfy { $0.bases.count == length }
    let backgrounds = PlantingBackgrounds.shuffles(
      Self.backgrounds, of: explanations.map { $0.bases[0..<length] }, seed: seed)
    let planting = PlantingExperiment(model, backgrounds: backgrounds, threads: threads)
    return MotifAnswer(
      planted: planting.effects(of: [PlantedSite(consensusOf: motif)])[0][task],
      sequences: explanations.count, withSite: best.count, sites: sites,
      chance: chance(width: motif.width),
      centrality: isOfOneLength
        ? SiteCentrality(starts: best, positions: length - motif.width + 1) : nil,
      outputSpread: outputSpread)
  }

  /// The sites in a sequence; of those that share a base the best one.
  private static func sites(
    in explanation: Explanation, number: Int, by scanner: MotifScanner, width: Int
  ) -> [(site: MotifAnswer.Site, score: Int)] {
    let codes = explanation.bases.codes
    let contributions = explanation.contributions
    let hits = scanner.hits(in: codes, count: min(codes.count, 1 << 16), start: 0)
    let sorted = hits.sorted { ($1.score, $0.start) < ($0.score, $1.start) }
    let apart = sorted.reduce(into: [MotifHit]()) { kept, hit in
      if kept.allSatisfy({ abs($0.start - hit.start) >= width }) { kept.append(hit) }
    }
    return apart.map { hit in
      (
        MotifAnswer.Site(
          sequence: number, start: hit.start, strand: hit.strand,
          contribution: contributions[hit.start..<hit.start + width].reduce(0, +)), hit.score
      )
    }
  }

  private var outputSpread: Double {
    let outputs = explanations.map { Double($0.output) }
    let mean = outputs.reduce(0, +) / Double(outputs.count)
    let squares = outputs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(max(1, outputs.count - 1))).squareRoot()
  }

  /// The sums of contributions between which all but the tails of windows of shuffles are.
  private func chance(width: Int) -> ClosedRange<Float> {
    let sums = null.flatMap { sequence -> [Float] in
      stride(from: 0, through: sequence.contributions.count - width, by: 1).map {
        sequence.contributions[$0..<$0 + width].reduce(0, +)
      }
    }.sorted()
    guard !sums.isEmpty else { return 0...0 }
    let rank = Int(Self.tail * Double(sums.count))
    return sums[rank]...sums[sums.count - 1 - rank]
  }

  /// The motifs whose hits stand in the same sequences, from the most frequent down; hits that share a base with a site
  /// don't count.
  ///
  /// - Parameter motifs: Those of the model.
  public func neighbours(of answer: MotifAnswer, width: Int, among motifs: [ContributionMotif])
    -> [MotifNeighbour]
  {
    let hits = ContributionReconstruction(motifs).hits(
      in: explanations.map(\.contributed), null: null, threads: threads)
    let bySequence = Dictionary(grouping: answer.sites, by: \.sequence)
    return motifs.indices.compactMap { motif -> MotifNeighbour? in
      var (gaps, same) = ([Int](), 0)
      for sequence in bySequence.keys.sorted() {
        let own = hits[sequence].filter { $0.motif == motif && $0.qValue <= Self.tail }
        for site in bySequence[sequence] ?? [] {
          let near = own.map { hit in
            (
              hit: hit,
              gap: max(hit.start - site.start - width, site.start - hit.start - motifs[motif].width)
            )
          }.filter { $0.gap >= 0 }.min { $0.gap < $1.gap }
          guard let near else { continue }
          gaps.append(near.gap)
          same += near.hit.strand == site.strand ? 1 : 0
        }
      }
      guard !gaps.isEmpty else { return nil }
      return MotifNeighbour(
        motif: motif, sites: gaps.count, sameStrand: same,
        medianGap: gaps.sorted()[gaps.count / 2])
    }.sorted { ($1.sites, $0.motif) < ($0.sites, $1.motif) }
  }
}
