internal import Datasets
internal import Genomics
package import Layers
package import Models
package import Networks
package import Tensors

/// A machine with the chains that dream for it.
package struct DreamingMachine: ParameterHolder, Equatable, Sendable {
  package var machine: RestrictedBoltzmannMachine
  /// The visible units of the chains, `[chains, visible]`; `nil` if chains start at the data.
  var chains: Tensor?
  /// The number of times that the chains were moved on, `[1]`.
  var moves = Tensor(zeros: [1])

  package mutating func visitParameters(
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
package struct EnergyLearner: Learner {
  package private(set) var dreaming: DreamingMachine
  /// The machines through whose hidden units it reads sequences, the lowest first.
  let below: [RestrictedBoltzmannMachine]
  let source: DreamSource
  let seed: UInt64

  package init(
    _ machine: RestrictedBoltzmannMachine, above below: [RestrictedBoltzmannMachine] = [],
    source: DreamSource, seed: UInt64
  ) {
    dreaming = DreamingMachine(machine: machine)
    (self.below, self.source, self.seed) = (below, source, seed)
    switch source {
    case .contrastive: break
    case .persistent(let chains, _), .asleep(let chains, _):
      var streams = streams(chains)
      dreaming.chains = machine.chance(&streams)
      moveChains()
    }
  }

  package var machine: RestrictedBoltzmannMachine { dreaming.machine }

  package var phaseCount: Int { 1 }

  package subscript(phase: Int) -> DreamingMachine {
    get { dreaming }
    _modify { yield &dreaming }
  }

  /// The loss is that of the reconstructions, which tells how learning goes; it isn't what learning lowers.
  package func gradient(of shard: SequenceShard, phase: Int, in pass: TrainingPass)
    -> ShardGradient
  {
    let visible = below.means(of: shard.sequences)
    let scale = shard.scale * Float(visible.shape[0])
    return ShardGradient(
      loss: Double(scale) * machine.reconstructionLoss(visible),
      parameters: machine.gradient(
        data: visible, dreams: dreams(of: visible, in: pass), scale: scale),
      statistics: dreaming.chains.map { [Tensor(zeros: $0.shape), Tensor(zeros: [1])] } ?? [])
  }

  private func dreams(of visible: Tensor, in pass: TrainingPass) -> Tensor {
    if let chains = dreaming.chains { return chains }
    var streams = (0..<visible.shape[0]).map {
      RandomStream(seed: pass.seed, .gibbs, pass.step, pass.firstExample + $0)
    }
    return machine.gibbs(visible, steps: source.steps, using: &streams)
  }

  /// Moves the chains on; what shards say of them is 0.
  package mutating func settle(_ statistics: [Tensor], phase: Int) { moveChains() }

  private mutating func moveChains() {
    guard let chains = dreaming.chains else { return }
    dreaming.moves.scalars[0] += 1
    var streams = streams(chains.shape[0])
    if case .persistent = source {
      dreaming.chains = machine.gibbs(chains, steps: source.steps, using: &streams)
    } else {
      dreaming.chains = machine.dreams(steps: source.steps, using: &streams)
    }
  }

  private func streams(_ chains: Int) -> [RandomStream] {
    let move = Int(dreaming.moves.scalars[0])
    return (0..<chains).map { RandomStream(seed: seed, .chains, move, $0) }
  }
}

extension [RestrictedBoltzmannMachine] {
  /// What a machine above these reads of sequences: the probabilities of the hidden units of the last one, or bases if there is
  /// none, `[batch, units]`.
  func means(of sequences: SequenceBatch) -> Tensor {
    reduce(sequences.visibleUnits) { $1.hiddenMeans($0) }
  }
}
