internal import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Networks
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

      Prints AUROC, AUPRC, Brier score and calibration error with 95% bootstrap
      intervals. Tasks are matched by name; a single one may have any. Sequences are
      scored whole, peaks in windows of the model's length. Negatives that the input
      lacks are made, as in `train`. With --json the object of metrics.json is
      printed; --output also writes metrics.json and predictions.tsv.
      """)

  @OptionGroup(title: "Input") var input: InputOptions

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @Flag(help: "Print the figures as JSON.")
  var json = false

  @Option(help: ArgumentHelp("A folder for metrics.json and predictions.tsv.", valueName: "dir"))
  var output: String?

  @OptionGroup(title: "Negatives") var negatives: NegativesOptions
  @OptionGroup var seedOption: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try negatives.validate(with: input)
  }

  func run() throws {
    try input.check()
    let model = try shared.console.model(path: model)
    let directory = try output.map { path throws in
      try OutputDirectory(path: path, replacing: force.force)
    }
    var loaded = try input.load(for: model)
    try negatives.exclude.map { path throws in try loaded.exclude(regionsOf: path) }
    shared.console.report(loaded)
    try loaded.arrangeTasks(as: model.tasks, file: input.source.paths[0])
    let (examples, source, ledger) = try loaded.withNegatives(negatives.plan(seed: seedOption.seed))
    if let source { shared.console.note(source.note) }
    if let ledger { shared.console.note("\(ledger)") }
    let given = Dataset(tasks: model.tasks, examples: loaded.dataset.examples)
    for contradiction in source == nil ? [] : given.contradictions {
      shared.console.note(contradiction.warning)
    }
    let predictions = model.predictions(for: examples, threads: shared.threads)
    var metrics = Metrics(
      predictions: predictions, examples: examples, tasks: model.tasks, objective: model.objective,
      data: "input", seed: seedOption.seed, threads: shared.threads)
    if model.objective.hasClasses {
      for line in compositionWarnings(examples, tasks: model.tasks, negatives: source) {
        shared.console.note(line)
      }
    }
    let known = try model.provenance.trainedOn(input.source.examplePaths)
    if !known.isEmpty {
      metrics.trainedOn = known
      shared.console.note(trainedOnWarning(known))
    }
    if let directory {
      try write(jsonText(metrics), to: directory.path(of: "metrics.json"))
      try write(
        predictionTable(predictions, of: model, for: examples, withLabels: true),
        to: directory.path(of: "predictions.tsv"))
    }
    try write(json ? jsonText(metrics) : metrics.summary.joined(separator: "\n") + "\n", to: "-")
  }

  private func write(_ text: String, to path: String) throws {
    var file = try OutputFile(path: path, replacing: true)
    try file.write(text)
    try file.commit()
  }
}
