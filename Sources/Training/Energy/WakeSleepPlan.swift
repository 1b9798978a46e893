internal import Datasets
internal import Genomics
internal import Layers
internal import Models
internal import Networks
package import Parallel
internal import Tensors

extension TrainingConfiguration {
  /// How Helmholtz machines are trained, unless a recipe says otherwise.
  public static var wakeSleep: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    (configuration.epochs, configuration.batchSize, configuration.shardSize) = (40, 100, 50)
    (configuration.learningRate, configuration.l2, configuration.warmup) = (0.003, 1e-4, 0)
    return configuration
  }
}

/// The training of a Helmholtz machine.
package struct WakeSleepPlan: SequencePlan {
  package let seed: UInt64
  package let team: ThreadTeam
  package let sequences: PretrainingSequences
  package let training: TrainingConfiguration

  package init(
    _ training: TrainingConfiguration, sequences: PretrainingSequences, seed: UInt64, threads: Int
  ) {
    (self.training, self.sequences, self.seed) = (training, sequences, seed)
    team = ThreadTeam(threads: threads)
  }

  package func record(of epoch: EpochOutcome, learner: WakeSleepLearner) -> EpochRecord {
    let figures = learner.machine.figures(of: sequences.validation, seed: seed, team: team)
    return EpochRecord(
      epoch: epoch.epoch, learningRate: epoch.learningRate, trainingLoss: epoch.losses[0] ?? 0,
      validationLoss: -figures.bound,
      figures: figures.all.merging(["sleep_loss": epoch.losses[1] ?? 0]) { $1 })
  }

  package func learner(of state: LearningState<WakeSleepLearner>) -> WakeSleepLearner {
    state.best
  }
}

/// How well a Helmholtz machine tells sequences, in the mean over them.
package struct HelmholtzFigures: Sendable {
  /// The lower bound of the logarithm of the probability, in nats per sequence.
  package let bound: Double
  /// By their names in `history.tsv`.
  package let all: [String: Double]
}

extension HelmholtzMachine {
  package func figures(of sequences: [[UInt8]], seed: UInt64, team: ThreadTeam)
    -> HelmholtzFigures
  {
    let parts = team.mapParts(of: sequences) { first, batch in
      var streams = (0..<batch.count).map { RandomStream(seed: seed, .latent, -1, first + $0) }
      let states = recognized(batch.visibleUnits, using: &streams)
      let (joint, recognized) = logProbabilities(states)
      let told = BaseLoss(reconstruction(of: batch), of: batch, scale: 1)
      return (zip(joint, recognized).reduce(0) { $0 + $1.0 - $1.1 }, told)
    }
    let count = Double(max(1, sequences.count))
    let bound = parts.reduce(0) { $0 + $1.0 } / count
    let bases = parts.reduce(0) { $0 + $1.1.bases }
    return HelmholtzFigures(
      bound: bound,
      all: [
        "accuracy": Double(parts.reduce(0) { $0 + $1.1.correct }) / Double(max(1, bases)),
        "reconstruction": parts.reduce(0) { $0 + $1.1.loss } / count,
        "bits_per_base": -bound / Double(settings.length) / portableLogarithm(2),
      ])
  }
}
