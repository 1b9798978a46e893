import Genomics
import Inference
import Motifs
import TestSupport
import Testing

@Suite struct MotifSpacingTests {
  /// A motif of one word.
  private func table(_ word: String) -> PValueTable {
    let columns = (EncodedSequence(word)?.codes ?? []).map { code in
      var column = SIMD4<Double>(repeating: 0.01)
      column[Int(code)] = 0.97
      return column
    }
    return PValueTable(
      Motif(name: word, probabilities: ProbabilityMatrix(columns: columns)!, siteCount: 100),
      background: .uniform, below: 1e-4)
  }

  /// Words planted 7 bases apart, the second on the other strand, in two thirds of the sequences; anywhere in the others.
  @Test func findsTheGapThatWasPlanted() throws {
    let (first, second) = ("GATTACAGG", "CCTGTTCAA")
    var random = RandomStream(seed: 4, .background)
    let sequences = (0..<60).map { index -> EncodedSequence in
      var codes = (0..<100).map { _ in UInt8(random.next(below: 4)) }
      let start = 20 + random.next(below: 30)
      let turned = (EncodedSequence(second)?.reverseComplement.codes ?? [])
      let other = index % 3 == 0 ? start + 9 + random.next(below: 20) : start + 9 + 7
      codes.replaceSubrange(start..<start + 9, with: EncodedSequence(first)?.codes ?? [])
      codes.replaceSubrange(other..<other + 9, with: turned)
      let sequence = EncodedSequence(codes: codes)
      return index % 2 == 0 ? sequence : sequence.reverseComplement
    }
    let found = motifSpacings(
      of: [table(first), table(second)], in: sequences, reach: 50, threads: 2)
    #expect(found.count == 2)
    for spacing in found {
      #expect(spacing.gap == 7 && spacing.count >= 40 && spacing.pairs >= 58)
      #expect(spacing.pValue < 1e-20)
      #expect(abs(spacing.eValue / spacing.pValue - 2 * 4 * 51) < 1e-6)
    }
    let quadrants = Dictionary(uniqueKeysWithValues: found.map { ($0.primary, $0.quadrant) })
    #expect(quadrants == [0: .oppositeDownstream, 1: .oppositeDownstream])
  }

  /// Without pairs there is nothing to say.
  @Test func noPairsAreNoSpacing() {
    let sequences = [EncodedSequence(codes: [UInt8](repeating: 0, count: 50))]
    #expect(
      motifSpacings(
        of: [table("GATTACAGG"), table("CCTGTTCAA")], in: sequences, reach: 20, threads: 1
      ).isEmpty)
  }
}
