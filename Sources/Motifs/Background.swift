public import Genomics

/// How often A, C, G and T stand in sequence that holds no motif.
public struct Background: Equatable, Sendable {
  /// A, C, G, T: each above 0, together 1.
  public let frequencies: SIMD4<Double>

  /// A row of a few decimals is off by less; the sum of decimals is off by a few roundings.
  private static let sumTolerance = 0.01 + 1e-9

  public static let uniform = Background(normalizing: SIMD4(repeating: 1))

  /// - Returns: `nil` if a frequency isn't above 0 or the four don't sum to 1 within 0.01; what
  ///   is accepted is scaled to sum to 1.
  public init?(_ frequencies: SIMD4<Double>) {
    guard frequencies.min() > 0, abs(frequencies.sum() - 1) <= Self.sumTolerance
    else { return nil }
    self.init(normalizing: frequencies)
  }

  /// Counts the known bases of sequences, with 1 added to each of the four counts so that no
  /// frequency is 0.
  public init(counting sequences: some Sequence<EncodedSequence>) {
    var counts = [Int](repeating: 0, count: Alphabet.dna.count + 1)
    for sequence in sequences {
      for code in sequence.codes { counts[Int(code)] += 1 }
    }
    self.init(baseCounts: counts.dropLast())
  }

  /// - Parameter counts: How often A, C, G, T were seen, to each of which 1 is added.
  package init(baseCounts counts: some Sequence<Int>) {
    self.init(normalizing: SIMD4(counts.map { Double($0 + 1) }))
  }

  /// The frequencies in both strands: A as often as T, C as often as G.
  public var strandSymmetric: Background {
    Background(normalizing: frequencies + [frequencies].reverseComplement()[0])
  }

  private init(normalizing weights: SIMD4<Double>) {
    frequencies = weights / weights.sum()
  }
}
