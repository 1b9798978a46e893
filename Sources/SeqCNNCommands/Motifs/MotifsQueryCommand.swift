internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs

struct MotifsQueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Ask if a model uses a motif: where, with which sign, next to what.",
    discussion: """
      EXAMPLES
        seqcnn motifs query CTCF --model ctcf/model.safetensors --fasta bound.fa
        seqcnn motifs query MA0139.2 GATA1 --model ctcf/model.safetensors \\
          --regions peaks.bed --genome hg38.fa.gz --output answers.tsv
        seqcnn motifs query motif2 --motifs ctcf/motifs.meme \\
          --model ctcf/model.safetensors --fasta bound.fa --sites sites.tsv

      Motifs are named as in --motifs, by their first or second name. The answers
      are rows of
        motif name planted standardError sequences withSite sites contribution
        raising lowering centralWidth centralSites centralPvalue neighbours
      where planted is what the motif's consensus adds to the output of shuffles of
      the sequences (its standard error is next to it), sites are places with a
      p-value below --p-value, contribution is the mean sum of what the bases of a
      site contribute, and raising and lowering are the shares of sites that
      contribute more, or less, than all but one window in twenty of shuffles. The
      central columns are those of `motifs enrich`. neighbours are the motifs of the
      model, those that `train` left beside it, in the same sequences: how many sites
      have one, the share of them on the same strand, the median gap in bases.
      The screen says the same in words.
      """)

  @Argument(help: ArgumentHelp("The names of motifs.", valueName: "names"))
  var names: [String]

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @OptionGroup var input: ModelInput

  @Option(
    help: ArgumentHelp(
      "The file with the motifs; JASPAR 2026's of vertebrates unless given.", valueName: "file"))
  var motifs: String?

  @Option(help: ArgumentHelp("Sites have a p-value below it.", valueName: "p"))
  var pValue = 1e-4

  @Option(help: ArgumentHelp("The answers; - is standard output.", valueName: "tsv"))
  var output = "-"

  @Option(help: ArgumentHelp("Write the sites with their contributions.", valueName: "tsv"))
  var sites: String?

  @OptionGroup var explanation: ExplanationOptions
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try input.check()
    try explanation.check()
    try NumberRule.pValue.check(pValue)
    try OutputName.table.check(output, option: "--output")
    try sites.map { path throws in try OutputName.table.check(path, option: "--sites") }
  }

  func run() throws {
    let model = try shared.console.model(path: model)
    let task = try explanation.task(of: model)
    let asked = try askedMotifs()
    var table = try OutputFile(path: output, replacing: force.force)
    var siteTable = try sites.map { path throws in
      try OutputFile(path: path, replacing: force.force)
    }
    let explainer = explanation.explainer(of: model)
    let explained = try ExplainedRecords(
      of: input, by: explainer, model: model, tasks: [task], label: "explain", options: shared)
    guard !explained.rows.isEmpty else { return }
    let explanations = explained.rows.map { $0.explanations[0] }
    let query = MotifQuery(
      model, task: task, explanations: explanations,
      null: explainer.nullContributions(
        of: explanations.map(\.bases), task: task, threads: shared.threads),
      seed: explanation.seed.seed, threads: shared.threads)
    let others = model.motifs.filter { $0.task == task }.map(\.contributed)
    try table.write(MotifAnswerText.header)
    try siteTable?.write(MotifAnswerText.siteHeader(hasRegions: input.hasRegions))
    for motif in asked {
      guard let answer = query.answer(on: motif, pValue: pValue) else {
        shared.console.note("\(motif.name.escapedForTerminal): wider than the sequences")
        continue
      }
      let text = MotifAnswerText(
        motif, answer,
        others.isEmpty ? [] : query.neighbours(of: answer, width: motif.width, among: others),
        others: others)
      try table.write(text.row)
      for site in answer.sites { try siteTable?.write(text.line(of: site, explained)) }
      for line in text.words { shared.console.note(line) }
    }
    var outputs = OutputTransaction()
    outputs.add(try table.finish())
    if let siteTable { outputs.add(try siteTable.finish()) }
    try outputs.commit()
  }

  /// The motifs with the names that are asked for; of several of one name the first.
  private func askedMotifs() throws -> [Motif] {
    let known =
      try motifs.map { try shared.console.motifs(path: $0) } ?? MotifDatabase.builtIn.motifs
    return try names.map { name in
      let named = known.indices(named: name).map { known[$0] }
      guard !named.isEmpty else {
        throw ValidationError(
          "no motif is named \(name.quoted); give a first or second name of the file, such as "
            + "\(known[0].name.quoted)")
      }
      return shared.console.chosen(named, named: name)
    }
  }
}
