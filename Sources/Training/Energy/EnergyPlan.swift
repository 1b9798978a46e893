public import Genomics
internal import Layers
public import Parallel
public import Tensors

/// What a machine learns from.
public enum EnergyData: Sendable {
  /// Sequences of one length.
  case sequences([EncodedSequence])
  /// `[example, visible]`: the means of the hidden units of a machine below.
  case rows(Tensor)

  public var count: Int {
    switch self {
    case .sequences(let sequences): sequences.count
    case .rows(let rows): rows.shape[0]
    }
  }

  /// Some examples, `[example, visible]`.
  func visible(_ numbers: some Collection<Int>) -> Tensor {
    switch self {
    case .sequences(let sequences): return Tensor(oneHot: numbers.map { sequences[$0] })
    case .rows(let rows):
      let width = rows.shape[1]
      return Tensor(
        shape: [numbers.count, width],
        scalars: numbers.flatMap { rows.scalars[$0 * width..<($0 + 1) * width] })
    }
  }

  /// How often each visible unit is on.
  var means: [Double] {
    let sum = stride(from: 0, to: count, by: 4096).reduce(into: [Double]()) { sum, first in
      let own = visible(first..<min(first + 4096, count)).summedOverMatrixRows().scalars
      if sum.isEmpty { sum = own.map { _ in 0 } }
      for index in own.indices { sum[index] += Double(own[index]) }
    }
    return sum.map { $0 / Double(count) }
  }

  /// The hidden means of a machine for all examples.
  func means(through machine: RestrictedBoltzmannMachine) -> EnergyData {
    let scalars = stride(from: 0, to: count, by: 4096).flatMap { first in
      machine.hiddenMeans(visible(first..<min(first + 4096, count))).scalars
    }
    return .rows(Tensor(shape: [count, machine.hiddenCount], scalars: scalars))
  }
}

/// How energy models learn.
public struct EnergyConfiguration: Codable, Equatable, Sendable {
  public var epochs = 20
  public var batchSize = 100
  public var learningRate: Float = 0.05
  public var momentum: Float = 0.5
  /// Of the weights, per step and unit of the learning rate (weight decay).
  public var decay: Float = 2e-4
  public var source = DreamSource.contrastive(steps: 1)

  public init() {}

  var training: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.epochs = epochs
    configuration.batchSize = batchSize
    configuration.optimizer = .momentum
    (configuration.momentum, configuration.l2) = (momentum, decay)
    configuration.learningRate = learningRate
    (configuration.schedule, configuration.warmup) = (.cosine, 0)
    return configuration
  }
}

/// The learning of one machine.
public struct EnergyPlan: LearningPlan {
  public let seed: UInt64
  public let team: ThreadTeam
  public let configuration: EnergyConfiguration
  private let training: EnergyData
  private let validation: EnergyData
  private static let mostMeasured = 1000

  /// - Precondition: There are training and validation examples.
  public init(
    _ configuration: EnergyConfiguration, training: EnergyData, validation: EnergyData,
    seed: UInt64, threads: Int
  ) {
    precondition(training.count > 0 && validation.count > 0, "no examples")
    self.configuration = configuration
    (self.training, self.validation) = (training, validation)
    self.seed = seed
    team = ThreadTeam(threads: threads)
  }

  /// The state in which a machine with drawn weights begins.
  public func start(units: VisibleUnits, hidden: Int) -> LearningState<EnergyLearner> {
    let machine = RestrictedBoltzmannMachine(
      units: units, means: training.means, hidden: hidden, seed: seed)
    return LearningState(
      EnergyLearner(machine, source: configuration.source, seed: seed),
      configuration: configuration(ofPhase:))
  }

  public var epochs: Int { configuration.epochs }
  public var examplesPerEpoch: Int { training.count }
  public func configuration(ofPhase phase: Int) -> TrainingConfiguration { configuration.training }

  /// Half a batch, so that two threads share it; persistent chains are a part of each shard's work.
  public func shardSize(of learner: EnergyLearner) -> Int { max(1, configuration.batchSize / 2) }

  public func order(epoch: Int) -> [Int] {
    var order = Array(0..<training.count)
    var random = RandomStream(seed: seed, .energyTraining, -1, epoch)
    random.shuffle(&order)
    return order
  }

  public func shard(_ numbers: ArraySlice<Int>, epoch: Int, batch: Int) -> EnergyLearner.Shard {
    EnergyLearner.Shard(visible: training.visible(numbers), scale: 1 / Float(batch))
  }

  /// The validation loss is that of reconstructions. `freeEnergyGap` is by how much the free energy of validation examples is above that of
  /// training examples: it grows as the machine learns the examples by heart (Hinton 2010, section 6).
  public func record(of epoch: EpochOutcome, learner: EnergyLearner) -> EpochRecord {
    let (machine, most) = (learner.machine, Self.mostMeasured)
    let held = validation.visible(0..<min(most, validation.count))
    let known = training.visible(0..<min(most, training.count))
    func mean(_ visible: Tensor) -> Double {
      machine.freeEnergies(visible).reduce(0, +) / Double(visible.shape[0])
    }
    return EpochRecord(
      epoch: epoch.epoch, learningRate: epoch.learningRate, trainingLoss: epoch.losses[0] ?? 0,
      validationLoss: machine.reconstructionLoss(held),
      figures: ["freeEnergyGap": mean(held) - mean(known)])
  }
}
