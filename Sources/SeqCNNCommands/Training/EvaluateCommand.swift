internal import ArgumentParser
internal import Datasets
internal import Evaluation
internal import Genomics
internal import GenomicsIO
internal import Models
internal import Networks
internal import Tensors
internal import Training

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on other data.",
    discussion: """
      EXAMPLES
        seqcnn evaluate --table GABPA_B.seq.gz --model gabpa/model.safetensors
        seqcnn evaluate --peaks K562.narrowPeak --genome hg38.fa.gz \\
          --model ctcf/model.safetensors --json
        seqcnn evaluate --table binding.tsv --labels CTCF \\
          --model joint/model.safetensors

      Prints AUROC, AUPRC, Brier score and calibration error with 95% bootstrap
      intervals; of a regression Pearson's and Spearman's correlation and R². Tasks
      are matched by name, and some of the model's will do; where it has one, that
      may have any name. Labels are 0 and 1, or numbers for a regression. Sequences
      are scored whole, peaks in windows of the model's length. Negatives that the
      input lacks are made, as in `train`. Brier score and calibration error are
      those of probabilities for the model's prior, or --prior. With --json the
      object of metrics.json is printed; --output also writes metrics.json and
      predictions.tsv.
      """)

  @OptionGroup(title: "Input") var input: InputOptions

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @Flag(help: "Print the figures as JSON.")
  var json = false

  @Option(help: ArgumentHelp("A folder for metrics.json and predictions.tsv.", valueName: "dir"))
  var output: String?

  @OptionGroup(title: "Side inputs") var side: SideOptions
  @OptionGroup var priorOption: PriorOption
  @OptionGroup(title: "Negatives") var negatives: NegativesOptions
  @OptionGroup var seedOption: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try negatives.validate(with: input)
  }

  func run() throws {
    try input.check()
    let model = try priorOption.applied(
      to: shared.console.model(path: model, of: Alphabet.allCases))
    let beside = try input.sources(side, for: model)
    guard model.objective.hasClasses || input.table != nil else {
      throw ValidationError(
        "the model predicts numbers; give a --table with a column of measured ones")
    }
    let directory = try output.map { path throws in
      try OutputDirectory(path: path, replacing: force.force)
    }
    var loaded = try input.load(for: model, side: beside.columns)
    try negatives.exclude.map { path throws in try loaded.exclude(regionsOf: path) }
    shared.console.report(loaded)
    let chosen = try loaded.chooseTasks(among: model.tasks, file: input.source.paths[0])
    let tasks = loaded.dataset.tasks
    for line in loaded.taskWords { shared.console.note(line) }
    if tasks.count < model.tasks.count {
      shared.console.note("measures \(tasks.count) of the model's \(model.tasks.count) tasks")
    }
    var (examples, source, ledgers) = try loaded.withNegatives(
      negatives.plan(seed: seedOption.seed))
    if source?.contains(.dinucleotide) == true { try beside.refuseShuffles() }
    try beside.tracks.read(into: &examples, threads: shared.threads)
    if let source { tell(of: source, ledgers, given: loaded.dataset) }
    let predictions = model.predictions(for: examples, threads: shared.threads).columns(chosen)
    var metrics = Metrics(
      predictions: predictions, examples: examples, tasks: tasks, objective: model.objective,
      data: "input", seed: seedOption.seed, threads: shared.threads)
    if model.objective.hasNegatives {
      compositionWarnings(examples, tasks: tasks, negatives: source).forEach(shared.console.note)
    }
    if model.objective.givesProbabilities {
      priorWarnings(metrics, priors: chosen.map { model.priors[$0] }).forEach(shared.console.note)
    }
    if let scarcity = model.objective.scarcity(of: examples, for: "evaluation") {
      shared.console.note("\(scarcity); give more examples")
    }
    try note(model.provenance.trainedOn(input.source.examplePaths), in: &metrics)
    try write(metrics, predictions, of: tasks, for: examples, to: directory)
  }

  /// Tells of negatives that were made, and of contradictions among what was given.
  private func tell(of source: NegativeMix, _ ledgers: [Ledger], given: Dataset) {
    shared.console.note(source.note)
    for ledger in ledgers { shared.console.note("\(ledger)") }
    for contradiction in given.contradictions { shared.console.note(contradiction.warning) }
  }

  /// Warns of files that the model was trained on.
  private func note(_ known: [String], in metrics: inout Metrics) throws {
    guard !known.isEmpty else { return }
    metrics.trainedOn = known
    shared.console.note(trainedOnWarning(known))
  }

  /// Prints the figures, and writes them if there is a folder.
  private func write(
    _ metrics: Metrics, _ predictions: Tensor, of tasks: [String], for examples: [Example],
    to directory: consuming OutputDirectory?
  ) throws {
    var outputs = OutputTransaction()
    func put(_ text: String, _ output: consuming OutputFile) throws {
      try output.write(text)
      outputs.add(try output.finish())
    }
    let summary = metrics.summary + metrics.calibrationSummary
    let report = json ? try jsonText(metrics) : summary.joined(separator: "\n") + "\n"
    guard let directory else { return try put(report, OutputFile(path: "-", replacing: true)) }
    try put(jsonText(metrics), directory.file(named: "metrics.json"))
    try put(
      predictionTable(predictions, of: tasks, for: examples, withLabels: true),
      directory.file(named: "predictions.tsv"))
    try put(report, OutputFile(path: "-", replacing: true))
    try directory.commit(outputs)
  }
}
