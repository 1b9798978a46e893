internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs

struct MotifsHitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hits",
    abstract: "Find where discovered motifs make a model's output.",
    discussion: """
      EXAMPLES
        seqcnn motifs hits --model ctcf/model.safetensors --regions peaks.bed \\
          --genome hg38.fa.gz --output hits.bed
        seqcnn motifs hits --model ctcf/model.safetensors --fasta bound.fa \\
          --motifs ctcf-motifs/motifs.npz --output hits.bed

      Each sequence is explained as by `explain`. Its contributions are rebuilt from
      few places of the motifs, with coefficients of 0 or more (a lasso): a place is
      used if the cosine of its contributions and the motif's is above --threshold,
      and of places that overlap those that explain most. Hits in shuffled sequences
      tell which strengths chance reaches.

      The columns are
        chrom start end motif score strand strength similarity qvalue
      where chrom is the record's name with --fasta, score 1000 times the similarity
      (the cosine), and strength the contribution that the reconstruction gives the
      motif there: the lasso makes it smaller than the sum over its bases, to a third
      of that or so, by the same rule for all. Regions that overlap have their hits
      once each. Lines that begin with # say where the hits come from, and name the
      columns.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "The motifs.npz of `motifs discover`; the motifs that training found unless given.",
      valueName: "npz"))
  var motifs: String?

  @OptionGroup var input: ModelInput

  @Option(help: ArgumentHelp("The hits; - is standard output.", valueName: "bed"))
  var output: String

  @Option(help: ArgumentHelp("The least similarity to a motif.", valueName: "cosine"))
  var threshold = ContributionReconstruction.defaultPenalty

  @Option(
    help: ArgumentHelp(
      "The greatest share of a motif's hits that shuffled sequences would have too.",
      valueName: "rate"))
  var fdr = 0.05

  @OptionGroup var explanation: ExplanationOptions
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try input.check()
    try explanation.check()
    try NumberRule.clusterThreshold.check(Double(threshold))
    try NumberRule.fdr.check(fdr)
    try OutputName.sites.check(output, option: "--output")
  }

  func run() throws {
    let model = try shared.console.model(path: model, of: [.dna, .rna])
    let task = try explanation.task(of: model)
    let motifs = try motifs.map { try contributionMotifs(path: $0) } ?? model.ownMotifs(of: task)
    var file = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    let explainer = explanation.explainer(of: model)
    let explained = try ExplainedRecords(
      of: input, by: explainer, model: model, tasks: [task], label: "explain", options: shared)
    let explanations = explained.rows.map { $0.explanations[0] }
    let hits = ContributionReconstruction(motifs, penalty: threshold).hits(
      in: explanations.map(\.contributed),
      null: explainer.nullContributions(
        of: explanations.map(\.bases), task: task, threads: shared.threads),
      threads: shared.threads)
    try file.write(OutputOrigin(models: [model]).comment + Self.header)
    var counts = [Int](repeating: 0, count: motifs.count)
    for (row, hits) in zip(explained.rows, hits) {
      for hit in hits where hit.qValue <= fdr {
        counts[hit.motif] += 1
        try file.write(line(hit, motifs[hit.motif], on: row))
      }
    }
    try file.commit()
    for (motif, count) in zip(motifs, counts) {
      shared.console.note("\(motif.name.escapedForTerminal): \(grouped(count)) hit(s)")
    }
  }

  private static let header =
    "#chrom\tstart\tend\tmotif\tscore\tstrand\tstrength\tsimilarity\tqvalue\n"

  private func line(
    _ hit: ContributionHit, _ motif: ContributionMotif, on row: ExplainedRecords.Row
  ) -> String {
    let start = row.start(of: 0) + hit.start
    let fields: [String] = [
      (row.stretch?.sequence ?? row.name).tableField, "\(start)", "\(start + motif.width)",
      motif.name.tableField, "\(Int((1000 * hit.similarity).rounded()))", hit.strand.rawValue,
      "\(hit.strength)", "\(hit.similarity)", precise(hit.qValue),
    ]
    return fields.joined(separator: "\t") + "\n"
  }
}

extension Model {
  /// The motifs that training found for a task.
  ///
  /// - Throws: `NothingToDoError` if there are none.
  fileprivate func ownMotifs(of task: Int) throws -> [ContributionMotif] {
    let own = motifs.filter { $0.task == task }.map {
      ContributionMotif(name: $0.name, contributions: $0.contributions)
    }
    guard !own.isEmpty else {
      throw NothingToDoError(
        description: "the model's file has no motifs of \(tasks[task].quoted); find some with "
          + "`motifs discover`, and give --motifs its motifs.npz")
    }
    return own
  }
}

/// Reads the motifs of `motifs discover`.
///
/// - Throws: `ByteError`, `NPZError`; `NothingToDoError` if an array isn't one of contributions.
func contributionMotifs(path: String) throws -> [ContributionMotif] {
  let arrays: [NPZArray]
  do {
    arrays = try readNPZ(path)
  } catch let error as NPZError where error.problem == .notAnArchive {
    throw NothingToDoError(
      description:
        "\(error); contributions of motifs are the motifs.npz beside motifs.meme in the folder of `train` or "
        + "`motifs discover`")
  }
  return try arrays.map { array in
    let width = array.shape.last ?? 0
    guard array.shape == [4, width], array.scalars.contains(where: { $0 != 0 }),
      array.scalars.allSatisfy(\.isFinite)
    else {
      throw NothingToDoError(
        description: "\(path.escapedForTerminal): the array \(array.name.quoted) isn't (4, width) "
          + "of contributions; give the motifs.npz of `motifs discover`")
    }
    return ContributionMotif(
      name: array.name,
      contributions: (0..<width).map { position in
        SIMD4((0..<4).map { array.scalars[$0 * width + position] })
      })
  }
}
