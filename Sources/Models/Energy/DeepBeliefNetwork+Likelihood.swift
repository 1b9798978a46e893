package import Datasets
package import Genomics
package import Tensors

extension DeepBeliefNetwork {
  /// A lower bound of the natural logarithm of each sequence's probability, whose mean is estimated without bias by one draw
  /// (Salakhutdinov & Murray 2008): `Σ (log P(units | units above) + entropy of those)` below the topmost machine, whose free
  /// energy and partition function end the sum. Of one machine it is the logarithm itself.
  ///
  /// - Parameters:
  ///   - sequences: Without unknown bases.
  ///   - logPartition: That of the topmost machine.
  ///   - stream: The random numbers of each row.
  package func logLikelihoods(
    of sequences: SequenceBatch, logPartition: Double, stream: (Int) -> RandomStream
  ) -> [Double] {
    var streams = (0..<sequences.count).map(stream)
    var units = sequences.visibleUnits
    var sums = [Double](repeating: -logPartition, count: sequences.count)
    for machine in machines.dropLast() {
      let logits = machine.hiddenLogits(units)
      let means = logits.means(of: .binary)
      let above = means.drawn(.binary, using: &streams)
      let told = units.logProbabilities(machine.units, logits: machine.visibleLogits(above))
      let entropies = means.logProbabilities(.binary, logits: logits)
      for row in sums.indices { sums[row] += told[row] - entropies[row] }
      units = above
    }
    for (row, energy) in machines[machines.count - 1].freeEnergies(units).enumerated() {
      sums[row] -= energy
    }
    return sums
  }

  /// The logarithm of the topmost machine's partition function.
  package func logPartition(seed: UInt64) -> LogPartition {
    let top = machines[machines.count - 1]
    guard top.hiddenCount > RestrictedBoltzmannMachine.mostQuicklyCountedUnits else {
      return LogPartition(exact: top.exactLogPartition())
    }
    return top.annealedLogPartition(
      chains: Self.importanceChains, steps: Self.importanceSteps, seed: seed)
  }

  private static let (importanceChains, importanceSteps) = (100, 1000)
}
