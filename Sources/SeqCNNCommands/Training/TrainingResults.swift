internal import Datasets
internal import Evaluation
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs
internal import Networks
internal import Reports
internal import Tensors
internal import Training

/// What training leaves: a model, its held-out figures, and the files that tell of them.
struct TrainingResults {
  let model: Model
  let histories: [[EpochRecord]]
  let prepared: PreparedDataset
  let predictions: Tensor
  let metrics: Metrics
  /// Simple rules, by task; none if nothing was measured.
  let baselines: [[Baseline]]
  /// `nil` of proteins.
  let filters: FilterMotifs?
  /// `nil` if none were looked for.
  let motifs: ModelMotifs?
  let run: RunRecord
  let fits: [FitAssessment]
  let warnings: [String]
  let seed: UInt64
  let threads: Int

  var test: [Example] { prepared.test }

  static let (model, lossTable, states) = (
    "model.safetensors", "history.tsv", "state.safetensors"
  )

  /// The sequences that filters' motifs are made of at most, evenly spread: more change them little.
  private static let mostMotifSources = 2000

  init(
    model: Model, histories: [[EpochRecord]], chanceLoss: Double?, prepared: PreparedDataset,
    run: RunRecord, motifs: ModelMotifs?, seed: UInt64, threads: Int
  ) {
    (self.histories, self.prepared) = (histories, prepared)
    (self.motifs, self.seed, self.threads) = (motifs, seed, threads)
    fits = histories.compactMap { FitAssessment($0, chanceLoss: chanceLoss) }
    var run = run
    run.fits = fits
    self.run = run
    let test = prepared.test
    predictions = model.predictions(for: test, threads: threads)
    filters = Self.filters(of: model, prepared, threads: threads)
    baselines =
      test.isEmpty || model.alphabet == .protein
      ? []
      : model.objective.hasClasses
        ? prepared.baselines(
          taskCount: model.tasks.count, motifs: filters, seed: seed, threads: threads)
        : prepared.regressionBaselines(taskCount: model.tasks.count, threads: threads)
    metrics = Metrics(
      predictions: predictions, examples: test, tasks: model.tasks, objective: model.objective,
      baselines: baselines, data: test.isEmpty ? Metrics.nothing : "test", seed: seed,
      threads: threads)
    var cautious = model
    cautious.atChance = metrics.atChance
    self.model = cautious
    warnings =
      (model.objective.hasClasses
        ? Self.warnings(on: model, prepared, metrics, by: run.recipe)
        : metrics.tasks.compactMap(\.uncorrelatedWarning))
      + metrics.tasks.compactMap(\.ruleWarning) + fits.warnings
  }

  /// The filters' motifs; `nil` of proteins, as motifs are of bases, and of networks without look-up tables, which would take as
  /// long as a part of the training.
  private static func filters(
    of model: Model, _ prepared: PreparedDataset, threads: Int
  ) -> FilterMotifs? {
    guard model.alphabet != .protein, model.ensemble.networks.allSatisfy({ $0.motifs != nil })
    else { return nil }
    let positives = model.objective.motifSources(prepared.train)
    let sources = positives.isEmpty ? prepared.train.map(\.bases) : positives
    let interval = sources.count.dividedRoundingUp(by: mostMotifSources)
    return try? FilterMotifs(
      of: model.ensemble,
      positives: stride(from: 0, to: sources.count, by: interval).map { sources[$0] },
      threads: threads)
  }

  private static func warnings(
    on model: Model, _ prepared: PreparedDataset, _ metrics: Metrics, by recipe: Recipe
  ) -> [String] {
    fewExamplesWarnings(
      prepared.train, tasks: model.tasks,
      lacksKmers: !recipe.ensemble.gappedKmers && model.alphabet == .dna
        && ![.ordinal, .count].contains(model.objective))
      + (model.objective.hasNegatives
        ? compositionWarnings(prepared.test, tasks: model.tasks, negatives: prepared.negatives)
        : [])
      + prepared.contradictions.map(\.warning) + metrics.atChance.map(\.warning)
  }

  /// The held-out figures, those of baselines, and what to beware of, a line each.
  var summary: [String] {
    metrics.summary + metrics.baselineSummary + fits.notes
      + (motifs?.summary(of: model) ?? [])
      + [model.priorNote].compactMap(\.self) + warnings
  }

  /// Writes the files, all of them or none.
  ///
  /// - Parameters:
  ///   - search: What tells of the search that settled the recipe, if there was one.
  ///   - states: What a longer training goes on from; `nil` if none may.
  func write(
    to directory: borrowing OutputDirectory, search: Tuning.Result?, states: [UInt8]?
  ) throws {
    var outputs = OutputTransaction()
    func put(_ name: String, _ bytes: [UInt8]) throws {
      var file = try directory.file(named: name)
      try file.write(bytes)
      outputs.add(try file.finish())
    }
    // An old model goes first and the new one comes last: the files beside a model are of its run.
    outputs.remove(directory.path(of: Self.model))
    for name in ModelMotifs.fileNames + [Self.states] { outputs.remove(directory.path(of: name)) }
    let losses = LossTable.text(histories.enumerated().map { ($0.offset, $0.element) })
    try put(Self.lossTable, Array(losses.utf8))
    try put(
      "predictions.tsv",
      Array(predictionTable(predictions, of: model.tasks, for: test, withLabels: true).utf8))
    let modelBytes = try model.bytes
    try motifs?.write(
      tasks: model.tasks, origin: OutputOrigin(modelDigest: sha256(of: modelBytes)),
      to: directory, in: &outputs)
    for file in search?.files ?? [] { try put(file.name, Array(file.text.utf8)) }
    try put("metrics.json", Array(try jsonText(metrics).utf8))
    try put("run.json", Array(try jsonText(run).utf8))
    let report = report(search)
    try put("report.html", Array(report.html().utf8))
    try put("report.tsv", Array(report.numbers().utf8))
    if let states { try put(Self.states, states) }
    try put(Self.model, modelBytes)
    try directory.commit(outputs)
  }
}

extension Model {
  /// The predictions for examples, `[example, task]`.
  func predictions(for examples: [Example], threads: Int) -> Tensor {
    guard !examples.isEmpty else { return Tensor(zeros: [0, tasks.count]) }
    return SequenceScorer(self).predictions(of: examples.map(\.bases), threads: threads)
  }
}

extension Tensor {
  /// Some columns of `[row, column]`.
  func columns(_ chosen: [Int]) -> Tensor {
    let (rows, width) = (shape[0], shape[1])
    return Tensor(
      shape: [rows, chosen.count],
      scalars: (0..<rows).flatMap { row in chosen.map { scalars[row * width + $0] } })
  }
}

/// The table of predictions: name, place where all examples have one, a column per task, and behind
/// those, on request, a column `TASK.label` each.
func predictionTable(
  _ predictions: Tensor, of tasks: [String], for examples: [Example], withLabels: Bool
) -> String {
  let tasks = tasks.map(\.tableField)
  let havePlaces = !examples.isEmpty && examples.allSatisfy { $0.interval != nil }
  let header =
    ["name"] + (havePlaces ? ["chrom", "start", "end"] : []) + tasks
    + (withLabels ? tasks.map { "\($0).label" } : [])
  var text = header.joined(separator: "\t") + "\n"
  for (index, example) in examples.enumerated() {
    var fields = [example.name.tableField]
    if havePlaces, let place = example.interval {
      fields += [place.sequence.tableField, "\(place.start)", "\(place.end)"]
    }
    fields += predictions.scalars[index * tasks.count..<(index + 1) * tasks.count].map { "\($0)" }
    if withLabels { fields += example.labels.map { $0.isNaN ? "" : "\($0)" } }
    text += fields.joined(separator: "\t") + "\n"
  }
  return text
}
