internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Motifs
internal import Parallel

struct MotifsEnrichCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enrich",
    abstract: "Find the motifs that are enriched in sequences, and central in them.",
    discussion: """
      EXAMPLES
        seqcnn motifs enrich --motifs JASPAR.meme --fasta bound.fa --output -
        seqcnn motifs enrich --motifs JASPAR.meme --regions CTCF.narrowPeak.gz \\
          --genome hg38.fa.gz --length 500 --make-negatives genomic \\
          --output enriched.tsv

      A site is a window on either strand whose log-odds have a p-value below
      --p-value, on the base frequencies of the negatives. A sequence with a site
      counts once. Fisher's exact test, one-sided, compares the share of sequences
      with a site with that of the negatives: shuffles of the sequences that keep
      their dinucleotides, windows of the genome, or --negatives. The E-value is the
      p-value times the number of motifs, the q-value Benjamini and Hochberg's.

      If all sequences are of one length, the binomial test of CentriMo (Bailey and
      Machanick 2012) tells if their best sites are central: of all central parts
      that of the least p-value, corrected for their number.

      --pairs writes the distances that two motifs keep (SpaMo; Whitington et al.
      2011), of the ten that are enriched most: of the best sites of both in each
      sequence, how many are so many bases apart on these strands, against as many at
      every distance. Its columns are
        primary primaryName secondary secondaryName orientation gap count pairs
        pvalue evalue
      and the E-value counts all pairs of motifs, strands and gaps.

      The columns are
        motif name sequences withSite negatives negativesWithSite ratio pvalue
        evalue qvalue centralWidth centralSites centralPvalue centralEvalue
      ratio is how many times as frequent sites are as in the negatives.
      """)

  @Option(help: ArgumentHelp("The motifs, of any format that is read.", valueName: "file"))
  var motifs: String

  @OptionGroup var input: ScoringInput

  @Option(
    help: ArgumentHelp(
      "The bases around a region's summit or middle that are read.", valueName: "bases"))
  var length = 200

  @Option(help: ArgumentHelp("Sequences to compare with, FASTA.", valueName: "fasta"))
  var negatives: String?

  @Option(
    help: ArgumentHelp(
      "Make the sequences to compare with: dinucleotide shuffles, windows of the genome of the same GC content "
        + "(genomic), or random ones.", valueName: "kind"))
  var makeNegatives: NegativeSource?

  @Option(help: ArgumentHelp("Sites have a p-value below it.", valueName: "p"))
  var pValue = 1e-4

  @Option(
    help: ArgumentHelp(
      "Motifs, and distances, with an E-value of at most it are written.", valueName: "e"))
  var threshold = 10.0

  @Option(help: ArgumentHelp("The table; - is standard output.", valueName: "tsv"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "The distances that the most enriched motifs keep; compressed if it ends in .gz.",
      valueName: "tsv"))
  var pairs: String?

  @OptionGroup var seed: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.pValue.check(pValue)
    try NumberRule.length.check(length)
    try NumberRule.eValue.check(threshold)
    try OutputName.table.check(output, option: "--output")
    try pairs.map { path throws in
      try OutputName.table.check(path, option: "--pairs")
      guard path != output else {
        throw ValidationError("two outputs have the same name; give each its own")
      }
    }
  }

  func run() throws {
    try input.check()
    try checkNegatives()
    let motifs = try shared.console.motifs(path: motifs)
    let sequences = try sequences()
    var file = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    let controls = try controls(for: sequences)
    let background = Background(counting: controls).strandSymmetric
    let limit = pValue
    let tables = concurrentMap(motifs.count, threads: shared.threads) {
      PValueTable(motifs[$0], background: background, below: limit)
    }
    let ranked = siteEnrichments(
      of: tables, in: sequences.map(\.bases), against: controls, threads: shared.threads
    ).ranked.prefix { $0.eValue <= threshold }
    try file.write(EnrichmentText.header)
    for found in ranked {
      try file.write(EnrichmentText.line(found, motif: motifs[found.enrichment.motif]))
    }
    var outputs = OutputTransaction()
    outputs.add(try file.finish())
    if let pairs {
      let chosen = ranked.prefix(Self.mostPaired).map(\.enrichment.motif)
      let spacings = motifSpacings(
        of: chosen.map { tables[$0] }, in: sequences.map(\.bases), reach: Self.reach,
        threads: shared.threads
      ).filter { $0.eValue <= threshold }
      var table = try OutputFile(path: pairs, replacing: force.force)
      try table.write(spacings.text(chosen.map { motifs[$0] }))
      outputs.add(try table.finish())
    }
    try outputs.commit()
    shared.console.note(
      "\(grouped(ranked.count)) of \(grouped(motifs.count)) motifs with an E-value of at most \(threshold), "
        + "\(grouped(sequences.count)) sequences against \(grouped(controls.count))")
  }

  /// The motifs whose pairs are looked at, and the bases between them at most.
  private static let (mostPaired, reach) = (10, 150)

  private func checkNegatives() throws {
    if negatives != nil, makeNegatives != nil {
      throw ValidationError("give either --negatives or --make-negatives")
    }
    if makeNegatives == .genomic || makeNegatives == .random, input.genome == nil {
      throw ValidationError("negatives from a genome need one; give --regions and --genome")
    }
  }

  /// The sequences with known bases, as examples of the class 1.
  private func sequences() throws -> [Example] {
    var ledger = Ledger(source: input.path)
    var examples: [Example] = []
    try input.forEachRecord(label: "enrich", console: shared.console, windowLength: length) {
      record in
      let isUnknown = record.bases.isMostlyUnknown || record.bases.codes.isEmpty
      if let problem = record.problem ?? (isUnknown ? "more than half unknown" : nil) {
        return ledger.drop(problem)
      }
      ledger.use()
      examples.append(
        Example(name: record.name, bases: record.bases, labels: [1], interval: record.interval))
    }
    guard !examples.isEmpty else {
      throw NothingToDoError(description: "\(ledger); give sequences with known bases")
    }
    input.note(ledger, console: shared.console)
    return examples
  }

  /// What the sequences are compared with.
  private func controls(for sequences: [Example]) throws -> [EncodedSequence] {
    var ledger = Ledger(source: negatives ?? "negatives")
    var controls: [EncodedSequence] = []
    if let negatives {
      var reader = try FASTAReader(path: negatives)
      while let record = try reader.next() {
        if record.bases.isMostlyUnknown {
          ledger.drop("more than half unknown")
        } else {
          controls.append(record.bases)
          ledger.use()
        }
      }
    } else if let genome = input.genome, let kind = makeNegatives, kind != .dinucleotide {
      let genome = try Genome(path: genome)
      var plan = GenomicNegatives(excluding: [], seed: seed.seed)
      plan.matchesContent = kind == .genomic
      controls = try plan.examples(
        matching: sequences, within: genome.wholeSequences, of: genome, ledger: &ledger
      ).map(\.bases)
    } else {
      controls = shuffledNegatives(of: sequences, seed: seed.seed).map(\.bases)
      ledger.use(controls.count)
      ledger.drop("every shuffle equals its sequence", count: sequences.count - controls.count)
    }
    guard !controls.isEmpty else {
      throw NothingToDoError(description: "\(ledger); nothing to compare with, give --negatives")
    }
    shared.console.note("\(ledger)")
    return controls
  }
}

/// The lines of the table of enriched motifs.
enum EnrichmentText {
  static let header =
    "motif\tname\tsequences\twithSite\tnegatives\tnegativesWithSite\tratio\tpvalue\tevalue\tqvalue\t"
    + "centralWidth\tcentralSites\tcentralPvalue\tcentralEvalue\n"

  static func line(_ ranked: RankedEnrichment, motif: Motif) -> String {
    let found = ranked.enrichment
    let fields: [String] = [
      motif.name.tableField, (motif.alternateName ?? ".").tableField, "\(found.sequences)",
      "\(found.withSite)", "\(found.controls)", "\(found.controlsWithSite)", fixed(found.ratio, 3),
      precise(found.pValue), precise(ranked.eValue), precise(ranked.qValue),
      found.centrality.map { "\($0.positions)" } ?? "NA",
      found.centrality.map { "\($0.central)" } ?? "NA",
      found.centrality.map { precise($0.pValue) } ?? "NA",
      ranked.centralEValue.map { precise($0) } ?? "NA",
    ]
    return fields.joined(separator: "\t") + "\n"
  }
}

extension [MotifSpacing] {
  /// The table of distances.
  fileprivate func text(_ motifs: [Motif]) -> String {
    func names(_ motif: Motif) -> [String] {
      [motif.name.tableField, (motif.alternateName ?? ".").tableField]
    }
    let lines = map { spacing in
      let fields: [String] =
        names(motifs[spacing.primary]) + names(motifs[spacing.secondary])
        + [
          spacing.quadrant.rawValue, "\(spacing.gap)", "\(spacing.count)", "\(spacing.pairs)",
          precise(spacing.pValue), precise(spacing.eValue),
        ]
      return fields.joined(separator: "\t") + "\n"
    }
    return
      "primary\tprimaryName\tsecondary\tsecondaryName\torientation\tgap\tcount\tpairs\tpvalue\tevalue\n"
      + lines.joined()
  }
}
