internal import Datasets
internal import Models
internal import Networks
internal import Tensors

/// What each network of an ensemble makes of a batch of windows, the two of each pair one after the
/// other: those of a reference and an alternate allele.
struct PairedFeatures {
  /// Logits, `[window][task]`, one list per network.
  let outputs: [[Float]]
  private let networks: [NetworkFeatures]

  /// - Precondition: The windows have one length, which the networks can read.
  init(of ensemble: Ensemble, windows: SequenceBatch) {
    guard ensemble.networks[0].motifs != nil else {
      outputs = ensemble.networks.map { $0.logits(windows).scalars }
      networks = []
      return
    }
    let tasks = ensemble.taskCount
    var outputs: [[Float]] = []
    var networks: [NetworkFeatures] = []
    for (number, network) in ensemble.networks.enumerated() {
      let filterCount = network.motifs?.filterCount ?? 0
      let read = network.featureGradients(windows)
      let rowCount = read.features.shape[0]
      let channels = read.features.shape.lastExtent
      outputs.append(read.logits.scalars)
      networks.append(
        NetworkFeatures(
          features: read.features.scalars, gradients: read.gradients.map(\.scalars),
          weights: (0..<tasks).map { ensemble.weights.scalars[number * tasks + $0] },
          filterOfFeature: (0..<read.features.scalars.count / rowCount).map {
            $0 % channels % filterCount
          }, filterCount: filterCount, firstFilter: number * filterCount, windowCount: windows.count
        ))
    }
    self.outputs = outputs
    self.networks = networks
  }

  /// The filter whose change makes most of the difference of a pair's outputs for a task.
  ///
  /// A filter's effect is the sum over its features, on all strands that are read, of the feature's
  /// change times the mean of the output's gradients at the two alleles: the trapezoidal rule for the
  /// integral from one to the other. The effects add up to the difference where the layers are linear
  /// on the way, and change their sign when the alleles are exchanged.
  func strongestFilter(pair: Int, task: Int) -> FilterChange? {
    var strongest: FilterChange?
    for network in networks {
      let (effects, rises) = network.effects(pair: pair, task: task)
      for (filter, effect) in effects.enumerated()
      where abs(effect) > abs(strongest?.effect ?? 0) {
        let rise = rises[filter]
        strongest = FilterChange(
          filter: network.firstFilter + filter, isGained: rise > 0 || rise == 0 && effect > 0,
          effect: effect)
      }
    }
    return strongest
  }
}

/// What one network makes of a batch of windows.
private struct NetworkFeatures {
  /// `[strand · window][feature]`
  let features: [Float]
  /// For each task the gradient of its logit, of the same layout, times the network's weight.
  let gradients: [[Float]]
  let weights: [Float]
  /// The filter that makes each feature of a row.
  let filterOfFeature: [Int]
  let filterCount: Int
  let firstFilter: Int
  let windowCount: Int

  /// For each filter its effect, and by how much its features rise together.
  func effects(pair: Int, task: Int) -> (effects: [Float], rises: [Float]) {
    let count = filterOfFeature.count
    let gradient = gradients[task]
    var effects = [Float](repeating: 0, count: filterCount)
    var rises = effects
    for first in stride(from: 2 * pair * count, to: features.count, by: windowCount * count) {
      for feature in 0..<count {
        let (reference, alternate) = (first + feature, first + count + feature)
        let rise = features[alternate] - features[reference]
        guard rise != 0 else { continue }
        let filter = filterOfFeature[feature]
        rises[filter] += rise
        effects[filter] += (gradient[reference] + gradient[alternate]) * rise
      }
    }
    for filter in effects.indices { effects[filter] *= weights[task] / 2 }
    return (effects, rises)
  }
}
