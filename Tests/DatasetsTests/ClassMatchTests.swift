import Datasets
import Genomics
import Testing

@Suite struct ClassMatchTests {
  private func example(_ bases: String, _ label: Float) -> Example {
    Example(name: "e", bases: EncodedSequence(bases)!, labels: [label])
  }

  /// By hand. GC: positives 0, 1/2, 1, 1; negatives 1/4, 1/2. Up to below 1/2 there stand 1/4 of the
  /// positives and 1/2 of the negatives; up to below 1, 1/2 and all: the distance is 1/2.
  @Test func summariesByHand() throws {
    let match = try #require(
      ClassMatch([
        example("AAAA", 1), example("ACGTAC", 1), example("GG", 1), example("GC", 1),
        example("AAAC", 0), example("ACGTNN", 0), example("GGGGGGGG", .nan),
      ]))
    #expect(match.gc.positives.mean == 0.625)
    #expect(match.gc.positives.quartiles == [0.375, 0.75, 1])
    #expect(match.gc.negatives.mean == 0.375)
    #expect(match.gc.negatives.quartiles == [0.3125, 0.375, 0.4375])
    #expect(match.gc.distance == 0.5)
    // Lengths 2, 2, 4, 6 and 4, 6.
    #expect(match.length.positives.mean == 3.5 && match.length.negatives.mean == 5)
    #expect(match.length.distance == 0.5)
    #expect(ClassMatch([example("A", 1)]) == nil)
  }
}
