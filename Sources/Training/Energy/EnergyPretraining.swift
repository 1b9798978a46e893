public import Genomics
internal import Layers
internal import Tensors

/// The learning of machines on top of each other from sequences alone, layer by layer, and their fine-tuning as an autoencoder.
public struct EnergyPretraining: Sendable {
  public let configuration: EnergyConfiguration
  /// The numbers of hidden units, from the lowest machine up.
  public let hidden: [Int]
  /// The epochs of fine-tuning; with 0 there is none.
  public let tuningEpochs: Int
  public let seed: UInt64
  public let threads: Int

  /// - Precondition: There is a machine.
  public init(
    _ configuration: EnergyConfiguration, hidden: [Int], tuningEpochs: Int = 0, seed: UInt64,
    threads: Int
  ) {
    precondition(!hidden.isEmpty, "no machine")
    (self.configuration, self.hidden, self.tuningEpochs) = (configuration, hidden, tuningEpochs)
    (self.seed, self.threads) = (seed, threads)
  }

  /// What was learned.
  public struct Result: Sendable {
    public let network: DeepBeliefNetwork
    /// The epochs of each machine, from the lowest up.
    public let histories: [[EpochRecord]]
    /// The epochs of fine-tuning; empty if there was none.
    public let tuning: [EpochRecord]
    /// The network unrolled, as fine-tuned.
    public let unrolled: UnrolledNetwork
  }

  /// Learns from sequences.
  ///
  /// - Parameter progress: Called with the part that learns, counted from 0, its epoch's examples so far and its record after each
  ///   epoch.
  /// - Throws: `TrainingError` if the loss is no longer a finite number; what `progress` throws.
  /// - Precondition: All sequences have one length; there are training and validation sequences.
  public func learned(
    from training: [EncodedSequence], validation: [EncodedSequence],
    progress: (_ part: Int, _ record: EpochRecord) throws -> Void
  ) throws -> Result {
    var (lower, held) = (EnergyData.sequences(training), EnergyData.sequences(validation))
    var machines: [RestrictedBoltzmannMachine] = []
    var histories: [[EpochRecord]] = []
    for (layer, count) in hidden.enumerated() {
      let plan = EnergyPlan(
        configuration, training: lower, validation: held, seed: seed &+ UInt64(layer),
        threads: threads)
      var state = plan.start(units: layer == 0 ? .bases : .binary, hidden: count)
      while !plan.isFinished(state) {
        try plan.runEpoch(&state) { _ in }
        try progress(layer, state.history[state.history.count - 1])
      }
      let machine = plan.learner(of: state).machine
      machines.append(machine)
      histories.append(state.history)
      (lower, held) = (lower.means(through: machine), held.means(through: machine))
    }
    let network = DeepBeliefNetwork(machines)
    let (unrolled, tuning) = try tuned(
      network, training, validation, progress: { try progress(hidden.count, $0) })
    return Result(
      network: tuningEpochs > 0 ? unrolled.tuned(network) : network, histories: histories,
      tuning: tuning, unrolled: unrolled)
  }

  private func tuned(
    _ network: DeepBeliefNetwork, _ training: [EncodedSequence], _ validation: [EncodedSequence],
    progress: (EpochRecord) throws -> Void
  ) throws -> (UnrolledNetwork, [EpochRecord]) {
    let plan = UnrolledPlan(
      epochs: tuningEpochs, training: training, validation: validation, seed: seed,
      threads: threads)
    var state = LearningState(
      UnrolledLearner(UnrolledNetwork(network)), configuration: plan.configuration(ofPhase:))
    while !plan.isFinished(state) {
      try plan.runEpoch(&state) { _ in }
      try progress(state.history[state.history.count - 1])
    }
    return (plan.learner(of: state).network, state.history)
  }
}
