internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs

struct MotifsCoupleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "couple",
    abstract: "Fit a motif whose positions depend on each other to aligned sites.",
    discussion: """
      EXAMPLES
        seqcnn motifs couple --motifs JASPAR.meme --motif CTCF \\
          --regions peaks.narrowPeak.gz --genome hg38.fa.gz --output ctcf
        seqcnn motifs couple --sites sites.fa --output ctcf
        seqcnn motifs scan --coupled ctcf/motif.json --genome hg38.fa.gz \\
          --output hits.bed.gz

      A matrix of independent positions can't say that two bases go together. Here
      each pair of positions has 16 couplings as well: a Boltzmann machine on aligned
      sites, or Potts model, fitted by pseudolikelihood. Sites are given, or are the
      best ones of a motif in sequences, one in each.

      A fifth of the sites tests what the couplings gain over a matrix of the same
      sites, another fifth chooses how strongly they are held small. Likelihoods are
      in bits per site; the partition function is exact up to 9 positions, else from
      annealed importance sampling. AUROC is that of the best window of each held-out
      sequence against its dinucleotide shuffle. The motif is fitted to all sites.

      The folder holds
        motif.json      the motif, for `motifs scan --coupled`
        motif.meme      the matrix of the same sites
        couplings.tsv   pairs of positions by how strongly they are coupled
        sites.fa        the sites
      """)

  @Option(help: ArgumentHelp("Aligned sites of one width, FASTA.", valueName: "fasta"))
  var sites: String?

  @Option(help: ArgumentHelp("A file with the motif that finds sites.", valueName: "file"))
  var motifs: String?

  @Option(
    help: ArgumentHelp(
      "The motif, by either of its names; the first of the file, unless given.", valueName: "name"))
  var motif: String?

  @OptionGroup var input: ScoringInput

  @Option(help: ArgumentHelp("The bases on either side that belong to a site.", valueName: "bases"))
  var flank = 0

  @Option(help: ArgumentHelp("The least log-odds of a site, in bits.", valueName: "bits"))
  var leastScore: Float = 0

  @Option(
    help: ArgumentHelp("The length of the windows of regions, in bases.", valueName: "bases"))
  var length = 101

  @OptionGroup var folder: FolderOption

  @OptionGroup var seed: SeedOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.flank.check(flank)
    try NumberRule.length.check(length)
    try NumberRule.leastScore.check(Double(leastScore))
  }

  func run() throws {
    guard (sites == nil) != (motifs == nil) else {
      throw ValidationError("give either --sites, or --motifs with --fasta or --regions")
    }
    let (name, sites, sequences) = try sites.map(given) ?? found()
    let directory = try folder.directory()
    shared.console.note(
      "\(grouped(sites.count)) sites of \(sites[0].count) bases; fits couplings")
    let fitter = CoupledMotifFitter(seed: seed.seed, threads: shared.threads)
    let (motif, study) = fitter.fit(sites, named: name, sequences: sequences)
    var outputs = OutputTransaction()
    for (file, text) in [
      ("motif.json", try motif.fileText), ("motif.meme", matrix(of: sites, name)),
      ("couplings.tsv", table(of: motif)),
      (
        "sites.fa",
        sites.enumerated().map { ">site\($0 + 1)\n\($1.text)\n" }.joined()
      ),
    ] {
      var output = try directory.file(named: file)
      try output.write(text)
      outputs.add(try output.finish())
    }
    try directory.commit(outputs)
    for line in summary(study) { shared.console.note(line) }
  }

  private typealias Input = (name: String, sites: [EncodedSequence], sequences: [EncodedSequence])

  private func given(_ path: String) throws -> Input {
    guard input.fasta == nil, !input.hasRegions, motif == nil else {
      throw ValidationError("--sites are all that is fitted to; leave out the other input")
    }
    let records = try readFASTA(path)
    var ledger = Ledger(source: path)
    let width = records.first?.bases.count ?? 0
    if let other = records.first(where: { $0.bases.count != width }) {
      throw NothingToDoError(
        description:
          "\(ledger.sourceName): \(other.name.quoted) has \(other.bases.count) bases, the first "
          + "site \(width); give aligned sites of one width")
    }
    let known = records.map(\.bases).filter { !$0.codes.contains(EncodedSequence.unknown) }
    ledger.use(known.count)
    ledger.drop("unknown bases", count: records.count - known.count)
    return ("coupled", try enough(known, width: width, ledger), [])
  }

  private func found() throws -> Input {
    try input.check()
    let file = try MotifFile(path: motifs!)
    let chosen = try file.motifs(named: motif.map { [$0] } ?? [])[0]
    var ledger = Ledger(source: input.path)
    var sequences: [EncodedSequence] = []
    try input.forEachRecord(label: "read", console: shared.console, windowLength: length) {
      record in
      if let problem = record.problem { return ledger.drop(problem) }
      sequences.append(record.bases)
    }
    let aligned = AlignedSites(
      of: chosen, in: sequences, flank: flank, leastScore: leastScore, threads: shared.threads)
    let pairs = zip(sequences, aligned.sites).compactMap { sequence, site in
      site.map { (sequence: sequence, site: $0) }
    }
    ledger.use(pairs.count)
    ledger.drop(
      "no site of \(figure(Double(leastScore), 2)) bits with its flanks",
      count: sequences.count - pairs.count)
    shared.console.note("\(ledger)")
    let sites = try enough(
      pairs.map(\.site), width: chosen.width + 2 * flank, ledger)
    return (chosen.alternateName ?? chosen.name, sites, pairs.map(\.sequence))
  }

  private func enough(_ sites: [EncodedSequence], width: Int, _ ledger: Ledger) throws
    -> [EncodedSequence]
  {
    guard sites.count >= CoupledMotifFitter.fewestSites else {
      throw NothingToDoError(
        description: "\(ledger); give \(CoupledMotifFitter.fewestSites) sites or more")
    }
    guard 2...Self.widest ~= width else {
      throw NothingToDoError(
        description: "\(ledger.sourceName): sites of \(width) bases; give sites of 2 to "
          + "\(Self.widest) bases")
    }
    return sites
  }

  private static let widest = 60

  private func matrix(of sites: [EncodedSequence], _ name: String) -> String {
    let counts = CountMatrix(sites: sites)
    return memeText(
      [Motif(name: name, probabilities: counts.probabilities(), siteCount: counts.siteCount)],
      background: .uniform, comment: OutputOrigin().comment)
  }

  private func table(of motif: CoupledMotif) -> String {
    "first\tsecond\tstrength\n"
      + motif.strengths().map { "\($0.i + 1)\t\($0.j + 1)\t\(precise($0.strength))\n" }.joined()
  }

  private func summary(_ study: CoupledMotifStudy) -> [String] {
    let (one, two) = (study.independent, study.coupled)
    func line(_ what: String, _ value: (CoupledMotifStudy.Figures) -> Double?, _ decimals: Int)
      -> String?
    {
      guard let matrix = value(one), let coupled = value(two) else { return nil }
      return "\(what): \(fixed(matrix, decimals)) independent, \(fixed(coupled, decimals)) coupled"
    }
    let gain = two.logLikelihood - one.logLikelihood
    return [
      "fitted to \(grouped(study.fittedCount)) sites, measured on \(grouped(study.heldOutCount)); "
        + "penalty of couplings \(study.couplingPenalty)",
      line("log likelihood in bits per site", { $0.logLikelihood }, 3).map {
        $0 + "; gain \(fixed(gain, 3)), standard error \(fixed(study.differenceError, 3)), of the "
          + "partition function \(fixed(study.partitionError, 3))"
      },
      line("log pseudolikelihood in bits per site", { $0.pseudoLogLikelihood }, 3),
      line("AUROC of sequences against their shuffles", { $0.auroc }, 4),
    ].compactMap(\.self)
  }
}
