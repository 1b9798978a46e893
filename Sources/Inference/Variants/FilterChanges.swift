internal import Datasets
internal import Models
internal import Networks
internal import Tensors

/// What the networks of an ensemble make of a batch of windows, the two of each pair one after the
/// other: those of a reference and an alternate allele.
struct PairedFeatures {
  /// Logits, `[window][task]`, one list per network.
  let outputs: [[Float]]
  /// For each pair and task the filters that match both windows differently; `nil` if the networks have no
  /// filters that read bases.
  let filters: [[[FilterChange]]]?

  /// - Precondition: The windows have one length, which the networks can read.
  init(of ensemble: Ensemble, windows: SequenceBatch) {
    guard ensemble.networks[0].motifs != nil else {
      outputs = ensemble.networks.map { $0.logits(windows).scalars }
      filters = nil
      return
    }
    let tasks = ensemble.taskCount
    var outputs: [[Float]] = []
    var filters = [[[FilterChange]]](
      repeating: [[FilterChange]](repeating: [], count: tasks), count: windows.count / 2)
    for (number, network) in ensemble.networks.enumerated() {
      let features = NetworkFeatures(network, windows)
      outputs.append(features.outputs)
      for task in 0..<tasks {
        let weight = ensemble.weights.scalars[number * tasks + task]
        for (pair, changes) in features.changes(task: task, weight: weight, number: number)
          .enumerated()
        {
          filters[pair][task] += changes
        }
      }
    }
    (self.outputs, self.filters) = (outputs, filters)
  }
}

/// What one network makes of a batch of windows.
private struct NetworkFeatures {
  private let network: Network
  private let features: Tensor
  private let logits: Tensor
  /// For each task that of the logit with respect to the features.
  private let gradients: [Tensor]
  /// The numbers beside the windows.
  private let side: Tensor?

  init(_ network: Network, _ windows: SequenceBatch) {
    (self.network, side) = (network, windows.sideTensor)
    (features, logits, gradients) = network.featureGradients(windows)
  }

  /// Logits, `[window][task]`.
  var outputs: [Float] { logits.scalars }

  /// The filters that match the two windows of each pair differently.
  ///
  /// - Parameters:
  ///   - weight: That of the network's output.
  ///   - number: The network's number in its ensemble.
  func changes(task: Int, weight: Float, number: Int) -> [[FilterChange]] {
    let windowCount = logits.shape[0]
    let rowShape = Array(features.shape.extents.dropFirst())
    let layout = FeatureLayout(
      windowCount: windowCount, rowCount: features.shape[0] / windowCount,
      rowSize: rowShape.reduce(1, *))
    let readings = WindowReadings(
      layout: layout, features: features.scalars,
      outputs: logits.column(task, of: network.taskCount), gradients: gradients[task].scalars)
    let paths = FeaturePaths(
      network, task: task, readings, rowShape: rowShape, beside: side)
    return zip(paths.paths, paths.effects).map {
      changes(on: $0, $1, weight: weight, number: number)
    }
  }

  private func changes(on path: FeaturePath, _ effects: [Double], weight: Float, number: Int)
    -> [FilterChange]
  {
    let (filterCount, channels) = (network.motifs?.filterCount ?? 1, features.shape.lastExtent)
    let direction: Float = path.isReversed ? -1 : 1
    var sums: [Int: (effect: Double, rise: Float)] = [:]
    for ((place, rise), effect) in zip(path.changes, effects) {
      let filter = place % channels % filterCount
      let sum = sums[filter] ?? (0, 0)
      sums[filter] = (
        sum.effect + Double(direction * weight) * effect, sum.rise + direction * rise
      )
    }
    return sums.sorted { $0.key < $1.key }.compactMap { filter, sum in
      let effect = Float(sum.effect)
      guard effect != 0 else { return nil }
      return FilterChange(
        filter: number * filterCount + filter,
        isGained: sum.rise > 0 || sum.rise == 0 && effect > 0, effect: effect)
    }
  }
}
