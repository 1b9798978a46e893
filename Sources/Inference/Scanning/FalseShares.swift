public import Models

/// The expected share of sites that lie in no peak, among those that have at least some output: the false discovery
/// rate of a list of sites, judged by a genome and not by shuffles.
public struct FalseShares: Sendable {
  private let counts: OutputCounts
  /// One per bin.
  private let shares: [Double]

  /// - Parameters:
  ///   - counts: The outputs of the candidates for sites.
  ///   - odds: Those that a candidate lies in a peak.
  public init(_ counts: OutputCounts, odds: PeakOdds) {
    self.counts = counts
    var shares = [Double](repeating: 1, count: counts.counts.count)
    var (sites, falseSites) = (0.0, 0.0)
    for bin in shares.indices.reversed() {
      let count = Double(counts.counts[bin])
      let isFalse = 1 - odds.probability(ofOutput: counts.leastOutput(of: bin))
      sites += count
      falseSites += count * isFalse
      shares[bin] = sites > 0 ? falseSites / sites : isFalse
    }
    self.shares = shares
  }

  /// The share among the candidates with the highest output; `nil` if there are none.
  public var least: Double? { counts.counts.lastIndex { $0 > 0 }.map { shares[$0] } }

  /// The least output whose share is at most a rate; `nil` if there is none.
  public func leastOutput(atRate rate: Double) -> Float? {
    shares.firstIndex { $0 <= rate }.map(counts.leastOutput)
  }

  public subscript(output: Float) -> Double { shares[counts.bin(of: output)] }
}
