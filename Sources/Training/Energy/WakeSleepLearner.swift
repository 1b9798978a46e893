internal import Datasets
internal import Genomics
package import Layers
package import Models
package import Networks
package import Tensors

/// A Helmholtz machine that learns by turns in each step: awake (phase 0) its generative weights learn to make the units that
/// recognition draws for the data, asleep (phase 1) its recognition weights learn to guess the units of dreams (Hinton et al.
/// 1995).
package struct WakeSleepLearner: Learner {
  package private(set) var machine: HelmholtzMachine

  package init(_ machine: HelmholtzMachine) { self.machine = machine }

  package var phaseCount: Int { 2 }

  package subscript(phase: Int) -> DirectedMaps {
    get { phase == 0 ? machine.generation : machine.recognition }
    set {
      if phase == 0 { machine.generation = newValue } else { machine.recognition = newValue }
    }
  }

  /// The loss awake is an estimate of the bound: by how much the joint probability of data and drawn units is below that of
  /// drawing them. Asleep it is the surprise at the hidden units of dreams.
  package func gradient(of shard: SequenceShard, phase: Int, in pass: TrainingPass)
    -> ShardGradient
  {
    var streams = (0..<shard.sequences.count).map { row in
      RandomStream(seed: pass.seed, .latent, pass.step, phase, pass.firstExample + row)
    }
    let awake = phase == 0
    let states: [Tensor]
    if awake {
      states = machine.recognized(shard.sequences.visibleUnits, using: &streams)
    } else {
      let dream = machine.dreamt(using: &streams)
      states = [dream.bases.means(of: .bases).drawn(.bases, using: &streams)] + dream.hidden
    }
    let (joint, recognized) = machine.logProbabilities(states)
    let told = recognized.reduce(0, +)
    let surprise = awake ? told - joint.reduce(0, +) : -told
    return ShardGradient(
      loss: Double(shard.scale) * surprise,
      parameters: awake
        ? machine.generativeGradient(states, scale: shard.scale)
        : machine.recognitionGradient(states, scale: shard.scale),
      statistics: [])
  }

  package mutating func settle(_ statistics: [Tensor], phase: Int) {}
}

extension HelmholtzMachine {
  /// The gradient of `-log P(states)` by the generative weights, summed over the rows and times a scale.
  package func generativeGradient(_ states: [Tensor], scale: Float) -> [Tensor] {
    let errors = zip(states, generativeLogits(states)).enumerated().map { layer, pair in
      pair.0.error(of: pair.1.means(of: units(ofLayer: layer)), scale: scale)
    }
    return [errors[errors.count - 1].summedOverMatrixRows()]
      + zip(states.dropFirst(), errors).flatMap { $0.mapGradient($1) }
  }

  /// The gradient of `-log Q(hidden states | bases)` by the recognition weights, summed over the rows and times a scale.
  package func recognitionGradient(_ states: [Tensor], scale: Float) -> [Tensor] {
    let logits = recognitionLogits(states)
    return logits.indices.flatMap { layer in
      states[layer].mapGradient(
        states[layer + 1].error(of: logits[layer].means(of: .binary), scale: scale))
    }
  }
}

extension Tensor {
  /// By how much the probabilities of units are above the units, times a scale.
  fileprivate func error(of means: Tensor, scale: Float) -> Tensor {
    Tensor(
      shape: shape, scalars: zip(means.scalars, scalars).map { mean, unit in scale * (mean - unit) }
    )
  }

  /// The gradients of the weights and the biases of a map that reads these units.
  fileprivate func mapGradient(_ error: Tensor) -> [Tensor] {
    var weight = Tensor(zeros: [shape[1], error.shape[1]])
    weight.addProduct(transposed, error.asIs)
    return [weight, error.summedOverMatrixRows()]
  }
}
