internal import Datasets
internal import Genomics
package import Layers
internal import Models
package import Networks
package import Tensors

/// An adversarial pair that learns by turns: phase 0 is the critic's, phase 1 the generator's.
package struct AdversarialLearner<Pair: AdversarialModel>: Learner {
  package var pair: Pair
  /// Of each phase the share of sequences that the critic told right in its last step; behind that, in the critic's,
  /// whose turn it is (0 or 1), and the steps of that turn.
  package var records = [Tensor(zeros: [3]), Tensor(zeros: [1])]
  /// The steps of a turn at most.
  let longestTurn: Int

  package init(_ pair: Pair, longestTurn: Int) {
    (self.pair, self.longestTurn) = (pair, longestTurn)
  }

  /// A network, and the figures that decide about turns.
  package struct Part: ParameterHolder, Sendable {
    package var layers: LayerStack
    package var record: Tensor

    package mutating func visitParameters(
      _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
    ) rethrows {
      try layers.visitParameters(visit)
      try visit("record", .statistic, &record)
    }
  }

  package var phaseCount: Int { 2 }

  package subscript(phase: Int) -> Part {
    get {
      Part(layers: phase == 0 ? pair.critic : pair.generatorLayers, record: records[phase])
    }
    set {
      if phase == 0 {
        pair.critic = newValue.layers
      } else {
        pair.generatorLayers = newValue.layers
      }
      records[phase] = newValue.record
    }
  }

  /// The phase whose turn it is.
  package func phases(ofStep step: Int) -> [Int] { [Int(records[0].scalars[1])] }

  package func gradient(of shard: SequenceShard, phase: Int, in pass: TrainingPass) -> ShardGradient
  {
    phase == 0 ? criticGradient(shard, in: pass) : generatorGradient(shard, in: pass)
  }

  /// What the generator makes in a training pass.
  private func made(_ count: Int, phase: Int, in pass: TrainingPass) -> MadeSequences {
    var streams = (0..<count).map { row in
      RandomStream(seed: pass.seed, .latent, pass.step, phase, pass.firstExample + row)
    }
    return pair.made(using: &streams, in: pass)
  }

  private func criticGradient(_ shard: SequenceShard, in pass: TrainingPass) -> ShardGradient {
    let (count, real) = (shard.sequences.count, shard.sequences.oneHot())
    let drawn = made(count, phase: 0, in: pass).drawn
    let both = Tensor(
      shape: [2 * count, real.shape[1], 4], scalars: real.scalars + drawn.scalars)
    let (scores, saved) = pair.critic.forward(both, in: .training(pass))
    var gradient = Tensor(zeros: scores.shape)
    var (loss, right) = (0.0, Float(0))
    for (row, score) in scores.scalars.enumerated() {
      let sign: Float = row < count ? -1 : 1
      let cost = pair.game.cost(sign * score)
      loss += Double(shard.scale * cost.value)
      gradient.scalars[row] = shard.scale * sign * cost.slope
      if sign * score < 0 { right += 1 }
    }
    let back = pair.critic.backward(gradient, saved: saved, wantsInput: false)
    let record = Tensor(shape: [3], scalars: [right / Float(2 * count), 0, 0])
    return ShardGradient(
      loss: loss, parameters: back.parameters, statistics: back.statistics + [record])
  }

  private func generatorGradient(_ shard: SequenceShard, in pass: TrainingPass) -> ShardGradient {
    let count = shard.sequences.count
    let made = made(count, phase: 1, in: pass)
    let (scores, criticSaved) = pair.critic.forward(made.drawn, in: .training(pass))
    var gradient = Tensor(zeros: scores.shape)
    var (loss, right) = (0.0, Float(0))
    for (row, score) in scores.scalars.enumerated() {
      let cost = pair.game.cost(-score)
      loss += Double(shard.scale * cost.value)
      gradient.scalars[row] = -shard.scale * cost.slope
      if score < 0 { right += 1 }
    }
    let back = made.back(pair.critic.backward(gradient, saved: criticSaved).flow)
    let record = Tensor(shape: [1], scalars: [right / Float(count)])
    return ShardGradient(
      loss: loss, parameters: back.parameters, statistics: back.statistics + [record])
  }

  /// Takes up what the critic told right, and says whose turn comes: the critic learns until it tells more than half
  /// right, the generator until the critic fails for half of what is made.
  package mutating func settle(_ statistics: [Tensor], phase: Int) {
    let (own, right) = (Array(statistics.dropLast()), statistics[statistics.count - 1].scalars[0])
    if phase == 0 {
      pair.critic.settle(own)
      if pair.game == .wasserstein { pair.critic.limitSpectralNorms() }
    } else {
      pair.generatorLayers.settle(own)
    }
    records[phase].scalars[0] = right
    let steps = records[0].scalars[2] + 1
    let isOver =
      switch (pair.game, phase) {
      case (.binary, 0): right > Self.sureShare
      case (.binary, _): right <= 0.5
      // The distance is to be known well before it is descended.
      case (.wasserstein, 0): false
      case (.wasserstein, _): true
      }
    let ends = isOver || Int(steps) >= longestTurn
    records[0].scalars[1] = Float(ends ? 1 - phase : phase)
    records[0].scalars[2] = ends ? 0 : steps
  }

  /// The share above which the critic is right about more than half beyond chance.
  private static var sureShare: Float { 0.55 }
}

extension AdversarialGame {
  /// The cost of a score that should be as low as can be, and its derivative.
  fileprivate func cost(_ score: Float) -> (value: Float, slope: Float) {
    guard self == .binary else { return (score, 1) }
    let one = Tensor(shape: [1], scalars: [score])
    return (one.applying(.softplus).scalars[0], one.applying(.sigmoid).scalars[0])
  }
}

extension LayerStack {
  /// Divides each weight by its spectral norm where that is above 1 (Gouk et al. 2021): with the weights, the slope of
  /// the whole is bounded. Of a convolution the norm is that of its filters, as in Miyato et al. (2018).
  package mutating func limitSpectralNorms() {
    updateParameters { role, parameter in
      guard role == .weight else { return }
      let norm = parameter.spectralNorm()
      if norm > 1 { parameter = parameter.map { $0 / norm } }
    }
  }
}

extension Tensor {
  private static let powerSteps = 8

  /// The largest singular value of a matrix, `[…, columns]`, by power iteration from one vector.
  package func spectralNorm() -> Float {
    let columns = shape.lastExtent
    var random = RandomStream(seed: 0, .generativeWeights, columns)
    var vector = Tensor(
      shape: [columns, 1], scalars: (0..<columns).map { _ in Float(random.normal()) })
    var norm: Float = 0
    for _ in 0..<Self.powerSteps {
      var image = Tensor(zeros: [shape.count / columns, 1])
      image.addProduct(asIs, vector.asIs, order: .sameForEachRow)
      var back = Tensor(zeros: [columns, 1])
      back.addProduct(transposed, image.asIs, order: .sameForEachRow)
      let length = Float(
        back.scalars.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
      guard length > 0 else { return 0 }
      let own = Float(
        vector.scalars.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
      norm = (length / own).squareRoot()
      vector = back.map { $0 / length }
    }
    return norm
  }
}
