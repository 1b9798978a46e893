internal import ArgumentParser
internal import Datasets
internal import Networks
internal import Reports
internal import Training

/// The search of `tune`, between the preparation of examples and the training of a model.
struct Tuning {
  let trials: Int
  let folds: Int

  /// What a search leaves.
  struct Result {
    let recipe: Recipe
    let files: [(name: String, text: String)]
    /// The best trials, for the report.
    let trialTable: TrainingReport.Table
  }

  private static let trialsShown = 30

  /// The file that `--resume` goes on from; it goes when the run ends.
  static let journal = "tuning.json"

  /// What decides the result.
  var planDescription: [String: String] { ["trials": "\(trials)", "folds": "\(folds)"] }

  /// Finds a recipe.
  ///
  /// - Parameters:
  ///   - training: What the winner goes into.
  ///   - examples: What it learns from before the validation examples.
  /// - Returns: The recipe, and what tells of the search.
  func run(
    _ training: EnsembleTraining, learning examples: [Example], windowLength: Int,
    journal: TuningJournal
  ) throws -> Result {
    let console = training.console
    let search = TuningSearch(
      training.recipe, trials: trials, folds: try parts(of: examples, training),
      final: TuningPart(
        training: examples, scored: training.prepared.validation, kmers: nil,
        threads: training.threads),
      windowLength: windowLength, objective: training.objective,
      makesShuffles: training.prepared.makesFreshNegatives, seed: training.seed)
    guard let search else {
      throw ValidationError(
        "tune searches networks of motif detectors over all positions and one hidden layer; "
          + "leave `network` out of --config")
    }
    if journal.count > 0 { console.note("resumed: \(journal.count) training(s) of the search") }
    let rungs = search.schedule.rungs.map {
      $0.divisor == 1 ? "\($0.trials) in full" : "\($0.trials) for 1/\($0.divisor) of the epochs"
    }
    console.note("tune: trials \(rungs.joined(separator: ", ")); \(folds) folds each")
    let progress = SharedProgress(
      console.progress("tune", unit: "sequences", total: search.plannedSequences))
    let result = try search.run(journal: journal, threads: training.threads) { progress.add($0) }
    progress.finish()
    for line in summary(of: result, objective: training.objective) { console.note(line) }
    return Result(
      recipe: result.recipe,
      files: [
        ("trials.tsv", result.trials.table), ("starts.tsv", startTable(result)),
        ("recipe.json", try jsonText(result.recipe)),
      ],
      trialTable: trialTable(result.trials, objective: training.objective))
  }

  /// The best trials: those that got furthest first, then by their score.
  private func trialTable(
    _ trials: [TuningTrial], objective: Objective
  ) -> TrainingReport.Table {
    let ranked = trials.sorted {
      (-$0.rung, -($0.score ?? -1), $0.number) < (-$1.rung, -($1.score ?? -1), $1.number)
    }
    return TrainingReport.Table(
      header: [
        "Trial", "Filters", "Pooling", "Hidden units", "Learning rate", "Epochs",
        "Cross-validated \(figure(objective))", "",
      ],
      rows: ranked.prefix(Self.trialsShown).map { trial in
        let drawn = trial.parameters
        return [
          "\(trial.number)", "\(drawn.filters) × \(drawn.width)", drawn.pooling.rawValue,
          "\(drawn.hidden)", "\(drawn.learningRate)", "\(trial.epochs)",
          trial.score.map { fixed($0, 4) } ?? "–", trial.statusText,
        ]
      })
  }

  private func figure(_ objective: Objective) -> String {
    objective == .classification ? "AUROC" : "correlation"
  }

  /// Each fold to be scored on, and the others to train on, with the k-mer table that the model is to
  /// have, trained on these.
  private func parts(of examples: [Example], _ training: EnsembleTraining) throws -> [TuningPart] {
    let prepared = training.prepared
    let folds = try Datasets.folds(
      of: examples, count: folds, areClasses: training.objective == .classification,
      seed: training.seed)
    return folds.map { fold in
      let scored = fold.map { examples[$0] }
      let others = Set(examples.indices).subtracting(fold).sorted().map { examples[$0] }
      return TuningPart(
        training: others,
        scored: prepared.makesFreshNegatives
          ? scored + shuffledNegatives(of: scored.filter(\.isPositive), seed: training.seed)
          : scored,
        kmers: training.kmerTable(others), threads: training.threads)
    }
  }

  private func summary(of result: TuningSearch.Result, objective: Objective) -> [String] {
    guard let winner = result.trials.first(where: { $0.status == .winner }) else { return [] }
    let best =
      "tune: trial \(winner.number) won, cross-validated \(figure(objective)) "
      + fixed(winner.score ?? 0, 4)
    let first = result.trials[0]
    let comparison =
      winner.number == 1
      ? " (the recipe as it was)"
      : " (the recipe as it was: \(first.score.map { fixed($0, 4) } ?? "failed"), rung "
        + "\(first.rung) of \(winner.rung))"
    return [
      best + comparison,
      "tune: starts \(result.recipe.ensemble.starts.map { "\($0)" }.joined(separator: ", ")) of "
        + "\(result.starts.count) did best on the validation examples",
    ]
  }

  private func startTable(_ result: TuningSearch.Result) -> String {
    let rows = result.starts.enumerated().map { start, outcome in
      let status =
        outcome.failure.map { "failed: \($0)" }
        ?? (result.recipe.ensemble.starts.contains(start) ? "kept" : "left out")
      return "\(start)\t\(outcome.epochs)\t\(outcome.score.map { "\($0)" } ?? "")\t\(status)\n"
    }
    return "start\tepochs\tvalidation\tstatus\n" + rows.joined()
  }
}
