public import Datasets
internal import Evaluation
public import Genomics
internal import Layers
public import Networks
internal import Parallel
public import Tensors

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
}

/// Training that went wrong.
public struct TrainingError: Failure, Equatable {
  public let description: String
  public var kind: FailureKind { .badData }
}

/// Everything that the next epoch depends on.
public struct TrainingState: Sendable {
  public var network: Network
  public var optimizer: Optimizer
  /// The parameters with the lowest validation loss so far.
  public var bestParameters: [Tensor]
  public var history: [EpochRecord]
  /// The moving average of the weights, if one is kept.
  package var average: WeightAverage?

  public init(network: Network, configuration: TrainingConfiguration) {
    self.network = network
    bestParameters = network.parameters
    optimizer = Optimizer(
      configuration.optimizer, momentum: configuration.momentum,
      secondMomentum: configuration.secondMomentum, l1: configuration.l1, l2: configuration.l2,
      rateFactors: configuration.rateFactors(of: network), training: network)
    history = []
    average = configuration.averaging.map { WeightAverage(decay: $0) }
  }

  /// The epoch with the lowest validation loss, counted from 1; 0 before the first.
  public var bestEpoch: Int { history.bestEpoch }

  /// The network with the averaged weights, if those are kept; otherwise as of the last step.
  public var currentNetwork: Network {
    guard let average, !average.parameters.isEmpty else { return network }
    var current = network
    current.parameters = average.parameters
    return current
  }

  /// The network as of the best epoch.
  public var bestNetwork: Network {
    var best = network
    best.parameters = bestParameters
    return best
  }
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
public struct Trainer: Sendable {
  public let configuration: TrainingConfiguration
  public let objective: Objective
  public let seed: UInt64
  let team: ThreadTeam
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
    picksEpoch ? state.bestNetwork : state.currentNetwork
  }

  /// The number of passes over the training data at most.
  public var epochs: Int { configuration.epochs(ofSteps: stepsPerEpoch) }

  /// How the sequences of an epoch, counted from 0, are changed; `nil` if they stay as they are.
  package func augmentation(epoch: Int) -> Augmentation? {
    guard let augmentation = configuration.augmentation else { return nil }
    let clean = Int((Float(epochs) * augmentation.cleanShare).rounded(.up))
    return epoch < epochs - clean ? augmentation : nil
  }

  var stepsPerEpoch: Int { Self.batches(of: training, size: configuration.batchSize) }

  private static func batches(of training: TrainingSet, size: Int) -> Int {
    training.countPerEpoch.dividedRoundingUp(by: size)
  }

  /// Runs the next epoch.
  ///
  /// - Parameters:
  ///   - state: Stays as it was where an error is thrown.
  ///   - progress: Called after each step with the examples done in this epoch.
  /// - Throws: `TrainingError` if the loss is no longer a finite number; what `progress` throws.
  public func runEpoch(_ state: inout TrainingState, progress: (Int) throws -> Void) throws {
    let epoch = state.history.count
    var replica = Replica(self, epoch: epoch, from: state)
    try takeSteps(with: &replica, progress: progress)
    var next = state
    (next.network, next.optimizer, next.average) = (
      replica.network, replica.optimizer, replica.average
    )
    let current = next.currentNetwork
    let (loss, area) = validate(current)
    guard loss.isFinite else {
      throw TrainingError(
        description: "the validation loss is \(loss) in epoch \(epoch + 1); lower learningRate")
    }
    let isBest = state.history.allSatisfy { loss < $0.validationLoss }
    next.history.append(
      EpochRecord(
        epoch: epoch + 1, learningRate: replica.learningRate,
        trainingLoss: replica.lossSum / Double(training.countPerEpoch), validationLoss: loss,
        validationAUROC: area))
    if isBest { next.bestParameters = current.parameters }
    state = next
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
