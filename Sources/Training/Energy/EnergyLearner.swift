internal import Genomics
public import Layers
public import Networks
public import Tensors

/// A machine with the chains that dream for it.
public struct DreamingMachine: ParameterHolder, Equatable, Sendable {
  public var machine: RestrictedBoltzmannMachine
  /// The visible units of the chains, `[chains, visible]`; `nil` if chains start at the data.
  var chains: Tensor?
  /// The number of times that the chains were moved on, `[1]`.
  var moves = Tensor(zeros: [1])

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try machine.visitParameters(visit)
    guard var kept = chains else { return }
    chains = nil
    try visit("chains", .statistic, &kept)
    chains = kept
    try visit("moves", .statistic, &moves)
  }
}

/// A restricted Boltzmann machine that learns by comparing the data with its dreams.
///
/// Chains that outlast a step are statistics of the learner: every thread moves them on alike, once the weights have changed, and a
/// checkpoint holds them.
public struct EnergyLearner: Learner {
  public private(set) var dreaming: DreamingMachine
  public let source: DreamSource
  public let seed: UInt64

  public init(_ machine: RestrictedBoltzmannMachine, source: DreamSource, seed: UInt64) {
    dreaming = DreamingMachine(machine: machine)
    (self.source, self.seed) = (source, seed)
    switch source {
    case .contrastive: break
    case .persistent(let chains, _), .asleep(let chains, _):
      var streams = streams(chains)
      dreaming.chains = machine.chance(&streams)
      moveChains()
    }
  }

  public var machine: RestrictedBoltzmannMachine { dreaming.machine }

  /// Rows of visible units, with the factor of their gradient: one over the batch's size.
  public struct Shard: Sendable {
    let visible: Tensor
    let scale: Float

    package init(visible: Tensor, scale: Float) {
      (self.visible, self.scale) = (visible, scale)
    }
  }

  public var phaseCount: Int { 1 }

  public subscript(phase: Int) -> DreamingMachine {
    get { dreaming }
    _modify { yield &dreaming }
  }

  /// The loss is that of the reconstructions, which tells how learning goes; it isn't what learning lowers.
  public func gradient(of shard: Shard, phase: Int, in pass: TrainingPass) -> ShardGradient {
    let count = shard.visible.shape[0]
    let scale = shard.scale * Float(count)
    return ShardGradient(
      loss: Double(scale) * machine.reconstructionLoss(shard.visible),
      parameters: machine.gradient(
        data: shard.visible, dreams: dreams(of: shard, in: pass), scale: scale),
      statistics: dreaming.chains.map { [Tensor(zeros: $0.shape), Tensor(zeros: [1])] } ?? [])
  }

  private func dreams(of shard: Shard, in pass: TrainingPass) -> Tensor {
    guard case .contrastive(let steps) = source else { return dreaming.chains! }
    var streams = (0..<shard.visible.shape[0]).map {
      RandomStream(seed: pass.seed, .gibbs, pass.step, pass.firstExample + $0)
    }
    return machine.gibbs(shard.visible, steps: steps, using: &streams)
  }

  /// Moves the chains on; what shards say of them is 0.
  public mutating func settle(_ statistics: [Tensor], phase: Int) { moveChains() }

  private mutating func moveChains() {
    guard let chains = dreaming.chains else { return }
    dreaming.moves.scalars[0] += 1
    var streams = streams(chains.shape[0])
    switch source {
    case .contrastive: break
    case .persistent(_, let steps):
      dreaming.chains = machine.gibbs(chains, steps: steps, using: &streams)
    case .asleep(_, let steps):
      dreaming.chains = machine.dreams(steps: steps, using: &streams)
    }
  }

  private func streams(_ chains: Int) -> [RandomStream] {
    let move = Int(dreaming.moves.scalars[0])
    return (0..<chains).map { RandomStream(seed: seed, .chains, move, $0) }
  }
}
