public import Genomics
internal import Parallel

/// How coupled motifs are fitted.
public struct CouplingFitConfiguration: Sendable {
  /// What is added per squared field, and per squared coupling.
  public var fieldPenalty = 0.001
  public var couplingPenalty = 0.01
  /// The fit ends when no component of the gradient is larger.
  public var tolerance = 1e-6
  public var mostSteps = 1000

  public init() {}
}

/// The mean pseudolikelihood of aligned sites, by which fields and couplings are fitted (Besag 1975; Ekeberg et al. 2013):
///
///     L = -1/N Σ_sites Σ_i log P(x_i | the other positions) + fieldPenalty Σ h² + couplingPenalty Σ_{i<j} J²
///
/// It needs no partition function and is convex.
struct Pseudolikelihood: Sendable {
  private static let sitesPerShard = 512

  let sites: [[UInt8]]
  let width: Int
  let configuration: CouplingFitConfiguration
  let threads: Int

  /// The number of parameters: fields, then the couplings of each pair `i < j`.
  var parameterCount: Int { 4 * width + 8 * width * (width - 1) }

  /// The loss and its gradient.
  func loss(_ parameters: [Double]) -> (value: Double, gradient: [Double]) {
    let (sites, width) = (sites, width)
    let fields = (0..<width).map { i in SIMD4((0..<4).map { parameters[4 * i + $0] }) }
    let couplings = expandedCouplings(parameters[(4 * width)...], width: width)
    let shards = concurrentMap(
      sites.count.dividedRoundingUp(by: Self.sitesPerShard), threads: threads
    ) { shard in
      let first = shard * Self.sitesPerShard
      return PseudolikelihoodSum(
        sites[first..<min(first + Self.sitesPerShard, sites.count)], fields: fields,
        couplings: couplings)
    }
    var total = shards[0]
    for shard in shards.dropFirst() { total.add(shard) }
    var gradient = total.parameterGradient(width: width, scale: 1 / Double(sites.count))
    var value = total.loss / Double(sites.count)
    for index in parameters.indices {
      let penalty =
        index < 4 * width ? configuration.fieldPenalty : configuration.couplingPenalty
      value += penalty * parameters[index] * parameters[index]
      gradient[index] += 2 * penalty * parameters[index]
    }
    return (value, gradient)
  }
}

/// The negative log pseudolikelihood of some sites, and its gradient by both orders of each pair.
private struct PseudolikelihoodSum: Sendable {
  var loss = 0.0
  var fields: [SIMD4<Double>]
  var couplings: [SIMD4<Double>]

  init(_ sites: ArraySlice<[UInt8]>, fields: [SIMD4<Double>], couplings: [SIMD4<Double>]) {
    let width = fields.count
    self.fields = [SIMD4<Double>](repeating: SIMD4(repeating: 0), count: fields.count)
    self.couplings = [SIMD4<Double>](repeating: SIMD4(repeating: 0), count: couplings.count)
    for site in sites {
      for i in 0..<width {
        var logits = fields[i]
        for j in 0..<width { logits += couplings[(i * width + j) * 4 + Int(site[j])] }
        let own = Int(site[i])
        let (shares, logSum) = softmax(logits)
        loss += logSum - logits[own]
        var gradient = shares
        gradient[own] -= 1
        self.fields[i] += gradient
        for j in 0..<width { self.couplings[(i * width + j) * 4 + Int(site[j])] += gradient }
      }
    }
  }

  mutating func add(_ other: PseudolikelihoodSum) {
    loss += other.loss
    for index in fields.indices { fields[index] += other.fields[index] }
    for index in couplings.indices { couplings[index] += other.couplings[index] }
  }

  /// The gradient by the fields and by the couplings of each pair `i < j`.
  func parameterGradient(width: Int, scale: Double) -> [Double] {
    var gradient: [Double] = []
    gradient.reserveCapacity(4 * width + 8 * width * (width - 1))
    for field in fields { for a in 0..<4 { gradient.append(scale * field[a]) } }
    for i in 0..<width {
      for j in i + 1..<max(i + 1, width) {
        for a in 0..<4 {
          for b in 0..<4 {
            gradient.append(
              scale
                * (couplings[(i * width + j) * 4 + b][a] + couplings[(j * width + i) * 4 + a][b]))
          }
        }
      }
    }
    return gradient
  }
}

/// The probabilities of logits, and the logarithm of the sum of their exponentials.
func softmax(_ logits: SIMD4<Double>) -> (shares: SIMD4<Double>, logSum: Double) {
  let highest = logits.max()
  var powers = SIMD4<Double>(repeating: 0)
  for a in 0..<4 { powers[a] = portableExponential(logits[a] - highest) }
  let sum = powers.sum()
  return (powers / sum, highest + portableLogarithm(sum))
}

extension CoupledMotif {
  /// Fits a motif to aligned sites by pseudolikelihood. Its partition function isn't known yet: `logPartition` is 0.
  ///
  /// - Precondition: There are sites, all of one width above 0, without unknown bases.
  public init(
    fitting sites: [EncodedSequence], name: String, background: Background = .uniform,
    configuration: CouplingFitConfiguration = CouplingFitConfiguration(), threads: Int
  ) {
    precondition(
      sites.allSatisfy {
        $0.count == sites[0].count && !$0.codes.contains(EncodedSequence.unknown)
      } && sites.first?.count ?? 0 > 0, "sites of several widths, or with unknown bases")
    let objective = Pseudolikelihood(
      sites: sites.map(\.codes), width: sites[0].count, configuration: configuration,
      threads: threads)
    let start = CountMatrix(sites: sites).probabilities(pseudocount: 1).columns.flatMap { column in
      (0..<4).map { portableLogarithm(column[$0]) }
    }
    let width = objective.width
    let fitted = minimized(
      from: start + [Double](repeating: 0, count: objective.parameterCount - start.count),
      tolerance: configuration.tolerance, mostSteps: configuration.mostSteps, objective.loss)
    self.init(
      name: name,
      fields: (0..<width).map { i in SIMD4((0..<4).map { fitted[4 * i + $0] }) },
      pairs: Array(fitted[(4 * width)...]), logPartition: 0, siteCount: sites.count,
      background: background)
  }

  /// The mean over sites of the sum over positions of `log2 P(x_i | the others)`: for independent positions the logarithm of the
  /// likelihood.
  public func pseudoLogLikelihoodInBits(of sites: [EncodedSequence]) -> Double {
    let sum = sites.reduce(0.0) { sum, site in
      (0..<width).reduce(sum) { sum, i in
        let logits = conditional(at: i, in: site.codes)
        return sum + logits[Int(site.codes[i])] - softmax(logits).logSum
      }
    }
    return sum / Double(sites.count) / portableLogarithm(2)
  }
}
