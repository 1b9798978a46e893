import Genomics
import Motifs
import Testing

@Suite struct PatternTests {
  private func pattern(_ word: String, flank: Int = 0) -> ContributionPattern {
    let none = [Float](repeating: 0, count: 4 * flank)
    let codes = EncodedSequence(word)?.codes ?? []
    return ContributionPattern(
      weights: none + codes.flatMap { code in (0..<4).map { $0 == Int(code) ? 2 : 0 } } + none)
  }

  /// By hand: the same word, further on or on the other strand, has a cosine of 1; `AGG` and `GGA` have two of three letters
  /// in common if they are moved by one, so 2/3; words of A and of C share nothing, nor do those on the other strand.
  @Test func similarityIsTheCosineAtTheBestPlace() {
    let word = pattern("ACGGA")
    #expect(abs(word.similarity(to: word) - 1) < 1e-6)
    #expect(abs(word.similarity(to: pattern("TCCGT", flank: 3)) - 1) < 1e-6)
    #expect(abs(pattern("AGG").similarity(to: pattern("GGA")) - 2 / 3) < 1e-6)
    #expect(pattern("AAA").similarity(to: pattern("CCC")) == 0)
    #expect(pattern("AAA").similarity(to: ContributionPattern(weights: [0, 0, 0, 0])) == 0)
  }

  /// By hand: positions 1 and 3 are AA or CC, half each: 1 bit. Position 0 never varies, and position 2 goes with nothing.
  @Test func findsThePositionsThatGoTogether() throws {
    let sites = ["TAGA", "TACA", "TAGA", "TACA", "TAGA", "TCGC", "TCCC", "TCGC", "TCCC", "TCGC"]
    let dependence = try #require(
      PositionDependence(of: (sites + ["TNGG"]).compactMap { EncodedSequence($0)?.codes }))
    #expect(abs(dependence.bits - 1) < 1e-12)
    #expect(dependence.position == 1)
    #expect(dependence.base == 0)
    #expect(PositionDependence(of: [[0], [1]]) == nil)
    #expect(PositionDependence(of: []) == nil)
  }
}
