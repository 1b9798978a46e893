internal import Genomics
public import Layers
public import Networks
public import Tensors

/// A deep belief network unrolled into an autoencoder: the machines upward, then downward with weights of their own (Hinton &
/// Salakhutdinov 2006).
public struct UnrolledNetwork: ParameterHolder, Equatable, Sendable {
  /// Affine maps with sigmoid units behind them; behind the last one each four units have a softmax.
  public private(set) var maps: [AffineParameters]

  /// The weights and biases of an affine map.
  public struct AffineParameters: Equatable, Sendable {
    public var weight: Tensor  // [inputs, outputs]
    public var bias: Tensor  // [outputs]
  }

  public init(_ network: DeepBeliefNetwork) {
    maps =
      network.machines.map { AffineParameters(weight: $0.weight, bias: $0.hiddenBias) }
      + network.machines.reversed().map { machine in
        AffineParameters(
          weight: Tensor(
            shape: [machine.hiddenCount, machine.visibleCount], transposing: machine.weight.scalars),
          bias: machine.visibleBias)
      }
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    for index in maps.indices {
      try visit("maps.\(index).weight", .weight, &maps[index].weight)
      try visit("maps.\(index).bias", .bias, &maps[index].bias)
    }
  }

  /// The units behind each map, the input first; at the end the probabilities of the bases.
  private func activations(_ visible: Tensor) -> [Tensor] {
    var all = [visible]
    for (index, map) in maps.enumerated() {
      let logits = all[index].mapped(weight: map.weight, bias: map.bias)
      all.append(index < maps.count - 1 ? logits.applying(.sigmoid) : logits.softmaxOfBases())
    }
    return all
  }

  /// The probability of each base, `[batch, 4 · length]`.
  public func reconstructed(_ visible: Tensor) -> Tensor { activations(visible).last! }

  /// The sum over rows of the negative log probability of the bases times `scale`, and its gradient.
  public func loss(_ visible: Tensor, scale: Float) -> (loss: Double, gradient: [Tensor]) {
    let all = activations(visible)
    let shares = all[all.count - 1]
    var loss = 0.0
    var error = shares
    for index in visible.scalars.indices {
      let own = visible.scalars[index]
      if own > 0 {
        loss -= Double(own) * portableLogarithm(Double(max(shares.scalars[index], 1e-30)))
      }
      error.scalars[index] = scale * (shares.scalars[index] - own)
    }
    var gradient: [Tensor] = []
    for index in maps.indices.reversed() {
      var weight = Tensor(zeros: maps[index].weight.shape)
      weight.addProduct(all[index].transposed, error.asIs)
      gradient = [weight, error.summedOverMatrixRows()] + gradient
      guard index > 0 else { break }
      var below = Tensor(zeros: all[index].shape)
      below.addProduct(error.asIs, maps[index].weight.transposed)
      for unit in below.scalars.indices {
        let value = all[index].scalars[unit]
        below.scalars[unit] *= value * (1 - value)
      }
      error = below
    }
    return (Double(scale) * loss, gradient)
  }

  /// The upward part, with the downward weights of its machines left out: what the machines are after fine-tuning.
  public func tuned(_ network: DeepBeliefNetwork) -> DeepBeliefNetwork {
    DeepBeliefNetwork(
      zip(network.machines, maps).map { machine, map in
        RestrictedBoltzmannMachine(
          units: machine.units, weight: map.weight, visibleBias: machine.visibleBias,
          hiddenBias: map.bias)
      })
  }
}

extension Tensor {
  fileprivate func softmaxOfBases() -> Tensor {
    reshaped([shape.count / 4, 4]).softmaxOfRows().reshaped(shape)
  }
}

/// An unrolled network that learns to give back what it reads.
public struct UnrolledLearner: Learner {
  public private(set) var network: UnrolledNetwork

  public init(_ network: UnrolledNetwork) { self.network = network }

  public var phaseCount: Int { 1 }

  public subscript(phase: Int) -> UnrolledNetwork {
    get { network }
    _modify { yield &network }
  }

  public func gradient(of shard: EnergyLearner.Shard, phase: Int, in pass: TrainingPass)
    -> ShardGradient
  {
    let (loss, gradient) = network.loss(shard.visible, scale: shard.scale)
    return ShardGradient(loss: loss, parameters: gradient, statistics: [])
  }

  public mutating func settle(_ statistics: [Tensor], phase: Int) {}
}
