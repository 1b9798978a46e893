internal import Genomics
internal import Layers
package import Models
package import Tensors

/// Where the dreams come from that learning compares the data with.
package enum DreamSource: Hashable, Sendable {
  /// Chains that start at the data, with so many steps: contrastive divergence, CD-k (Hinton 2002).
  case contrastive(steps: Int)
  /// Chains that go on from step to step of the learning (Tieleman 2008).
  case persistent(chains: Int, steps: Int)
  /// Chains that start anew at chance, hot, and cool: clamped data while awake, free dreams while asleep (Ackley, Hinton &
  /// Sejnowski 1985).
  case asleep(chains: Int, steps: Int)

  /// The steps of Gibbs sampling of a dream.
  var steps: Int {
    switch self {
    case .contrastive(let steps), .persistent(_, let steps), .asleep(_, let steps): steps
    }
  }
}

extension MethodSettings {
  /// The source that the settings name.
  var dreamSource: DreamSource {
    let chains = chains ?? Self.usualChains
    return switch dreams ?? .contrastive {
    case .contrastive: .contrastive(steps: steps ?? 1)
    case .persistent: .persistent(chains: chains, steps: steps ?? 1)
    case .asleep: .asleep(chains: chains, steps: steps ?? Self.usualCooling)
    }
  }

  private static let (usualChains, usualCooling) = (100, 20)
}

extension RestrictedBoltzmannMachine {
  /// The mean of `-∂F/∂θ` over some rows: how often units, and pairs of them, are on together.
  ///
  /// - Returns: In the order of the parameters.
  package func statistics(_ visible: Tensor) -> [Tensor] {
    let hidden = hiddenMeans(visible)
    var pairs = Tensor(zeros: weight.shape)
    pairs.addProduct(visible.transposed, hidden.asIs)
    let scale = 1 / Float(visible.shape[0])
    return [pairs, visible.summedOverMatrixRows(), hidden.summedOverMatrixRows()].map { sum in
      sum.map { scale * $0 }
    }
  }

  /// The gradient of the negative log likelihood, as dreams estimate it: their statistics less those of the data.
  ///
  /// - Parameters:
  ///   - data, dreams: `[batch, visible]`.
  ///   - scale: What it is multiplied by.
  package func gradient(data: Tensor, dreams: Tensor, scale: Float = 1) -> [Tensor] {
    zip(statistics(dreams), statistics(data)).map { dream, awake in
      Tensor(
        shape: awake.shape,
        scalars: zip(dream.scalars, awake.scalars).map { scale * ($0 - $1) })
    }
  }

  /// The mean over the rows of the negative log probability that a reconstruction gives the data, in nats per row:
  /// `-Σ v·log P(v | mean of h)`.
  package func reconstructionLoss(_ visible: Tensor) -> Double {
    let means = visibleMeans(hiddenMeans(visible))
    let sum = zip(visible.scalars, means.scalars).reduce(0.0) { sum, pair in
      let (own, mean) = (Double(pair.0), Double(min(max(pair.1, 1e-7), 1 - 1e-7)))
      let off = units == .binary ? (1 - own) * portableLogarithm(1 - mean) : 0
      return sum - own * portableLogarithm(mean) - off
    }
    return sum / Double(visible.shape[0])
  }
}
