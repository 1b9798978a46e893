public import Genomics
internal import Layers
public import Parallel
internal import Tensors

/// The fine-tuning of an unrolled network.
public struct UnrolledPlan: LearningPlan {
  public let seed: UInt64
  public let team: ThreadTeam
  public let epochs: Int
  private let training: [EncodedSequence]
  private let validation: [EncodedSequence]

  /// - Precondition: There are training and validation sequences.
  public init(
    epochs: Int, training: [EncodedSequence], validation: [EncodedSequence], seed: UInt64,
    threads: Int
  ) {
    precondition(!training.isEmpty && !validation.isEmpty, "no examples")
    (self.epochs, self.seed) = (epochs, seed)
    (self.training, self.validation) = (training, validation)
    team = ThreadTeam(threads: threads)
  }

  public var examplesPerEpoch: Int { training.count }

  public func configuration(ofPhase phase: Int) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    (configuration.epochs, configuration.batchSize) = (epochs, 100)
    (configuration.learningRate, configuration.l2) = (0.001, 1e-4)
    return configuration
  }

  public func shardSize(of learner: UnrolledLearner) -> Int { 50 }

  public func order(epoch: Int) -> [Int] {
    var order = Array(training.indices)
    var random = RandomStream(seed: seed, .energyTraining, -2, epoch)
    random.shuffle(&order)
    return order
  }

  public func shard(_ numbers: ArraySlice<Int>, epoch: Int, batch: Int) -> EnergyLearner.Shard {
    EnergyLearner.Shard(
      visible: Tensor(oneHot: numbers.map { training[$0] }), scale: 1 / Float(batch))
  }

  public func record(of epoch: EpochOutcome, learner: UnrolledLearner) -> EpochRecord {
    let held = Tensor(oneHot: validation.prefix(1000))
    return EpochRecord(
      epoch: epoch.epoch, learningRate: epoch.learningRate, trainingLoss: epoch.losses[0] ?? 0,
      validationLoss: learner.network.loss(held, scale: 1 / Float(held.shape[0])).loss)
  }
}
