internal import Datasets
internal import Evaluation
internal import Genomics
internal import Inference
internal import Models
internal import Motifs
internal import Networks
internal import Reports
internal import Tensors

extension TrainingResults {
  /// The figures of a task.
  func panels(of task: Int) -> TrainingReport.TaskPanels {
    var panels = TrainingReport.TaskPanels(name: model.tasks[task])
    let own = metrics.tasks[task]
    panels.summary =
      own.classification?.auroc.map { "AUROC \(fixed($0, 4))" }
      ?? own.regression?.pearson.map { "Pearson correlation \(fixed($0, 4))" } ?? ""
    if !test.isEmpty {
      if model.objective.hasClasses {
        addCurves(of: task, to: &panels)
      } else {
        panels.scatter = scatter(of: task)
      }
    }
    panels.motifs = (motifs?.motifs(of: task) ?? []).map { motif in
      MotifCard(
        heading: "\(motif.motif.name): \(motif.match)", motif: motif.motif,
        match: motif.match.motif.map {
          MotifCard.Match(
            name: "\(motif.match)", matrix: $0.probabilities,
            alignment: motif.match.best.match.alignment)
        },
        notes: motif.notes(measure: model.objective.measureName), offsets: motif.offsets,
        length: min(model.windowLength, model.lengths.upperBound))
    }
    panels.spacings = spacingTable(of: task)
    panels.sequences = sequences(of: task)
    return panels
  }

  private func spacingTable(of task: Int) -> ReportTable {
    guard let motifs else { return ReportTable() }
    let names = motifs.motifs(of: task).map(\.motif.name)
    let rows = motifs.spacings(of: task).map { spacing in
      [
        "\(names[spacing.primary]), \(names[spacing.secondary])", spacing.quadrant.rawValue,
        "\(spacing.gap)", "\(grouped(spacing.count)) of \(grouped(spacing.pairs))",
        figure(spacing.eValue, 4),
      ]
    }
    return ReportTable(
      header: [
        "Pairs at a fixed distance", "Where the second stands", "Bases between", "Pairs", "E",
      ],
      rows: rows)
  }

  private func addCurves(of task: Int, to panels: inout TrainingReport.TaskPanels) {
    let examples = measured(task)
    let isPositive = examples.map { test[$0].labels[task] > 0.5 }
    let scores = examples.map { predictions.scalars[$0 * model.tasks.count + task] }
    let rules = baselines.isEmpty ? [] : baselines[task]
    for (name, scores) in [("model", scores)] + rules.map({ ($0.name, $0.scores) }) {
      panels.rocCurves.append(
        Curve(name, points: rocCurve(scores: scores, isPositive: isPositive)))
      panels.precisionRecallCurves.append(
        Curve(name, points: precisionRecallCurve(scores: scores, isPositive: isPositive)))
    }
    panels.positiveFraction = Double(isPositive.count { $0 }) / Double(max(1, isPositive.count))
    for (name, wanted) in [("bound", true), ("not bound", false)] {
      let own = zip(scores, isPositive).filter { $0.1 == wanted }.map { Double($0.0) }
      panels.scores.append(ScoreClass(name, scores: own))
    }
    panels.reliability =
      metrics.tasks[task].classification?.reliability.map { bins in
        bins.map {
          .init(predicted: $0.meanPrediction, observed: $0.observedShare, count: $0.count)
        }
      } ?? []
  }

  private func scatter(of task: Int) -> ScatterPlot {
    let name = model.tasks[task]
    return ScatterPlot(
      title: model.tasks.count == 1 ? "Predicted and measured" : "Predicted and measured, \(name)",
      xLabel: "Measured", yLabel: "Predicted",
      points: measured(task).map {
        (
          Double(test[$0].labels[task]),
          Double(predictions.scalars[$0 * model.tasks.count + task])
        )
      })
  }

  /// The held-out examples that a task measured.
  private func measured(_ task: Int) -> [Int] {
    test.indices.filter { !test[$0].labels[task].isNaN }
  }

  /// The tasks whose sequences are drawn, and the sequences of each kind.
  private static let mostTasksWithSequences = 8
  private static let basesPerRow = 51

  /// Contributions in the held-out sequences that tell most.
  private func sequences(of task: Int) -> [(heading: String, figures: [ReportFigure])] {
    guard let motifs, motifs.plan.tasks.prefix(Self.mostTasksWithSequences).contains(task) else {
      return []
    }
    let examples = measured(task)
    let groups = TellingExamples.groups(
      predictions: examples.map { predictions.scalars[$0 * model.tasks.count + task] },
      labels: examples.map { test[$0].labels[task] }, hasClasses: model.objective.hasClasses,
      count: model.tasks.count == 1 ? 3 : 1)
    let drawer = TrackDrawer(
      model: model, task: task, motifs: motifs, seed: seed, threads: threads)
    return groups.map { group in
      (
        "\(group.kind.words).",
        drawer.figures(
          of: group.indices.map { test[examples[$0]] }, basesPerRow: Self.basesPerRow,
          named: group.kind.rawValue)
      )
    }
  }
}

extension TellingExamples.Kind {
  fileprivate var words: String {
    switch self {
    case .best: "Bound, with the highest outputs"
    case .missed: "Bound, with the lowest outputs: what the model misses"
    case .wrong: "Not bound, with the highest outputs: where the model is wrong"
    case .highest: "With the highest outputs"
    case .lowest: "With the lowest outputs"
    case .farthest: "Farthest from what was measured"
    }
  }
}

/// Draws what the bases of sequences contribute, with the motifs that are in them.
struct TrackDrawer {
  let model: Model
  let task: Int
  let motifs: ModelMotifs
  let seed: UInt64
  let threads: Int

  /// The bases that are drawn; of a longer sequence the stretch that contributes most.
  private static let mostBases = 204

  func figures(of examples: [Example], basesPerRow: Int, named kind: String) -> [ReportFigure] {
    let explainer = SequenceExplainer(
      model, by: motifs.plan.method, references: motifs.plan.references, seed: seed)
    let results = explainer.explanations(
      of: examples.map(\.bases), task: task, threads: threads)
    let own = motifs.motifs(of: task)
    let contributed = own.map {
      ContributionMotif(name: $0.motif.name, contributions: $0.pattern.contributions)
    }
    let reconstruction = ContributionReconstruction(contributed)
    return zip(examples, results).compactMap { example, result in
      guard let explanation = try? result.get() else { return nil }
      let hits = reconstruction.hits(in: [explanation.contributed], null: [], threads: 1)[0]
      let drawn = stretch(of: explanation.contributions)
      var track = SequenceTrack(
        codes: Array(explanation.bases.codes[drawn]),
        contributions: Array(explanation.contributions[drawn]))
      track.firstPosition =
        (example.interval?.start ?? 0) + explanation.place.lowerBound + drawn.lowerBound + 1
      track.basesPerRow = basesPerRow
      track.marks = hits.marks(of: contributed, in: drawn)
      return .contributions(
        track,
        title: "\(example.name), \(outcome(of: example, explanation))")
    }
  }

  /// The output, or of numbers what was predicted and measured.
  private func outcome(of example: Example, _ explanation: Explanation) -> String {
    guard !model.objective.hasClasses else {
      return "output \(fixed(Double(explanation.output), 2))"
    }
    let predicted = model.objective.predictions([explanation.output])[0]
    return "predicted \(figure(Double(predicted), 4)), "
      + "measured \(figure(Double(example.labels[task]), 4))"
  }

  private func stretch(of contributions: [Float]) -> Range<Int> {
    let count = min(contributions.count, Self.mostBases)
    let sums = contributions.reduce(into: [Float(0)]) { $0.append($0.last! + abs($1)) }
    let start =
      (0...contributions.count - count).max {
        sums[$0 + count] - sums[$0] < sums[$1 + count] - sums[$1]
      }
      ?? 0
    return start..<start + count
  }
}
