public import Genomics

/// How often A, C, G and T stand in sequence that holds no motif.
public struct Background: Equatable, Sendable {
  /// A, C, G, T: each above 0, together 1.
  public let frequencies: SIMD4<Float>

  public static let uniform = Background(normalizing: SIMD4(repeating: 1))

  /// - Returns: `nil` where a frequency isn't above 0 or the four don't sum to 1 within 0.01; what
  ///   is accepted is scaled to sum to 1.
  public init?(_ frequencies: SIMD4<Float>) {
    guard frequencies.min() > 0, abs(frequencies.sum() - 1) <= ProbabilityMatrix.sumTolerance
    else { return nil }
    self.init(normalizing: frequencies)
  }

  /// Counts the known bases of sequences, with 1 added to each of the four counts so that no
  /// frequency is 0.
  public init(counting sequences: some Sequence<EncodedSequence>) {
    var counts = [1, 1, 1, 1, 0]
    for sequence in sequences {
      for code in sequence.codes { counts[Int(code)] += 1 }
    }
    let total = Double(counts.prefix(4).reduce(0, +))
    self.init(normalizing: SIMD4(counts.prefix(4).map { Float(Double($0) / total) }))
  }

  private init(normalizing weights: SIMD4<Float>) {
    frequencies = weights / weights.sum()
  }
}
