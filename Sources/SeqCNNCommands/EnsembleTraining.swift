internal import ArgumentParser
internal import Datasets
internal import GenomicsIO
internal import Networks
internal import Tensors
internal import Training

/// What tells strong peaks from weak ones.
enum Strength: String, ExpressibleByArgument, CaseIterable {
  case auto, order, none
}

/// The training of a model's members and their joining.
struct EnsembleTraining: Sendable {
  var recipe: Recipe
  let objective: Objective
  let tasks: [String]
  let prepared: PreparedDataset
  let strength: Strength
  let seed: UInt64
  let threads: Int
  let console: Console

  /// What was trained.
  private enum Member: Sendable {
    case network(TrainingState)
    case kmers(KmerTable?)

    var state: TrainingState? {
      if case .network(let state) = self { state } else { nil }
    }

    var table: KmerTable? {
      if case .kmers(let table) = self { table } else { nil }
    }
  }

  /// The files of all checkpoints.
  static func checkpoints(of ensemble: EnsembleConfiguration) -> [String] {
    (0..<2).flatMap { round in (0..<ensemble.networks).map { checkpoint($0, round: round) } }
  }

  /// The checkpoint of a network, in the second round of one that learns from the validation examples too.
  static func checkpoint(_ member: Int, round: Int = 0) -> String {
    "checkpoint\(round + 1).\(member + 1).safetensors"
  }

  /// Trains the members, joins them by the validation examples, and trains them once more with those:
  /// the epochs, weights and calibration are settled by then, and a tenth more to learn from is worth more
  /// than a validation loss. So that the weights fit, both times all epochs are run and none is picked.
  ///
  /// The members of both rounds learn side by side: a thread does more with a network of its own than
  /// with a part of each step.
  ///
  /// - Parameter strengths: What `strengths()` gave.
  /// - Returns: The model's ensemble, and each network's epochs of the first time.
  func run(
    strengths: (([Example]) -> [Double])?, checkpointing directory: borrowing OutputDirectory,
    run: String, resuming: Bool
  ) throws -> (ensemble: Ensemble, histories: [[EpochRecord]]) {
    let rounds = (0..<(recipe.ensemble.refit ? 2 : 1)).map { learned(round: $0, strengths) }
    let networks = recipe.ensemble.networks
    let jobs = try rounds.indices.flatMap { round in
      try (0..<networks).map { member in
        let seed = recipe.ensemble.seed(ofNetwork: member, seed: seed)
        let network = try Network(recipe.network, taskCount: tasks.count, seed: seed)
        return NetworkJob(
          name: "network \(member + 1)" + (round > 0 ? ", once more" : ""), network: network,
          configuration: recipe.training,
          checkpointPath: directory.path(of: Self.checkpoint(member, round: round)), run: run,
          isResumed: resuming
        ) {
          trainer(
            of: network, learning: rounds[round], seed: seed,
            threads: max(1, threads / (networks * rounds.count)))
        }
      }
    }
    // All before any is written: a folder of another run stays as it is.
    let begun = try jobs.map { try $0.begun(console) }
    let total = jobs.reduce(0) { sum, job in
      let trainer = job.trainer()
      return sum + trainer.epochs * trainer.training.countPerEpoch
    }
    let progress = SharedProgress(console.progress("train", unit: "sequences", total: total))
    let members = concurrentMap(jobs.count + rounds.count, threads: threads) { index in
      Result {
        index < jobs.count
          ? Member.network(try jobs[index].trained(from: begun[index], progress))
          : Member.kmers(kmerTable(rounds[index - jobs.count]))
      }
    }
    progress.finish()
    return joined(try members.map { try $0.get() })
  }

  /// Joins the members of the last round as those of the first are best joined.
  private func joined(_ members: [Member]) -> (ensemble: Ensemble, histories: [[EpochRecord]]) {
    let (states, tables) = (members.compactMap(\.state), members.compactMap(\.table))
    let first = states.prefix(recipe.ensemble.networks)
    let ensemble = Ensemble(
      joining: first.map { recipe.ensemble.refit ? $0.network : $0.bestNetwork },
      kmers: tables.first,
      objective: objective, validation: prepared.validation,
      makesShuffles: prepared.makesFreshNegatives, seed: seed, threads: threads)
    guard recipe.ensemble.refit else { return (ensemble, first.map(\.history)) }
    let final = Ensemble(
      networks: states.dropFirst(first.count).map(\.network), kmers: tables.last,
      weights: ensemble.weights, intercept: ensemble.intercept)
    return (final, first.map(\.history))
  }

  private var selection: PeakSelection { recipe.selection.forTasks(tasks.count) }

  /// What the members of a round learn from.
  func learned(round: Int, _ strengths: (([Example]) -> [Double])?) -> [Example] {
    // Validation examples come without shuffles of them, of which training makes its own.
    let more =
      prepared.makesFreshNegatives ? prepared.validation.filter(\.isPositive) : prepared.validation
    let all = round == 0 ? prepared.train : prepared.train + more
    return objective == .classification
      ? selection.applied(to: all, strengths: strengths?(all)) : all
  }

  func removeCheckpoints(from directory: borrowing OutputDirectory) throws {
    // The first one last: where it stands the run isn't over.
    for name in Self.checkpoints(of: recipe.ensemble).reversed() {
      try directory.removeFile(named: name)
    }
  }

  private static let mostTasksOfKmers = 32

  /// A k-mer model, where the recipe has one.
  func kmerTable(_ examples: [Example]) -> KmerTable? {
    guard recipe.ensemble.gappedKmers, objective == .classification,
      tasks.count <= Self.mostTasksOfKmers
    else { return nil }
    var configuration = GappedKmerConfiguration()
    if !prepared.makesFreshNegatives { configuration.shuffles = 0 }
    return GappedKmerTrainer(configuration, seed: seed).train(
      examples, threads: max(1, threads / 2))
  }

  private func trainer(
    of network: Network, learning examples: [Example], seed: UInt64, threads: Int
  ) -> Trainer {
    var training = recipe.training
    if recipe.ensemble.refit { training.patience = TrainingConfiguration.endlessPatience }
    let set = TrainingSet(
      examples.withMeanWeightOne.map { $0.padded(to: network.minimumLength) },
      shufflesPerPositive: prepared.makesFreshNegatives ? training.shufflesPerPositive : 0,
      seed: seed)
    return Trainer(
      training, objective: objective, training: set, validation: prepared.validation, seed: seed,
      threads: threads)
  }

  /// What tells the strength of examples in the order of their rows; `nil`, and a word, where it isn't
  /// known.
  func strengths() -> (([Example]) -> [Double])? {
    let positives = prepared.train.filter(\.isPositive)
    guard recipe.selection != PeakSelection(), strength != .none, objective == .classification
    else { return nil }
    let byRow = { (examples: [Example]) in examples.map { -Double($0.row) } }
    if strength == .order { return byRow }
    if positives.allSatisfy({ $0.strength != nil }),
      Set(positives.map(\.strength)).count > positives.count / 100
    {
      note("signal value or score", positives: positives.count)
      return { examples in examples.map { $0.strength ?? 0 } }
    }
    guard tasks.count == 1, let order = RowOrder(of: positives, seed: seed, threads: threads) else {
      return nil
    }
    let correlation = "rank correlation of row and k-mer score \(fixed(order.correlation, 2))"
    guard order.isByStrength else {
      console.note("peak strength: not known (\(correlation)); all positives count alike")
      return nil
    }
    note("the rows' order (\(correlation))", positives: positives.count)
    return byRow
  }

  private func note(_ source: String, positives: Int) {
    let kept = selection.strongest > 0 ? min(selection.strongest, positives) : positives
    console.note(
      "peak strength: by \(source); learns from \(kept) of \(positives) positives, the strongest most"
    )
  }
}
