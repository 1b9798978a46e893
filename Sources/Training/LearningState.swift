internal import Layers
public import Networks
public import Tensors

/// Everything that the next epoch depends on.
public struct LearningState<Learned: Learner>: Sendable {
  public var learner: Learned
  /// What is kept for each phase besides its parameters.
  public internal(set) var phases: [PhaseState]
  public var history: [EpochRecord]

  /// - Parameter configuration: How the parameters of a phase follow their gradient.
  public init(_ learner: Learned, configuration: (_ phase: Int) -> TrainingConfiguration) {
    self.learner = learner
    phases = (0..<learner.phaseCount).map {
      PhaseState(of: learner[$0], configuration: configuration($0))
    }
    history = []
  }

  /// The epoch with the lowest validation loss, counted from 1; 0 before the first.
  public var bestEpoch: Int { history.bestEpoch }

  /// The learner with the averaged weights, where those are kept; otherwise as of the last step.
  public var current: Learned {
    var current = learner
    for (phase, state) in phases.enumerated() {
      guard let average = state.average, !average.parameters.isEmpty else { continue }
      current[phase].parameters = average.parameters
    }
    return current
  }

  /// The learner as of the best epoch.
  public var best: Learned {
    var best = learner
    for (phase, state) in phases.enumerated() { best[phase].parameters = state.bestParameters }
    return best
  }
}

/// What the training of a phase's parameters keeps.
public struct PhaseState: Sendable {
  public internal(set) var optimizer: Optimizer
  /// The parameters with the lowest validation loss so far.
  public internal(set) var bestParameters: [Tensor]
  /// The moving average of the weights, if one is kept.
  var average: WeightAverage?

  init(of holder: some ParameterHolder, configuration: TrainingConfiguration) {
    bestParameters = holder.parameters
    optimizer = Optimizer(
      configuration.optimizer, momentum: configuration.momentum,
      secondMomentum: configuration.secondMomentum, l1: configuration.l1, l2: configuration.l2,
      rateFactors: configuration.rateFactors(of: holder), training: holder)
    average = configuration.averaging.map { WeightAverage(decay: $0) }
  }
}

/// The state of supervised training.
public typealias TrainingState = LearningState<SupervisedLearner>

extension LearningState<SupervisedLearner> {
  public init(network: Network, configuration: TrainingConfiguration) {
    self.init(SupervisedLearner(network)) { _ in configuration }
  }

  public var network: Network { learner.network }
  public var optimizer: Optimizer { phases[0].optimizer }
  /// The parameters with the lowest validation loss so far.
  public var bestParameters: [Tensor] { phases[0].bestParameters }
  /// The network with the averaged weights, if those are kept; otherwise as of the last step.
  public var currentNetwork: Network { current.network }
  /// The network as of the best epoch.
  public var bestNetwork: Network { best.network }
}
