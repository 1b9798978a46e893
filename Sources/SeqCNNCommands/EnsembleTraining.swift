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
  let recipe: Recipe
  let objective: Objective
  let tasks: [String]
  let prepared: PreparedDataset
  let strength: Strength
  let seed: UInt64
  let threads: Int
  let console: Console

  /// The checkpoint of a network.
  static func checkpoint(_ member: Int) -> String { "checkpoint\(member + 1).safetensors" }

  /// - Returns: The model's ensemble, and each network's epochs.
  func run(checkpointing directory: borrowing OutputDirectory, run: String, resuming: Bool) throws
    -> (ensemble: Ensemble, histories: [[EpochRecord]])
  {
    let examples = recipe.selection.applied(to: prepared.train, strengths: strengths())
    let kmers = kmers(examples)
    let states = try (0..<recipe.ensemble.networks).map { member in
      try trainedNetwork(
        member, examples: examples.withMeanWeightOne,
        checkpointPath: directory.path(of: Self.checkpoint(member)), run: run, resuming: resuming)
    }
    let ensemble = Ensemble(
      joining: states.map(\.bestNetwork), kmers: kmers, objective: objective,
      validation: prepared.validation, makesShuffles: prepared.makesFreshNegatives, seed: seed,
      threads: threads)
    return (ensemble, states.map(\.history))
  }

  func removeCheckpoints(from directory: borrowing OutputDirectory) throws {
    for member in 0..<recipe.ensemble.networks {
      try directory.removeFile(named: Self.checkpoint(member))
    }
  }

  private static let mostTasksOfKmers = 32

  private func kmers(_ examples: [Example]) -> KmerTable? {
    guard recipe.ensemble.gappedKmers, objective == .classification,
      tasks.count <= Self.mostTasksOfKmers
    else { return nil }
    var configuration = GappedKmerConfiguration()
    if !prepared.makesFreshNegatives { configuration.shuffles = 0 }
    return GappedKmerTrainer(configuration, seed: seed).train(examples, threads: threads)
  }

  private func trainedNetwork(
    _ member: Int, examples: [Example], checkpointPath: String, run: String, resuming: Bool
  ) throws -> TrainingState {
    let seed = seed &+ UInt64(member) << 32
    let network = try Network(recipe.network, taskCount: tasks.count, seed: seed)
    let set = TrainingSet(
      examples.map { $0.padded(to: network.minimumLength) },
      shufflesPerPositive: prepared.makesFreshNegatives ? recipe.training.shufflesPerPositive : 0,
      seed: seed)
    let trainer = Trainer(
      recipe.training, objective: objective, training: set, validation: prepared.validation,
      seed: seed, threads: threads)
    var state = TrainingState(network: network, configuration: recipe.training)
    let name = recipe.ensemble.networks > 1 ? "network \(member + 1), " : ""
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

  /// The strength of each training example; `nil`, and a word, where it isn't known.
  private func strengths() -> [Double]? {
    let train = prepared.train
    let positives = train.filter(\.isPositive)
    guard recipe.selection != PeakSelection(), strength != .none, tasks.count == 1,
      objective == .classification
    else { return nil }
    let byRow = train.indices.map { -Double($0) }
    if strength == .order { return byRow }
    if positives.allSatisfy({ $0.strength != nil }),
      Set(positives.map(\.strength)).count > positives.count / 100
    {
      note("signal value or score", positives: positives.count)
      return train.map { $0.strength ?? 0 }
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
    let kept = recipe.selection.strongest > 0 ? min(recipe.selection.strongest, positives) : positives
    console.note(
      "peak strength: by \(source); learns from \(kept) of \(positives) positives, the strongest most")
  }
}
