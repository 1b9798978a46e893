internal import Datasets
internal import Genomics
internal import Models
internal import Parallel
internal import Tensors

extension Pretraining {
  /// Trains one machine.
  func boltzmann(
    _ recipe: PretrainingRecipe<DeepBeliefSettings>, _ checkpoint: CheckpointFile?,
    _ observer: Observer
  ) throws -> PretrainedModel {
    try SequenceBoltzmannMachine.check(recipe.model)
    return try deepBelief(recipe, checkpoint, observer) { SequenceBoltzmannMachine($0) }
  }

  /// Trains machines on top of each other, from the lowest up, and fine-tunes them unrolled if the recipe says so.
  func deepBelief(
    _ recipe: PretrainingRecipe<DeepBeliefSettings>, _ checkpoint: CheckpointFile?,
    _ observer: Observer, as model: (DeepBeliefNetwork) -> any GenerativeModel
  ) throws -> PretrainedModel {
    let sequences = sequences.resized(to: recipe.model.length)
    var network = try DeepBeliefNetwork(recipe.model, seed: seed)
    let tuning = TrainingConfiguration.unrolled(
      epochs: recipe.method.tuningEpochs ?? Self.usualTuning,
      learningRate: recipe.method.tuningRate ?? Self.usualTuningRate)
    let epochs =
      recipe.training.epochs * network.machines.count + (network.tuned == nil ? 0 : tuning.epochs)
    observer.began(epochs * sequences.training.count)
    var parts: [PretrainedModel.Part] = []
    for layer in network.machines.indices {
      let plan = EnergyPlan(
        recipe.training, source: recipe.method.dreamSource, sequences: sequences,
        seed: seed &+ UInt64(layer), threads: threads)
      let start = plan.start(
        like: network.machines[layer], above: Array(network.machines[..<layer]))
      let (learner, history) = try learned(
        start, by: plan, checkpoint?.part(parts.count), observer.ofPart)
      network.machines[layer] = learner.machine
      parts.append(PretrainedModel.Part(name: "machine\(layer + 1)", history: history))
    }
    var autoencoder = try network.unrolled()
    if network.tuned != nil {
      let plan = AutoencoderPlan(tuning, sequences: sequences, seed: seed, threads: threads)
      let (learner, history) = try learned(
        AutoencoderLearner(autoencoder), by: plan, checkpoint?.part(parts.count), observer.ofPart)
      autoencoder.parts = learner.parts
      network.tuned = autoencoder
      parts.append(PretrainedModel.Part(name: "autoencoder", history: history))
    }
    return PretrainedModel(
      model: model(network), parts: parts, figures: figures(network, autoencoder, sequences))
  }

  /// Trains a Helmholtz machine.
  func helmholtz(
    _ recipe: PretrainingRecipe<HelmholtzSettings>, _ checkpoint: CheckpointFile?,
    _ observer: Observer
  ) throws -> PretrainedModel {
    let sequences = sequences.resized(to: recipe.model.length)
    let plan = WakeSleepPlan(
      recipe.training, sequences: sequences, seed: seed, threads: threads)
    let (learner, history) = try learned(
      WakeSleepLearner(try HelmholtzMachine(recipe.model, seed: seed)), by: plan, checkpoint,
      observer)
    return PretrainedModel(
      model: learner.machine, history: history,
      figures: learner.machine.figures(of: sequences.test, seed: seed, team: plan.team).all)
  }

  private static let (usualTuning, usualTuningRate) = (20, Float(0.001))

  /// How well the test sequences are told by the autoencoder, and how likely the machines find them.
  private func figures(
    _ network: DeepBeliefNetwork, _ autoencoder: SequenceAutoencoder,
    _ sequences: PretrainingSequences
  ) -> [String: Double] {
    let team = ThreadTeam(threads: threads)
    var figures = AutoencoderFigures(
      AutoencoderLearner(autoencoder), on: sequences.test, seed: seed, team: team
    ).all
    let whole = sequences.test.filter { codes in codes.allSatisfy { $0 < 4 } }
    guard !whole.isEmpty else { return figures }
    func batch(_ sequences: some Collection<[UInt8]>) -> SequenceBatch {
      SequenceBatch(sequences.map { EncodedSequence(codes: $0) })
    }
    let partition = network.logPartition(seed: seed)
    let nats = network.logLikelihoods(of: batch(whole), logPartition: partition.value) {
      RandomStream(seed: seed, .importance, -1, $0)
    }
    let bases = Double(whole.count * network.settings.length)
    figures["bits_per_base"] = -nats.reduce(0, +) / bases / portableLogarithm(2)
    figures["log_partition_error"] = partition.standardError
    figures["free_energy_gap"] = network.machines[0].freeEnergyGap(
      batch(sequences.test).visibleUnits,
      batch(sequences.training.prefix(sequences.test.count)).visibleUnits)
    return figures
  }
}

extension Pretraining.Observer {
  /// What hears of a part: its examples are among those of the whole.
  fileprivate var ofPart: Self {
    var observer = self
    observer.began = { _ in }
    return observer
  }
}
