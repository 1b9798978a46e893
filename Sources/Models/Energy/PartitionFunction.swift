internal import Genomics
internal import Layers
public import Tensors

extension RestrictedBoltzmannMachine {
  /// The largest number of hidden units whose states are all counted.
  public static let mostCountedUnits = 20
  /// The largest number for which that takes less than a second.
  static let mostQuicklyCountedUnits = 10

  /// The logarithm of `Z`, by counting all states of the hidden units: given those, the sum over the visible ones is a product.
  ///
  /// - Precondition: `mostCountedUnits` hidden units or fewer.
  public func exactLogPartition() -> Double {
    precondition(hiddenCount <= Self.mostCountedUnits, "\(hiddenCount) hidden units")
    var sum = LogSum()
    for state in 0..<1 << hiddenCount {
      let hidden = (0..<hiddenCount).map { state >> $0 & 1 == 1 }
      sum.add(logVisibleSum(given: hidden))
    }
    return sum.value
  }

  /// The logarithm of `Σ_v exp(-E(v, h))`.
  private func logVisibleSum(given hidden: [Bool]) -> Double {
    var total = 0.0
    for unit in 0..<hiddenCount where hidden[unit] { total += Double(hiddenBias.scalars[unit]) }
    let logits = (0..<visibleCount).map { visible -> Double in
      var logit = Double(visibleBias.scalars[visible])
      for unit in 0..<hiddenCount where hidden[unit] {
        logit += Double(weight.scalars[visible * hiddenCount + unit])
      }
      return logit
    }
    switch units {
    case .binary: return logits.reduce(total) { $0 + softplus($1) }
    case .bases:
      return stride(from: 0, to: visibleCount, by: 4).reduce(total) { total, first in
        var sum = LogSum()
        for base in 0..<4 { sum.add(logits[first + base]) }
        return total + sum.value
      }
    }
  }

  /// The logarithm of `Z` by annealed importance sampling (Neal 2001; Salakhutdinov & Murray 2008): chains start from the visible biases
  /// alone, and weights and hidden biases rise to their full strength in steps, each followed by a step of Gibbs sampling.
  public func annealedLogPartition(chains: Int, steps: Int, seed: UInt64) -> LogPartition {
    var streams = (0..<chains).map { RandomStream(seed: seed, .importance, $0) }
    var start = self
    start.weight = Tensor(zeros: weight.shape)
    start.hiddenBias = Tensor(zeros: hiddenBias.shape)
    var visible = start.gibbs(start.chance(&streams), steps: 1, using: &streams)
    var logWeights = [Double](repeating: 0, count: chains)
    var before = start.freeEnergies(visible)
    for step in 1...steps {
      let machine = strengthened(by: Float(step) / Float(steps))
      let after = machine.freeEnergies(visible)
      for chain in 0..<chains { logWeights[chain] += before[chain] - after[chain] }
      visible = machine.gibbs(visible, steps: 1, using: &streams)
      before = machine.freeEnergies(visible)
    }
    return LogPartition(start: start.logPartitionOfBiases, logWeights: logWeights)
  }

  /// The machine with a part of its weights and hidden biases, and all of its visible biases.
  private func strengthened(by part: Float) -> RestrictedBoltzmannMachine {
    var machine = self
    machine.weight = weight.map { part * $0 }
    machine.hiddenBias = hiddenBias.map { part * $0 }
    return machine
  }

  /// The logarithm of `Z` without weights and hidden biases.
  private var logPartitionOfBiases: Double {
    logVisibleSum(given: [Bool](repeating: false, count: hiddenCount))
      + Double(hiddenCount) * portableLogarithm(2)
  }
}
