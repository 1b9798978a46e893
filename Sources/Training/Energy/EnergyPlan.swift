internal import Datasets
internal import Genomics
internal import Layers
package import Models
package import Parallel
internal import Tensors

extension TrainingConfiguration {
  /// How each machine is trained, unless a recipe says otherwise.
  public static var energy: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    (configuration.epochs, configuration.batchSize, configuration.shardSize) = (60, 100, 50)
    (configuration.learningRate, configuration.warmup, configuration.l2) = (0.003, 0, 2e-4)
    return configuration
  }

  /// How the autoencoder that machines are unrolled into is fine-tuned.
  static func unrolled(epochs: Int, learningRate: Float) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    (configuration.epochs, configuration.batchSize, configuration.shardSize) = (epochs, 100, 50)
    (configuration.learningRate, configuration.l2) = (learningRate, 1e-4)
    configuration.patience = endlessPatience
    return configuration
  }
}

/// The learning of one machine.
package struct EnergyPlan: SequencePlan {
  package let seed: UInt64
  package let team: ThreadTeam
  package let sequences: PretrainingSequences
  package let training: TrainingConfiguration
  private let source: DreamSource
  private static let mostMeasured = 1000

  package init(
    _ training: TrainingConfiguration, source: DreamSource, sequences: PretrainingSequences,
    seed: UInt64, threads: Int
  ) {
    (self.training, self.source) = (training, source)
    (self.sequences, self.seed) = (sequences, seed)
    team = ThreadTeam(threads: threads)
  }

  /// What a machine begins as: small random weights, and visible biases by how often each unit is on.
  ///
  /// - Parameter machine: Says the kind and the numbers of units.
  package func start(
    like machine: RestrictedBoltzmannMachine, above below: [RestrictedBoltzmannMachine]
  ) -> EnergyLearner {
    let (count, part) = (sequences.training.count, 4096)
    var means = [Double](repeating: 0, count: machine.visibleCount)
    for first in stride(from: 0, to: count, by: part) {
      let strands = sequences.strands(of: first..<min(first + part, count), epoch: 0, seed: seed)
      for (index, sum) in below.means(of: strands).summedOverMatrixRows().scalars.enumerated() {
        means[index] += Double(sum) / Double(count)
      }
    }
    return EnergyLearner(
      RestrictedBoltzmannMachine(
        units: machine.units, means: means, hidden: machine.hiddenCount, seed: seed),
      above: below, source: source, seed: seed)
  }

  /// The validation loss is that of reconstructions. `free_energy_gap` is by how much the free energy of validation examples is above
  /// that of training examples: it grows as the machine learns the examples by heart (Hinton 2010, section 6).
  package func record(of epoch: EpochOutcome, learner: EnergyLearner) -> EpochRecord {
    let machine = learner.machine
    func visible(_ sequences: [[UInt8]]) -> Tensor {
      learner.below.means(
        of: SequenceBatch(sequences.prefix(Self.mostMeasured).map { EncodedSequence(codes: $0) }))
    }
    let held = visible(sequences.validation)
    return EpochRecord(
      epoch: epoch.epoch, learningRate: epoch.learningRate, trainingLoss: epoch.losses[0] ?? 0,
      validationLoss: machine.reconstructionLoss(held),
      figures: ["free_energy_gap": machine.freeEnergyGap(held, visible(sequences.training))])
  }
}

extension RestrictedBoltzmannMachine {
  /// By how much the mean free energy of some rows is above that of others, in nats.
  func freeEnergyGap(_ rows: Tensor, _ others: Tensor) -> Double {
    func mean(_ visible: Tensor) -> Double {
      freeEnergies(visible).reduce(0, +) / Double(visible.shape[0])
    }
    return mean(rows) - mean(others)
  }
}
