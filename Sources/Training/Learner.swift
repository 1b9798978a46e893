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
  associatedtype Trained: ParameterHolder & Sendable

  var phaseCount: Int { get }
  /// The parameters of a phase.
  subscript(phase: Int) -> Trained { get set }
  /// The phases of a step, one after the other, not none; by default all of them.
  ///
  /// A learner whose phases take turns decides by its parameters, so that every thread decides alike and a
  /// checkpoint holds whose turn it is.
  ///
  /// - Parameter step: The number of steps taken before, over all epochs.
  func phases(ofStep step: Int) -> [Int]
  /// The loss of a shard, and the gradient of each trained parameter of a phase.
  func gradient(of shard: Shard, phase: Int, in pass: TrainingPass) -> ShardGradient
  /// Takes up statistics of a batch: the mean over its shards of those of `gradient`, weighted by their
  /// numbers of examples. Called after the phase's parameters have changed.
  mutating func settle(_ statistics: [Tensor], phase: Int)
}

extension Learner {
  public func phases(ofStep step: Int) -> [Int] { Array(0..<phaseCount) }
}

/// A network that learns labels.
public struct SupervisedLearner: Learner {
  public var network: Network

  public init(_ network: Network) {
    self.network = network
  }

  /// Examples, and what is made of their outputs.
  public struct Shard: Sendable {
    let examples: TrainingSet.Shard
    let objective: Objective
    let settings: LossSettings
    /// The factor of the loss: one over the batch's size.
    let scale: Float
  }

  public var phaseCount: Int { 1 }

  public subscript(phase: Int) -> Network {
    get { network }
    _modify { yield &network }
  }

  public func gradient(of shard: Shard, phase: Int, in pass: TrainingPass) -> ShardGradient {
    network.gradients(shard.examples.sequences, in: pass) {
      shard.objective.loss(
        $0, labels: shard.examples.labels, weights: shard.examples.weights, scale: shard.scale,
        settings: shard.settings)
    }
  }

  public mutating func settle(_ statistics: [Tensor], phase: Int) {
    network.settle(statistics)
    // All shards of the next step that this thread computes read the same tables.
    network.prepare()
  }
}
