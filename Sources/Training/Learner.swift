public import Layers
public import Networks
public import Tensors

/// What learns from shards of batches, a step at a time.
///
/// A step may have several phases, each with parameters and an optimizer of its own: supervised learning has
/// one, an adversarial pair two.
public protocol Learner: Sendable {
  /// A part of a batch.
  associatedtype Shard: Sendable
  /// What the parameters of a phase are held by.
  associatedtype Trained: ParameterHolder

  var phaseCount: Int { get }
  /// The parameters of a phase.
  subscript(phase: Int) -> Trained { get set }
  /// The loss of a shard, and the gradient of each trained parameter of a phase.
  func gradient(of shard: Shard, phase: Int, in pass: TrainingPass) -> ShardGradient
  /// Takes up statistics of a batch: the mean over its shards of those of `gradient`, weighted by their
  /// numbers of examples.
  mutating func settle(_ statistics: [Tensor], phase: Int)
}

/// A network that learns labels.
public struct SupervisedLearner: Learner {
  public var network: Network
  public let objective: Objective
  public let settings: LossSettings

  public init(
    _ network: Network, objective: Objective, settings: LossSettings = LossSettings()
  ) {
    self.network = network
    self.objective = objective
    self.settings = settings
  }

  /// Examples with the factor of their loss: one over the batch's size.
  public struct Shard: Sendable {
    let examples: TrainingSet.Shard
    let scale: Float
  }

  public var phaseCount: Int { 1 }

  public subscript(phase: Int) -> Network {
    get { network }
    _modify { yield &network }
  }

  public func gradient(of shard: Shard, phase: Int, in pass: TrainingPass) -> ShardGradient {
    network.gradients(shard.examples.sequences, in: pass) {
      objective.loss(
        $0, labels: shard.examples.labels, weights: shard.examples.weights, scale: shard.scale,
        settings: settings)
    }
  }

  public mutating func settle(_ statistics: [Tensor], phase: Int) {
    network.settle(statistics)
  }
}
