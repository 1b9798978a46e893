internal import ArgumentParser
internal import Datasets
internal import GenomicsIO
internal import Networks
internal import Training

/// What tells strong peaks from weak ones.
enum Strength: String, ExpressibleByArgument, CaseIterable {
  case auto, order, none
}

/// The training of a model's members, one after the other, and their joining.
struct EnsembleTraining {
  var recipe: Recipe
  let objective: Objective
  let tasks: [String]
  let prepared: PreparedDataset
  let strength: Strength
  let seed: UInt64
  let threads: Int
  let console: Console

  /// The checkpoint of a network, in the second round of one that learns from the validation examples too.
  static func checkpoint(_ member: Int, round: Int = 0) -> String {
    "checkpoint\(round + 1).\(member + 1).safetensors"
  }

  /// Trains the members, joins them by the validation examples, and trains them once more with those:
  /// the epochs, weights and calibration are settled by then, and a tenth more to learn from is worth more
  /// than a validation loss. So that the weights fit, both times all epochs are run and none is picked.
  ///
  /// - Parameter strengths: What `strengths()` gave.
  /// - Returns: The model's ensemble, and each network's epochs of the first time.
  func run(
    strengths: (([Example]) -> [Double])?, checkpointing directory: borrowing OutputDirectory,
    run: String, resuming: Bool
  ) throws -> (ensemble: Ensemble, histories: [[EpochRecord]]) {
    func members(of round: Int) throws -> (kmers: KmerTable?, states: [TrainingState]) {
      let examples = learned(round: round, strengths)
      let kmers = kmerTable(examples)
      let states = try (0..<recipe.ensemble.networks).map { member in
        let name = Self.checkpoint(member, round: round)
        return try trainedNetwork(
          member, round: round, examples: examples.withMeanWeightOne,
          checkpointPath: directory.path(of: name), run: run, resuming: resuming)
      }
      return (kmers, states)
    }
    let (kmers, states) = try members(of: 0)
    let ensemble = Ensemble(
      joining: states.map { recipe.ensemble.refit ? $0.network : $0.bestNetwork }, kmers: kmers,
      objective: objective, validation: prepared.validation,
      makesShuffles: prepared.makesFreshNegatives, seed: seed,
      threads: threads)
    guard recipe.ensemble.refit else { return (ensemble, states.map(\.history)) }
    let (finalKmers, finalStates) = try members(of: 1)
    let final = Ensemble(
      networks: finalStates.map(\.network), kmers: finalKmers, weights: ensemble.weights,
      intercept: ensemble.intercept)
    return (final, states.map(\.history))
  }

  /// What the members of a round learn from.
  func learned(round: Int, _ strengths: (([Example]) -> [Double])?) -> [Example] {
    // Validation examples come without shuffles of them, of which training makes its own.
    let more =
      prepared.makesFreshNegatives ? prepared.validation.filter(\.isPositive) : prepared.validation
    let all = round == 0 ? prepared.train : prepared.train + more
    return objective == .classification
      ? recipe.selection.applied(to: all, strengths: strengths?(all)) : all
  }

  func removeCheckpoints(from directory: borrowing OutputDirectory) throws {
    for round in 0..<2 {
      for member in 0..<recipe.ensemble.networks {
        try directory.removeFile(named: Self.checkpoint(member, round: round))
      }
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
    return GappedKmerTrainer(configuration, seed: seed).train(examples, threads: threads)
  }

  private func trainedNetwork(
    _ member: Int, round: Int, examples: [Example], checkpointPath: String, run: String,
    resuming: Bool
  ) throws -> TrainingState {
    let seed = recipe.ensemble.seed(ofNetwork: member, seed: seed)
    var training = recipe.training
    if recipe.ensemble.refit { training.patience = training.epochs }
    let network = try Network(recipe.network, taskCount: tasks.count, seed: seed)
    let set = TrainingSet(
      examples.map { $0.padded(to: network.minimumLength) },
      shufflesPerPositive: prepared.makesFreshNegatives ? recipe.training.shufflesPerPositive : 0,
      seed: seed)
    let trainer = Trainer(
      training, objective: objective, training: set, validation: prepared.validation,
      seed: seed, threads: threads)
    var state = TrainingState(network: network, configuration: training)
    let name =
      (round > 0 ? "again with the validation examples, " : "")
      + (recipe.ensemble.networks > 1 ? "network \(member + 1), " : "")
    if resuming, isFile(checkpointPath) {
      try state.restore(readBytes(checkpointPath), file: checkpointPath, run: run)
      console.note("resumed: \(name)epoch \(state.history.count)")
    }
    var progress = console.progress(
      "train", unit: "sequences", total: recipe.training.epochs * set.countPerEpoch)
    while !trainer.isFinished(state) {
      let before = state.history.count * set.countPerEpoch
      let detail = "\(name)epoch \(state.history.count + 1) of \(recipe.training.epochs)"
      try trainer.runEpoch(&state) { progress.update(before + $0, detail: detail) }
      var file = try OutputFile(path: checkpointPath, replacing: true)
      try file.write(state.checkpoint(run: run))
      try file.commit()
    }
    progress.finish()
    return state
  }

  /// What tells the strength of examples in the order of their rows; `nil`, and a word, where it isn't
  /// known.
  func strengths() -> (([Example]) -> [Double])? {
    let positives = prepared.train.filter(\.isPositive)
    guard recipe.selection != PeakSelection(), strength != .none, tasks.count == 1,
      objective == .classification
    else { return nil }
    let byRow = { (examples: [Example]) in examples.map { -Double($0.row) } }
    if strength == .order { return byRow }
    if positives.allSatisfy({ $0.strength != nil }),
      Set(positives.map(\.strength)).count > positives.count / 100
    {
      note("signal value or score", positives: positives.count)
      return { examples in examples.map { $0.strength ?? 0 } }
    }
    guard let order = RowOrder(of: positives, seed: seed, threads: threads) else { return nil }
    let correlation = "rank correlation of row and k-mer score \(fixed(order.correlation, 2))"
    guard order.isByStrength else {
      console.note("peak strength: not known (\(correlation)); all positives count alike")
      return nil
    }
    note("the rows' order (\(correlation))", positives: positives.count)
    return byRow
  }

  private func note(_ source: String, positives: Int) {
    let kept =
      recipe.selection.strongest > 0 ? min(recipe.selection.strongest, positives) : positives
    console.note(
      "peak strength: by \(source); learns from \(kept) of \(positives) positives, the strongest most"
    )
  }
}
