public import Datasets
internal import Evaluation
public import Genomics
internal import Layers
public import Networks
public import Parallel
internal import Tensors

/// What one epoch came to.
public struct EpochRecord: Codable, Equatable, Sendable {
  /// Counted from 1.
  public let epoch: Int
  public let learningRate: Float
  /// The mean loss over the training examples, as they were learned from.
  public let trainingLoss: Double
  public let validationLoss: Double
  /// The mean over the tasks. Missing for regression, or if a class has no examples.
  public let validationAUROC: Double?
  /// Further figures of learners that have some.
  public let figures: [String: Double]?

  public init(
    epoch: Int, learningRate: Float, trainingLoss: Double, validationLoss: Double,
    validationAUROC: Double? = nil, figures: [String: Double]? = nil
  ) {
    (self.epoch, self.learningRate) = (epoch, learningRate)
    (self.trainingLoss, self.validationLoss) = (trainingLoss, validationLoss)
    (self.validationAUROC, self.figures) = (validationAUROC, figures)
  }
}

/// Training that went wrong.
public struct TrainingError: Failure, Equatable {
  public let description: String
  public var kind: FailureKind { .badData }
}

extension [EpochRecord] {
  /// The epoch with the lowest validation loss, counted from 1; 0 if there is none.
  public var bestEpoch: Int {
    self.min { ($0.validationLoss, $0.epoch) < ($1.validationLoss, $1.epoch) }?.epoch ?? 0
  }
}

/// Fits a network to examples.
///
/// A step cuts its batch into shards of a planned size. Each thread computes some of them and takes the
/// step with the sum of all, by a fixed tree, on a network of its own: the result is the same, to the
/// last bit, for any number of threads.
public struct Trainer: LearningPlan {
  public let configuration: TrainingConfiguration
  public let objective: Objective
  public let seed: UInt64
  public let team: ThreadTeam
  package let lossSettings: LossSettings
  public let training: TrainingSet
  public let validation: [Example]
  /// Whether the epoch with the lowest validation loss counts, and training stops if none is better for
  /// long; otherwise the last epoch counts.
  public let picksEpoch: Bool

  /// - Parameter picksEpoch: Whether an epoch may be picked; none is if few examples lengthen the
  ///   training.
  /// - Precondition: There are training and validation examples.
  public init(
    _ configuration: TrainingConfiguration, objective: Objective, training: TrainingSet,
    validation: [Example], picksEpoch: Bool = true, seed: UInt64, threads: Int
  ) {
    precondition(configuration.problem == nil, configuration.problem ?? "")
    precondition(!validation.isEmpty, "no validation examples")
    self.configuration = configuration
    self.objective = objective
    self.training = training
    self.validation = validation
    self.seed = seed
    team = ThreadTeam(threads: threads)
    lossSettings = LossSettings(configuration, objective: objective, training: training)
    let batches = Self.batches(of: training, size: configuration.batchSize)
    self.picksEpoch = picksEpoch && !configuration.isLengthened(ofSteps: batches)
  }

  /// Whether training is over: all epochs done, or none better for as many as patience allows.
  public func isFinished(_ state: TrainingState) -> Bool {
    state.history.count >= epochs
      || picksEpoch && state.history.count - state.bestEpoch >= configuration.patience
  }

  /// The network of the epoch that counts.
  public func result(of state: TrainingState) -> Network {
    learner(of: state).network
  }

  public func learner(of state: TrainingState) -> SupervisedLearner {
    picksEpoch ? state.best : state.current
  }

  /// The number of passes over the training data at most.
  public var epochs: Int { configuration.epochs(ofSteps: stepsPerEpoch) }

  /// How the sequences of an epoch, counted from 0, are changed; `nil` if they stay as they are.
  package func augmentation(epoch: Int) -> Augmentation? {
    guard let augmentation = configuration.augmentation else { return nil }
    let clean = Int((Float(epochs) * augmentation.cleanShare).rounded(.up))
    return epoch < epochs - clean ? augmentation : nil
  }

  private static func batches(of training: TrainingSet, size: Int) -> Int {
    training.countPerEpoch.dividedRoundingUp(by: size)
  }

  public var examplesPerEpoch: Int { training.countPerEpoch }

  public func configuration(ofPhase phase: Int) -> TrainingConfiguration { configuration }

  public func shardSize(of learner: SupervisedLearner) -> Int {
    configuration.shardSize(
      for: learner.network.configuration, length: training.longest,
      taskCount: learner.network.taskCount)
  }

  public func order(epoch: Int) -> [Int] { training.order(epoch: epoch) }

  public func shard(_ numbers: ArraySlice<Int>, epoch: Int, batch: Int) -> SupervisedLearner.Shard {
    SupervisedLearner.Shard(
      examples: training.shard(numbers, epoch: epoch, augmentation: augmentation(epoch: epoch)),
      objective: objective, settings: lossSettings, scale: 1 / Float(batch))
  }

  public func record(of epoch: EpochOutcome, learner: SupervisedLearner) -> EpochRecord {
    let (loss, area) = validate(learner.network)
    return EpochRecord(
      epoch: epoch.epoch, learningRate: epoch.learningRate, trainingLoss: epoch.losses[0] ?? 0,
      validationLoss: loss, validationAUROC: area)
  }

  /// The mean loss over the validation examples, and the mean AUROC over the tasks.
  private func validate(_ network: Network) -> (loss: Double, auroc: Double?) {
    let outputs = network.outputs(validation.map(\.bases), by: team)
    let labels = validation.flatMap(\.labels)
    let loss = objective.loss(
      outputs, labels: labels, weights: validation.map(\.weight),
      scale: 1 / Float(validation.count), settings: lossSettings.forValidation
    ).loss
    return (loss, objective.hasClasses ? objective.score(outputs, labels: labels) : nil)
  }
}
