internal import Datasets
internal import Genomics
internal import Layers
public import Networks
internal import Parallel
internal import Tensors

/// A search for the best recipe: random draws from a space, cross-validated, the hopeless ones eliminated
/// early, and the winner trained from several starts.
///
/// Each training has a thread of its own and depends on nothing but its job, so the result is the same
/// for any number of threads, and for a run that goes on from its journal.
public struct TuningSearch: Sendable {
  /// What the draws are applied to.
  public let base: Recipe
  public let space: SearchSpace
  /// For each trial its draw; the first one is the recipe as it is.
  public let draws: [Draw?]
  /// What each trial trains by.
  let recipes: [Recipe]
  public let schedule: SuccessiveHalving
  let folds: [TuningPart]
  let final: TuningPart
  let objective: Objective
  let makesShuffles: Bool
  let seed: UInt64

  /// The number of starts tried per network of the model.
  private static let startsPerNetwork = 2
  private static let fewestStarts = 6

  /// A draw that makes no recipe, or whose network can't read the windows, is drawn again, this often at most.
  private static let mostDraws = 100

  /// Draws the trials; the first one is the recipe as it is.
  ///
  /// - Parameters:
  ///   - folds: Each fold to be scored on, and the others to train on.
  ///   - final: The training and the validation examples.
  ///   - makesShuffles: Whether training makes its own negatives.
  /// - Throws: `TrainingError` if the space holds hardly any recipe.
  /// - Precondition: `trials >= 1`, and at least one fold.
  public init(
    _ base: Recipe, space: SearchSpace, trials: Int, folds: [TuningPart], final: TuningPart,
    windowLength: Int, objective: Objective, makesShuffles: Bool, seed: UInt64
  ) throws {
    self.base = base
    self.space = space
    let data = DrawnFor(
      windowLength: windowLength, taskCount: final.scored.first?.labels.count ?? 1,
      lengthsVary: Set(final.training.map(\.bases.count)).count > 1)
    var (draws, recipes): ([Draw?], [Recipe]) = ([nil], [base])
    for trial in 1..<max(1, trials) {
      let (draw, recipe) = try Self.draw(trial, from: space, base: base, for: data, seed: seed)
      draws.append(draw)
      recipes.append(recipe)
    }
    (self.draws, self.recipes) = (draws, recipes)
    schedule = SuccessiveHalving(trials: trials)
    self.folds = folds
    self.final = final
    self.objective = objective
    self.makesShuffles = makesShuffles
    self.seed = seed
  }

  /// The data that recipes are drawn for.
  private struct DrawnFor {
    let windowLength, taskCount: Int
    let lengthsVary: Bool

    /// A recipe for windows of the length; `nil`, and a reason, if it can't learn from the data.
    func fitted(_ drawn: Recipe) throws -> (recipe: Recipe?, problem: String) {
      var recipe = drawn
      recipe.network = recipe.network.reading(length: windowLength)
      let shortest = try recipe.networks.reduce(0) { shortest, network in
        var anyLength = network
        anyLength.length = nil
        return max(shortest, try anyLength.minimumLength())
      }
      guard shortest <= windowLength else {
        return (nil, "the network needs \(shortest) bases, the windows have \(windowLength)")
      }
      guard !lengthsVary || !recipe.network.needsOneLength else {
        return (nil, "the network learns from sequences of one length")
      }
      if let problem = try recipe.sizeProblem(taskCount: taskCount, length: windowLength) {
        return (nil, problem)
      }
      return (recipe, "")
    }
  }

  private static func draw(
    _ trial: Int, from space: SearchSpace, base: Recipe, for data: DrawnFor, seed: UInt64
  ) throws -> (Draw, Recipe) {
    var problem = ""
    for attempt in 0..<mostDraws {
      var random = RandomStream(seed: seed, .trials, trial, attempt)
      let draw = space.draw(using: &random)
      do {
        let fitted = try data.fitted(draw.applied(to: base))
        if let recipe = fitted.recipe { return (draw, recipe) }
        problem = fitted.problem
      } catch let error as RecipeChangeError {
        problem = error.problem.description
      } catch let error as ConfigurationError {
        problem = error.description
      }
    }
    throw TrainingError(
      description: "\(mostDraws) draws from the search space made no recipe, the last one because "
        + "\(problem); narrow the ranges")
  }

  /// What a search found.
  public struct Result: Sendable {
    public let trials: [TuningTrial]
    /// The final trainings of the winner, from start 0 on.
    public let starts: [TuningOutcome]
    /// The winner, its networks started from where they did best on the validation examples.
    public let recipe: Recipe
  }

  /// Runs what the journal doesn't hold.
  ///
  /// - Parameter progress: Called after each training, by any thread, with the sequences that it took.
  /// - Throws: `TrainingError` if every trial fails; `ConfigurationError`, `OutputError`.
  public func run(
    journal: TuningJournal, threads: Int, progress: @escaping @Sendable (Int) -> Void
  ) throws -> Result {
    var trials = draws.enumerated().map { TuningTrial(number: $0 + 1, draw: $1) }
    var standing = Array(trials.indices)
    for (index, rung) in schedule.rungs.enumerated() {
      for trial in standing.dropFirst(rung.trials) {
        trials[trial].status = .eliminated(rung: index)
      }
      standing = Array(standing.prefix(rung.trials))
      let jobs = standing.flatMap { trial in
        folds.indices.map { TuningJob(rung: index, trial: trial, part: $0) }
      }
      let outcomes = try outcomes(of: jobs, journal, threads: threads, progress)
      for (job, outcome) in zip(jobs, outcomes) { trials[job.trial].add(outcome, rung: index + 1) }
      standing = standing.filter { trials[$0].score != nil }.sorted {
        (-(trials[$0].score ?? 0), $0) < (-(trials[$1].score ?? 0), $1)
      }
    }
    guard let winner = standing.first else {
      throw TrainingError(
        description:
          "all \(trials.count) trial(s) failed: \(trials.lazy.compactMap(\.failure).first ?? ""); "
          + "give more examples, or another --preset")
    }
    trials[winner].status = .winner
    let jobs = (0..<startCount).map {
      TuningJob(rung: schedule.rungs.count, trial: winner, part: $0)
    }
    let starts = try outcomes(of: jobs, journal, threads: threads, progress)
    var recipe = recipes[winner]
    recipe.ensemble.starts = try bestStarts(starts)
    return Result(trials: trials, starts: starts, recipe: recipe)
  }

  private var startCount: Int {
    max(Self.fewestStarts, Self.startsPerNetwork * base.ensemble.networks)
  }

  private func bestStarts(_ outcomes: [TuningOutcome]) throws -> [Int] {
    let ranked = outcomes.indices.filter { outcomes[$0].score != nil }.sorted {
      (-(outcomes[$0].score ?? 0), $0) < (-(outcomes[$1].score ?? 0), $1)
    }
    guard ranked.count >= base.ensemble.networks else {
      throw TrainingError(
        description: "the winner failed from \(outcomes.count - ranked.count) of "
          + "\(outcomes.count) starts; try another --seed")
    }
    return ranked.prefix(base.ensemble.networks).sorted()
  }

  private func outcomes(
    of jobs: [TuningJob], _ journal: TuningJournal, threads: Int,
    _ progress: @escaping @Sendable (Int) -> Void
  ) throws -> [TuningOutcome] {
    try concurrentMap(jobs.count, threads: threads) { index in
      Swift.Result {
        let outcome = try journal.outcome(of: jobs[index]) { try self.outcome(of: jobs[index]) }
        progress(plannedSequences(of: jobs[index]))
        return outcome
      }
    }.map { try $0.get() }
  }

  /// Trains a network for a job: of a fold with the same seed in every trial, so that trials meet the
  /// same shuffles; from a start with the seed that the model will give it.
  private func outcome(of job: TuningJob) throws -> TuningOutcome {
    var recipe = recipes[job.trial]
    guard job.rung < schedule.rungs.count else {
      return try final.outcome(
        of: recipe, picksEpoch: !recipe.ensemble.refit, objective: objective,
        makesShuffles: makesShuffles,
        seed: EnsembleConfiguration.seed(ofStart: job.part, seed: seed))
    }
    recipe.training = recipe.training.shortened(by: schedule.rungs[job.rung].divisor)
    return try folds[job.part].outcome(
      of: recipe, picksEpoch: false, objective: objective, makesShuffles: makesShuffles,
      seed: EnsembleConfiguration.seed(ofStart: job.part, seed: seed))
  }

  /// The sequences of the trainings that a search takes, as the recipe trains them: what `progress`
  /// counts up to.
  public var plannedSequences: Int {
    let rungs = schedule.rungs.indices.reduce(0) { sum, rung in
      sum + schedule.rungs[rung].trials
        * folds.indices.reduce(0) {
          $0 + plannedSequences(of: TuningJob(rung: rung, trial: 0, part: $1))
        }
    }
    let last = TuningJob(rung: schedule.rungs.count, trial: 0, part: 0)
    return rungs + startCount * plannedSequences(of: last)
  }

  private func plannedSequences(of job: TuningJob) -> Int {
    let isFinal = job.rung == schedule.rungs.count
    let training = base.training.shortened(by: isFinal ? 1 : schedule.rungs[job.rung].divisor)
    let count = (isFinal ? final : folds[job.part]).countPerEpoch(
      shufflesPerPositive: makesShuffles ? training.shufflesPerPositive : 0)
    return training.epochs(ofSteps: count.dividedRoundingUp(by: training.batchSize)) * count
  }
}
