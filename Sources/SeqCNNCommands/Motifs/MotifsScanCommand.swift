internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Motifs
internal import Parallel
internal import Tensors

struct MotifsScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Find motifs in a genome, as FIMO does.",
    discussion: """
      EXAMPLES
        seqcnn motifs scan --motifs JASPAR.meme --genome hg38.fa.gz \\
          --output hits.bed.gz
        seqcnn motifs scan --motifs JASPAR.meme --motif CTCF --motif MA0002.3 \\
          --genome peaks.fa --p-value 1e-5 --output - | sort -k8,8g | head
        seqcnn motifs scan --coupled ctcf/motif.json --genome hg38.fa.gz \\
          --output hits.bed.gz

      Motifs are in any format that `motifs convert` reads. One that can't be used
      is passed over, with a line that says why. Hits are the places where a motif's
      log-odds on either strand have a p-value below --p-value. Scores and p-values
      are those of FIMO: log-odds with a pseudocount of 0.1 sites of background, in
      whole steps of a thousandth of their range, and the exact distribution of
      their sum over windows of background bases. As in FIMO, the background is made
      the same for both strands, and a window that holds an unknown base (N) is
      passed over. Soft-masked bases count as any other.

      Hits come sorted, in the genome's order, with the columns
        chrom start end name score strand logodds pvalue
      where score is -10 log10 of the p-value, 1000 at most, and logodds in bits.

      --coupled finds motifs of `motifs couple`, whose positions depend on each
      other. Their p-values are estimates from 300,000 drawn sites.

      There are no q-values: they depend on all hits, and a scan keeps none. BED that
      ends in .gz is BGZF with an index: .tbi, or .csi where a sequence is longer
      than 512 Mb.
      """)

  @Option(
    help: ArgumentHelp("The motifs, MEME, JASPAR or HOMER; - is standard input.", valueName: "meme")
  )
  var motifs: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Coupled motifs instead, files of `motifs couple`.", valueName: "json"))
  var coupled: [String] = []

  @Option(help: ArgumentHelp("The genome, FASTA; - is standard input.", valueName: "fasta"))
  var genome: String

  @Option(
    help: ArgumentHelp(
      "The hits, BED, compressed where it ends in .gz; - is standard output.", valueName: "bed"))
  var output: String

  @Option(help: ArgumentHelp("Hits have a p-value below it.", valueName: "p"))
  var pValue = 1e-4

  @Option(
    help: ArgumentHelp(
      "A motif to look for, by either of its names; again for more. All, by default."))
  var motif: [String] = []

  @Flag(help: "Don't read the reverse strand.")
  var forwardOnly = false

  @Option(
    help: ArgumentHelp(
      "How frequent bases are: the same (uniform), as the motifs' file says (file), or as counted "
        + "in the genome (genome).", valueName: "source"))
  var background = BackgroundSource.uniform

  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.pValue.check(pValue)
    try OutputName.sites.check(output, option: "--output")
    if motifs == "-", genome == "-" {
      throw ValidationError("motifs and genome can't both be standard input; give one as a file")
    }
    if isPipe(genome), background == .genome {
      throw ValidationError(
        "bases are counted before the scan, which needs the genome in a file; give one, or take "
          + "--background uniform")
    }
  }

  func run() throws {
    guard (motifs == nil) != coupled.isEmpty else {
      throw ValidationError("give either --motifs or --coupled")
    }
    guard let path = motifs else { return try scanCoupled() }
    let file = try MotifFile(path: path)
    let motifs = try file.motifs(named: motif)
    shared.console.noteReading(of: file)
    let hits = try output(of: motifs.count)
    let tables = tables(of: motifs, background: try background(in: file, path: path))
    let text = MotifHitText(names: motifs.map(\.name), tables: tables, threads: shared.threads)
    try write(
      MotifScan(
        genome: genome, tables: tables, pValue: pValue, bothStrands: !forwardOnly,
        threads: shared.threads
      ) { sequence, hits in
        (lines: text.lines(of: hits, in: sequence), count: hits.count)
      }, motifCount: motifs.count, to: hits)
    noteWeak(zip(motifs, tables).filter { $1.threshold > $1.highest }.map(\.0.name))
  }

  private func scanCoupled() throws {
    guard motif.isEmpty, background == .uniform else {
      throw ValidationError("--motif and --background go with --motifs")
    }
    let motifs = try coupled.map { try CoupledMotif(path: $0) }
    let hits = try output(of: motifs.count)
    let tables = motifs.map { CoupledScoreTable($0, below: pValue, threads: shared.threads) }
    let text = CoupledHitText(names: motifs.map(\.name), tables: tables)
    try write(
      MotifScan(
        genome: genome, coupled: tables, pValue: pValue, bothStrands: !forwardOnly,
        threads: shared.threads
      ) { sequence, hits in
        (lines: text.lines(of: hits, in: sequence), count: hits.count)
      }, motifCount: motifs.count, to: hits)
    noteWeak(zip(motifs, tables).filter { $1.threshold == .max }.map(\.0.name))
  }

  private func output(of motifCount: Int) throws -> IndexedOutput {
    try IndexedOutput(
      path: output, layout: .bed, replacing: force.force, threads: shared.threads)
  }

  private func write(
    _ scan: consuming MotifScan<(lines: [UInt8], count: Int)>, motifCount: Int,
    to hits: consuming IndexedOutput
  ) throws {
    var hits = hits
    var scan = scan
    var progress = shared.console.progress("scan", unit: "bases", total: nil)
    var (positionCount, hitCount) = (0, 0)
    var (sequence, length, longest) = ("", 0, 0)
    try hits.write(OutputOrigin().comment + MotifHitText.header)
    while let scanned = try scan.next() {
      for output in scanned.outputs {
        try hits.write(output.lines)
        hitCount += output.count
      }
      positionCount += scanned.positionCount
      length = scanned.positionCount + (scanned.sequence == sequence ? length : 0)
      (sequence, longest) = (scanned.sequence, max(longest, length))
      progress.update(
        positionCount, share: scan.progress?.share, detail: scanned.sequence.escapedForTerminal)
    }
    progress.finish()
    try hits.commit(longest: longest)
    shared.console.note(
      "\(grouped(hitCount)) hits of \(grouped(motifCount)) motif(s) in "
        + "\(grouped(positionCount)) bases")
  }

  /// Says which motifs are too short or too vague to have a hit.
  private func noteWeak(_ motifs: [String]) {
    guard !motifs.isEmpty else { return }
    let names = motifs.prefix(5).map(\.escapedForTerminal) + (motifs.count > 5 ? ["…"] : [])
    shared.console.note(
      "\(grouped(motifs.count)) motif(s) without a score whose p-value is below \(pValue): "
        + names.joined(separator: ", "))
  }

  private func background(in file: MotifFile, path: String) throws -> Background {
    let found: Background
    switch background {
    case .uniform: found = .uniform
    case .genome: found = try Background(genome: genome)
    case .file:
      guard let given = file.background else {
        throw NothingToDoError(
          description: "\(Ledger(source: path).sourceName): gives no background frequencies; "
            + "take --background uniform or genome")
      }
      found = given
    }
    return forwardOnly ? found : found.strandSymmetric
  }

  private func tables(of motifs: [Motif], background: Background) -> [PValueTable] {
    let pValue = pValue
    return concurrentMap(motifs.count, threads: shared.threads) {
      PValueTable(motifs[$0], background: background, below: pValue)
    }
  }
}

/// Where the background frequencies come from.
enum BackgroundSource: String, ExpressibleByArgument, CaseIterable {
  case uniform, file, genome
}
