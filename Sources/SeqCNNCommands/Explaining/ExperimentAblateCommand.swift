internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models

struct ExperimentAblateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ablate",
    abstract: "Remove sites from sequences: what the output loses.",
    discussion: """
      EXAMPLES
        seqcnn experiment ablate --model ctcf/model.safetensors \\
          --regions peaks.narrowPeak --genome hg38.fa.gz --hits hits.bed \\
          --output ablated.tsv
        seqcnn experiment ablate --model ctcf/model.safetensors --fasta bound.fa \\
          --hits hits.bed --output -

      Every hit that lies in a sequence is replaced, one at a time, by the bases that
      dinucleotide shuffles of the sequence have in its place. Hits are BED, as
      `motifs scan` writes them, on the genome or, with --fasta, on the sequences by
      their names. The columns are
        name chrom start end motif effect standardError
      where effect is the output of the sequence less the mean with the hit
      replaced, a difference of logits for classification, of each task; TASK.effect
      and so on if there are several. Each region is a window of the model's length
      around its summit or middle.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @OptionGroup var input: ModelInput

  @Option(help: ArgumentHelp("What to remove, BED.", valueName: "bed"))
  var hits: String

  @Option(help: ArgumentHelp("The shuffles that replace a hit.", valueName: "n"))
  var shuffles = 10

  @Option(help: ArgumentHelp("The table; - is standard output.", valueName: "tsv"))
  var output: String

  @OptionGroup var seed: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.shuffles.check(shuffles)
    try OutputName.table.check(output, option: "--output")
  }

  private func noHitRead(of count: Int) -> NothingToDoError {
    NothingToDoError(
      description:
        "\(hits.escapedForTerminal): none of \(grouped(count)) hits lies in a sequence that is read; "
        + "give hits on the same genome, or with --fasta on the sequences by their names")
  }

  func run() throws {
    try input.check()
    let model = try shared.console.model(path: model, of: [.dna, .rna])
    let hits = PlacedHits(try readPeaks(hits))
    var file = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    try file.write(header(tasks: model.tasks))
    let ablation = Ablation(model, copies: shuffles, seed: seed.seed, threads: shared.threads)
    var ledger = Ledger(source: input.path)
    var (index, replaced) = (0, 0)
    try input.forEachRecord(of: model, label: "ablate", console: shared.console) { record in
      index += 1
      let isWhole = model.readsWhole(length: record.bases.count)
      if let problem = record.problem(for: model)
        ?? (isWhole ? nil : "longer than the model reads whole")
      {
        return ledger.drop(problem)
      }
      ledger.use()
      let stretch =
        record.stretch ?? GenomicInterval(record.name, start: 0, end: record.bases.count)
      let found = hits.inside(stretch)
      replaced += found.count
      let parts = found.map {
        $0.interval.start - stretch.start..<$0.interval.end - stretch.start
      }
      let effects = ablation.effects(of: parts, in: record.bases, index: index)
      for (hit, effects) in zip(found, effects) {
        try file.write(line(hit, of: record.name, effects))
      }
    }
    try input.report(
      ledger, console: shared.console,
      mend: "give sequences that the model reads whole, of up to \(model.lengths.upperBound) bases")
    guard replaced > 0 || hits.count == 0 || ledger.used == 0 else {
      throw noHitRead(of: hits.count)
    }
    try file.commit()
    shared.console.note(
      "\(grouped(replaced)) times a hit of \(grouped(hits.count)) was removed from a sequence")
  }

  private func header(tasks: [String]) -> String {
    return (["name", "chrom", "start", "end", "motif"] + MeanEffect.columns(tasks: tasks)).joined(
      separator: "\t") + "\n"
  }

  private func line(_ hit: Peak, of name: String, _ effects: [MeanEffect]) -> String {
    let place = hit.interval
    let fields =
      [
        name.tableField, place.sequence.tableField, "\(place.start)", "\(place.end)",
        (hit.name ?? ".").tableField,
      ] + effects.flatMap(\.fields)
    return fields.joined(separator: "\t") + "\n"
  }
}
