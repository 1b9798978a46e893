import Genomics

/// How alike the positives and negatives of a side are in what isn't meant to tell them apart.
public struct ClassMatch: Codable, Equatable, Sendable {
  /// The share of G and C among the known bases.
  public let gc: Comparison
  /// The number of bases.
  public let length: Comparison

  /// A property of the positives beside the negatives.
  public struct Comparison: Codable, Equatable, Sendable {
    public let positives: Summary
    public let negatives: Summary
    /// The largest difference between the two cumulative distributions, from 0 for the same to 1 for
    /// apart (Kolmogorov–Smirnov).
    public let distance: Double
  }

  /// Some numbers in short; quartiles are interpolated between ranks.
  public struct Summary: Codable, Equatable, Sendable {
    public let mean: Double
    public let quartiles: [Double]
  }

  /// Compares the examples that some task found bound with those that none did; what was measured
  /// for no task, and unknown bases throughout, have no part in it.
  ///
  /// - Returns: `nil` if a class has no examples.
  public init?(_ examples: [Example]) {
    let positives = examples.filter(\.isPositive)
    let negatives = examples.filter { !$0.isPositive && $0.isNegative }
    guard
      let gc = Comparison(
        positives.compactMap(\.bases.gcFraction), negatives.compactMap(\.bases.gcFraction)),
      let length = Comparison(
        positives.map { Double($0.bases.count) }, negatives.map { Double($0.bases.count) })
    else { return nil }
    (self.gc, self.length) = (gc, length)
  }
}

extension ClassMatch.Comparison {
  fileprivate init?(_ positives: [Double], _ negatives: [Double]) {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let (first, second) = (positives.sorted(), negatives.sorted())
    self.positives = ClassMatch.Summary(sorted: first)
    self.negatives = ClassMatch.Summary(sorted: second)
    distance = kolmogorovSmirnovDistance(first, second)
  }
}

extension ClassMatch.Summary {
  fileprivate init(sorted values: [Double]) {
    mean = values.reduce(0, +) / Double(values.count)
    quartiles = [0.25, 0.5, 0.75].map { share in
      let rank = share * Double(values.count - 1)
      let below = Int(rank)
      let above = min(below + 1, values.count - 1)
      return values[below] + (rank - Double(below)) * (values[above] - values[below])
    }
  }
}

/// The largest distance between the empirical distribution functions of two ascending samples.
private func kolmogorovSmirnovDistance(_ first: [Double], _ second: [Double]) -> Double {
  var (i, j, distance) = (0, 0, 0.0)
  while i < first.count, j < second.count {
    let value = min(first[i], second[j])
    while i < first.count, first[i] == value { i += 1 }
    while j < second.count, second[j] == value { j += 1 }
    distance = max(
      distance, abs(Double(i) / Double(first.count) - Double(j) / Double(second.count)))
  }
  return distance
}
