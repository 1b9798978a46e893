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
  private let model: Model
  private let histories: [[EpochRecord]]
  private let test: [Example]
  private let predictions: Tensor
  private let metrics: Metrics
  private let motifs: FilterMotifs?
  private let run: RunRecord
  private let fits: [FitAssessment]
  private let warnings: [String]

  /// The sequences that motifs are made of at most, evenly spread: more change them little.
  private static let mostMotifSources = 2000

  init(
    model: Model, histories: [[EpochRecord]], prepared: PreparedDataset, run: RunRecord,
    seed: UInt64,
    threads: Int
  ) {
    self.histories = histories
    fits = histories.compactMap(FitAssessment.init)
    var run = run
    run.fits = fits
    self.run = run
    test = prepared.test
    predictions = model.predictions(for: test, threads: threads)
    let positives = model.objective.motifSources(prepared.train)
    let sources = positives.isEmpty ? prepared.train.map(\.bases) : positives
    let interval = sources.count.dividedRoundingUp(by: Self.mostMotifSources)
    // Motifs are of bases.
    motifs =
      model.alphabet == .protein
      ? nil
      : try? FilterMotifs(
        of: model.ensemble,
        positives: stride(from: 0, to: sources.count, by: interval).map { sources[$0] },
        threads: threads)
    metrics = Metrics(
      predictions: predictions, examples: test, tasks: model.tasks, objective: model.objective,
      baselines: test.isEmpty || model.alphabet == .protein
        ? []
        : model.objective.hasClasses
          ? prepared.baselines(
            taskCount: model.tasks.count, motifs: motifs, seed: seed, threads: threads)
          : prepared.regressionBaselines(taskCount: model.tasks.count, threads: threads),
      data: test.isEmpty ? Metrics.nothing : "test", seed: seed, threads: threads)
    var cautious = model
    cautious.atChance = metrics.atChance
    self.model = cautious
    warnings =
      model.objective.hasClasses
      ? fewExamplesWarnings(
        prepared.train, tasks: model.tasks, hasKmers: model.ensemble.kmers != nil)
        + (model.objective.hasNegatives
          ? compositionWarnings(test, tasks: model.tasks, negatives: prepared.negatives) : [])
        + prepared.contradictions.map(\.warning) + metrics.atChance.map(\.warning) : []
  }

  /// The held-out figures, those of baselines, and what to beware of, a line each.
  var summary: [String] {
    metrics.summary + metrics.baselineSummary + fits.words
      + [model.priorNote].compactMap(\.self) + warnings
  }

  /// Writes the files, all of them or none.
  ///
  /// - Parameter search: What tells of the search that settled the recipe, if there was one.
  func write(to directory: borrowing OutputDirectory, search: Tuning.Result?) throws {
    var outputs = OutputTransaction()
    func put(_ name: String, _ bytes: [UInt8]) throws {
      var file = try directory.file(named: name)
      try file.write(bytes)
      outputs.add(try file.finish())
    }
    // An old model goes first and the new one comes last: the files beside a model are of its run.
    outputs.remove(directory.path(of: "model.safetensors"))
    outputs.remove(directory.path(of: "motifs.meme"))
    try put("history.tsv", Array(history.utf8))
    try put(
      "predictions.tsv",
      Array(predictionTable(predictions, of: model.tasks, for: test, withLabels: true).utf8))
    if let motifs {
      let text = memeText(motifs.motifs.map(\.motif), background: motifs.background)
      try put("motifs.meme", Array(text.utf8))
    }
    for file in search?.files ?? [] { try put(file.name, Array(file.text.utf8)) }
    try put("metrics.json", Array(try jsonText(metrics).utf8))
    try put("run.json", Array(try jsonText(run).utf8))
    try put("report.html", Array(report(search).html().utf8))
    try put("model.safetensors", model.bytes)
    try directory.commit(outputs)
  }

  private var history: String {
    var text =
      "network\tepoch\tlearning_rate\ttraining_loss\tvalidation_loss\tvalidation_auroc\n"
    for (member, history) in histories.enumerated() {
      for epoch in history {
        let area = epoch.validationAUROC.map { "\($0)" } ?? ""
        text += "\(member + 1)\t\(epoch.epoch)\t\(epoch.learningRate)\t\(epoch.trainingLoss)"
        text += "\t\(epoch.validationLoss)\t\(area)\n"
      }
    }
    return text
  }

  private func report(_ search: Tuning.Result?) -> TrainingReport {
    var report = TrainingReport(title: "seqcnn: \(model.tasks.joined(separator: ", "))")
    report.summary = (metrics.summary + warnings).joined(separator: " ")
    report.facts = facts
    report.ledgers = run.ledgers
    report.lossCurves = lossCurves
    report.metrics = test.isEmpty ? .init() : metrics.table
    report.confusion = metrics.confusionTable
    report.baselines = metrics.baselineTable
    report.trials = search?.trialTable ?? .init()
    report.classes = run.classTable
    report.leaks = run.leakTable
    if model.tasks.count == 1 {
      report.reliability =
        metrics.tasks[0].classification?.reliability.map { bins in
          bins.map {
            .init(predicted: $0.meanPrediction, observed: $0.observedShare, count: $0.count)
          }
        } ?? []
    }
    report.motifs = (motifs?.motifs ?? []).map {
      TrainingReport.MotifEntry(
        $0.motif,
        note: "influence \(figure($0.influence, 2))")
    }
    if !test.isEmpty {
      if model.objective.hasClasses {
        addCurves(to: &report)
      } else {
        addScatters(to: &report)
      }
    }
    return report
  }

  private var facts: [(String, String)] {
    [
      ("Version", run.version), ("Seed", "\(run.seed)"), ("Split", run.split),
      ("Window", "\(model.windowLength) bases"),
      (
        "Lowest validation loss",
        histories.map { "epoch \($0.bestEpoch) of \($0.count)" }.joined(separator: "; ")
      ),
      ("Processor", "\(run.cpu), BLAS kernel \(run.blasKernel)"),
    ] + fits.words.map { ("Learning", $0) }
      + run.inputs.map { ("SHA-256 of \($0.name)", $0.sha256) }
      + (motifs?.withoutMotif ?? []).map { ("Filters", $0) }
  }

  private var lossCurves: [Curve] {
    histories.enumerated().flatMap { member, history in
      let number = histories.count > 1 ? " \(member + 1)" : ""
      return [
        Curve("training\(number)", points: history.map { (Double($0.epoch), $0.trainingLoss) }),
        Curve("validation\(number)", points: history.map { (Double($0.epoch), $0.validationLoss) }),
      ]
    }
  }

  private func addScatters(to report: inout TrainingReport) {
    let tasks = model.tasks.count
    report.scatters = model.tasks.enumerated().map { task, name in
      ScatterPlot(
        title: tasks == 1 ? "Predicted and measured" : name, xLabel: "Measured",
        yLabel: "Predicted",
        points: test.indices.filter { !test[$0].labels[task].isNaN }.map {
          (Double(test[$0].labels[task]), Double(predictions.scalars[$0 * tasks + task]))
        })
    }
  }

  private func addCurves(to report: inout TrainingReport) {
    let tasks = model.tasks.count
    for (task, name) in model.tasks.enumerated() {
      let measured = test.indices.filter { !test[$0].labels[task].isNaN }
      let scores = measured.map { predictions.scalars[$0 * tasks + task] }
      let isPositive = measured.map { test[$0].labels[task] > 0.5 }
      report.rocCurves.append(
        Curve(name, points: rocCurve(scores: scores, isPositive: isPositive)))
      report.precisionRecallCurves.append(
        Curve(name, points: precisionRecallCurve(scores: scores, isPositive: isPositive)))
      guard tasks == 1 else { continue }
      report.positiveFraction = Double(isPositive.count { $0 }) / Double(max(1, isPositive.count))
      for (className, wanted) in [("bound", true), ("not bound", false)] {
        let own = zip(scores, isPositive).filter { $0.1 == wanted }.map { Double($0.0) }
        report.scores.append(ScoreClass(className, scores: own))
      }
    }
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
