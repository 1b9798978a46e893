internal import ArgumentParser
internal import GenomicsIO
internal import Networks
internal import Reports
internal import Training

/// The search of `tune`, between the preparation of examples and the training of a model.
struct Tuning {
  let trials: Int
  let folds: Int
  /// The file of the search space; `nil` for what suits the recipe.
  let spaceFile: String?

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
  func planDescription() throws -> [String: String] {
    var description = ["trials": "\(trials)", "folds": "\(folds)"]
    description["space"] = try spaceFile.map { try sha256(ofFile: $0) }
    return description
  }

  /// Finds a recipe.
  ///
  /// - Parameter training: What the winner goes into.
  /// - Returns: The recipe, and what tells of the search.
  func run(
    _ training: ModelTraining, windowLength: Int, journal: TuningJournal, console: Console
  ) throws -> Result {
    let space = try self.space(for: training.recipe)
    let search = try training.search(
      space, trials: trials, folds: folds, windowLength: windowLength)
    if journal.count > 0 { console.note("resumed: \(journal.count) training(s) of the search") }
    let rungs = search.schedule.rungs.map {
      $0.divisor == 1 ? "\($0.trials) in full" : "\($0.trials) for 1/\($0.divisor) of the epochs"
    }
    console.note("tune: trials \(rungs.joined(separator: ", ")); \(folds) folds each")
    let progress = SharedProgress(
      console.progress("tune", unit: "sequences", total: search.plannedSequences))
    let result = try search.run(journal: journal, threads: training.threads) { progress.add($0) }
    progress.finish()
    for line in summary(of: result, measure: training.objective.measureName) { console.note(line) }
    var recipe = result.recipe
    // What `train --config` settles by the data.
    recipe.network.length = nil
    return Result(
      recipe: result.recipe,
      files: [
        (
          "trials.tsv", try result.trials.table(of: space.paths, recipe: search.base)
        ), ("starts.tsv", startTable(result)), ("recipe.json", try jsonText(recipe)),
      ],
      trialTable: try trialTable(result.trials, search, measure: training.objective.measureName))
  }

  /// What is searched: the file's space, or what suits the recipe.
  private func space(for recipe: Recipe) throws -> SearchSpace {
    guard let spaceFile else { return SearchSpace(for: recipe) }
    return try SearchSpace(
      readBytes(spaceFile, limit: largestSettings), file: spaceFile, for: recipe)
  }

  /// The best trials: those that got furthest first, then by their score.
  private func trialTable(
    _ trials: [TuningTrial], _ search: TuningSearch, measure: String
  ) throws -> TrainingReport.Table {
    let ranked = trials.sorted {
      (-$0.rung, -($0.score ?? -1), $0.number) < (-$1.rung, -($1.score ?? -1), $1.number)
    }
    let paths = search.space.paths
    let values = try trials.values(of: paths, recipe: search.base)
    return TrainingReport.Table(
      header: ["Trial"] + paths.map(\.lastComponents)
        + ["Epochs", "Cross-validated \(measure)", ""],
      rows: ranked.prefix(Self.trialsShown).map { trial in
        ["\(trial.number)"] + values[trial.number - 1]
          + ["\(trial.epochs)", trial.score.map { fixed($0, 4) } ?? "–", trial.statusText]
      })
  }

  private func summary(of result: TuningSearch.Result, measure: String) -> [String] {
    guard let winner = result.trials.first(where: { $0.status == .winner }) else { return [] }
    let best =
      "tune: trial \(winner.number) won, cross-validated \(measure) "
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

extension String {
  /// What a path ends in, such as `3.dropout.rate` of `network.layers.3.dropout.rate`.
  fileprivate var lastComponents: String {
    let parts = split(separator: ".")
    return parts.first == "network" ? parts.dropFirst(2).joined(separator: ".") : self
  }
}
