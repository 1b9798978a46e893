internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs

struct ExperimentMarginalizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "marginalize",
    abstract: "Plant motifs in backgrounds: what the model makes of each.",
    discussion: """
      EXAMPLES
        seqcnn experiment marginalize --model ctcf/model.safetensors \\
          --motifs JASPAR.meme --output effects.tsv
        seqcnn experiment marginalize --model ctcf/model.safetensors \\
          --motifs JASPAR.meme --regions peaks.bed --genome hg38.fa.gz \\
          --output -

      A site of each motif is planted in the middle of every background. The effect
      is the mean difference of the output with and without it, a difference of
      logits for classification. A site has the most probable base of each
      position; positions of less than 0.2 bits keep the background's base. A
      network that reads one strand sees the motif as it stands in the file.

      The columns are
        motif name width site effect standardError
      with a pair effect and standardError for each task, named TASK.effect and so
      on if there are several. The motif with the largest effect of any task, up or
      down, comes first.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @Option(help: ArgumentHelp("The motifs, of any format that is read.", valueName: "file"))
  var motifs: String

  @OptionGroup var backgrounds: BackgroundOptions

  @Option(help: ArgumentHelp("The table; - is standard output.", valueName: "tsv"))
  var output: String

  @OptionGroup var seed: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try OutputName.table.check(output, option: "--output")
  }

  func run() throws {
    try backgrounds.check()
    let model = try shared.console.model(path: model, of: [.dna, .rna])
    let motifs = try shared.console.motifs(path: motifs)
    var file = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    let experiment = PlantingExperiment(
      model,
      backgrounds: try backgrounds.sequences(
        for: model, seed: seed.seed, console: shared.console), threads: shared.threads)
    var ledger = Ledger(source: self.motifs)
    let fitting = motifs.filter { $0.width <= experiment.length }
    ledger.use(fitting.count)
    ledger.drop("wider than the model's windows", count: motifs.count - fitting.count)
    guard !fitting.isEmpty else {
      throw NothingToDoError(
        description: "\(ledger); give motifs of \(experiment.length) positions at most")
    }
    let sites = fitting.map { PlantedSite(consensusOf: $0) }
    let effects = experiment.effects(of: sites)
    try file.write(header(tasks: model.tasks))
    let sizes = effects.map { $0.map { abs($0.mean) }.max() ?? 0 }
    for index in sites.indices.sorted(by: { (-sizes[$0], $0) < (-sizes[$1], $1) }) {
      try file.write(line(fitting[index], site: sites[index], effects[index]))
    }
    try file.commit()
    shared.console.note("\(ledger)")
  }

  private func header(tasks: [String]) -> String {
    return (["motif", "name", "width", "site"] + MeanEffect.columns(tasks: tasks)).joined(
      separator: "\t") + "\n"
  }

  private func line(_ motif: Motif, site: PlantedSite, _ effects: [MeanEffect]) -> String {
    let fields =
      [
        motif.name.tableField, (motif.alternateName ?? ".").tableField, "\(motif.width)",
        site.text,
      ] + effects.flatMap(\.fields)
    return fields.joined(separator: "\t") + "\n"
  }
}

extension PlantedSite {
  /// The bases; `.` for one that stays.
  var text: String {
    String(
      decoding: codes.map { $0.map(Alphabet.dna.letter) ?? UInt8(ascii: ".") }, as: UTF8.self)
  }
}

extension MeanEffect {
  /// The names of the columns that `fields` of each task fill.
  static func columns(tasks: [String]) -> [String] {
    let prefixes = tasks.count > 1 ? tasks.map { $0.tableField + "." } : [""]
    return prefixes.flatMap { [$0 + "effect", $0 + "standardError"] }
  }

  /// The mean and its standard error in a table.
  var fields: [String] {
    [precise(mean), standardError.map { precise($0) } ?? "NA"]
  }
}
