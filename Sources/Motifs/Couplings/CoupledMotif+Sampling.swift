public import Genomics
internal import Parallel
public import Tensors

extension CoupledMotif {
  /// The widest motif whose sites are all counted.
  private static let widestExact = 9

  /// The logarithm of the partition function: exact for narrow motifs, else by annealed importance sampling.
  public func estimatedLogPartition(seed: UInt64, threads: Int) -> LogPartition {
    width <= Self.widestExact
      ? LogPartition(exact: exactLogPartition())
      : annealedLogPartition(chains: 1000, steps: 300, seed: seed, threads: threads)
  }

  /// The logarithm of the sum over all sites, each counted.
  public func exactLogPartition() -> Double {
    precondition(width <= 12, "\(width) positions are too many to count all sites")
    var sum = LogSum()
    var site = [UInt8](repeating: 0, count: width)
    for number in 0..<1 << (2 * width) {
      for i in 0..<width { site[i] = UInt8(number >> (2 * i) & 3) }
      sum.add(logWeight(site[...]))
    }
    return sum.value
  }

  /// The estimate of annealed importance sampling (Neal 2001): chains start from independent positions, and couplings rise to their
  /// full strength in steps, each followed by a sweep of Gibbs sampling.
  public func annealedLogPartition(chains: Int, steps: Int, seed: UInt64, threads: Int)
    -> LogPartition
  {
    let bases = fields.map { softmax($0) }
    let logWeights = concurrentMap(chains, threads: threads) { chain in
      var random = RandomStream(seed: seed, .importance, chain)
      var site = bases.map { random.index(of: $0.shares) }
      var logWeight = 0.0
      for step in 1...steps {
        logWeight += couplingSum(site) / Double(steps)
        if step < steps { sweep(&site, strength: Double(step) / Double(steps), using: &random) }
      }
      return logWeight
    }
    let logStart = bases.reduce(0) { $0 + $1.logSum }
    return LogPartition(start: logStart, logWeights: logWeights)
  }

  /// Σ_{i<j} J_ij of a site.
  private func couplingSum(_ site: [UInt8]) -> Double {
    var sum = 0.0
    for i in 0..<width {
      for j in 0..<i { sum += couplings[(i * width + j) * 4 + Int(site[j])][Int(site[i])] }
    }
    return sum
  }

  /// Draws each base anew, given the others.
  ///
  /// - Parameters:
  ///   - strength: The factor of the couplings.
  ///   - temperature: What all logits are divided by.
  private func sweep(
    _ site: inout [UInt8], strength: Double = 1, temperature: Double = 1,
    using random: inout RandomStream
  ) {
    for i in 0..<width {
      let coupled = conditional(at: i, in: site) - fields[i]
      site[i] = random.index(of: softmax((fields[i] + strength * coupled) / temperature).shares)
    }
  }

  /// Draws sites by Gibbs sampling, each by a chain of its own that starts hot and cools to `temperature`.
  ///
  /// - Parameter sweeps: Of each chain, half of them while it cools.
  public func samples(
    _ count: Int, sweeps: Int = 200, temperature: Double = 1, seed: UInt64, threads: Int
  ) -> [EncodedSequence] {
    concurrentMap(count, threads: threads) { index in
      var random = RandomStream(seed: seed, .chains, index)
      var site = (0..<width).map { _ in UInt8(random.next(below: 4)) }
      for sweepIndex in 0..<sweeps {
        let heat = max(0, 1 - 2 * Double(sweepIndex) / Double(sweeps))
        sweep(&site, temperature: temperature * (1 + 3 * heat), using: &random)
      }
      return EncodedSequence(codes: site)
    }
  }
}

extension RandomStream {
  /// An index that is drawn with probabilities.
  mutating func index(of shares: SIMD4<Double>) -> UInt8 {
    var rest: Double = uniform()
    for a in 0..<3 {
      rest -= shares[a]
      if rest < 0 { return UInt8(a) }
    }
    return 3
  }
}
