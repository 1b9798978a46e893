internal import Datasets
internal import Genomics
internal import Layers
internal import Models
internal import Networks
package import Parallel
internal import Tensors

/// How autoencoders are trained, unless a recipe says otherwise.
extension TrainingConfiguration {
  public static var autoencoder: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    (configuration.epochs, configuration.batchSize, configuration.shardSize) = (30, 64, 16)
    (configuration.learningRate, configuration.l2, configuration.warmup) = (0.002, 0.0001, 0.05)
    configuration.patience = 30
    return configuration
  }
}

/// The training of an autoencoder on sequences of one length.
package struct AutoencoderPlan: SequencePlan {
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

  package func record(of epoch: EpochOutcome, learner: AutoencoderLearner) -> EpochRecord {
    let figures = AutoencoderFigures(learner, on: sequences.validation, seed: seed, team: team)
    return EpochRecord(
      epoch: epoch.epoch, learningRate: epoch.learningRate, trainingLoss: epoch.losses[0] ?? 0,
      validationLoss: figures.loss(beta: learner.beta ?? 0), figures: figures.all)
  }

  package func isFinished(_ state: LearningState<AutoencoderLearner>) -> Bool {
    state.history.count >= epochs || state.history.count - state.bestEpoch >= training.patience
  }

  package func learner(of state: LearningState<AutoencoderLearner>) -> AutoencoderLearner {
    state.best
  }
}

/// How well an autoencoder tells sequences, in the mean over them.
package struct AutoencoderFigures: Sendable {
  /// The share of the known bases whose logit is the largest.
  package let accuracy: Double
  /// The cross-entropy of the bases, and the divergence of the latent numbers, in nats per sequence.
  package let reconstruction, divergence: Double
  private let isVariational: Bool

  package init(
    _ learner: AutoencoderLearner, on sequences: [[UInt8]], seed: UInt64, team: ThreadTeam
  ) {
    let parts = team.mapParts(of: sequences) { first, batch in
      learner.losses(of: batch) { RandomStream(seed: seed, .latent, -1, first + $0) }
    }
    let count = Double(max(1, sequences.count))
    let bases = parts.reduce(0) { $0 + $1.told.bases }
    accuracy = Double(parts.reduce(0) { $0 + $1.told.correct }) / Double(max(1, bases))
    reconstruction = parts.reduce(0) { $0 + $1.told.loss } / count
    divergence = parts.reduce(0) { $0 + $1.divergence } / count
    isVariational = learner.beta != nil
  }

  func loss(beta: Float) -> Double { reconstruction + Double(beta) * divergence }

  /// By their names in `history.tsv`.
  package var all: [String: Double] {
    let figures = ["accuracy": accuracy, "reconstruction": reconstruction]
    guard isVariational else { return figures }
    return figures.merging(["divergence": divergence, "elbo": -(reconstruction + divergence)]) {
      $1
    }
  }
}
