import Genomics
import Motifs
import TestSupport
import Testing

@Suite struct BestHitsTests {
  /// The definition: each window of each strand by `LogOddsMatrix.score`. Widths differ, unknown bases
  /// stand about, and one sequence is shorter than a motif.
  @Test func areTheBestWindowsOfBothStrands() {
    let motifs = [3, 5, 3, 8].enumerated().map { index, width in
      LogOddsMatrix(
        columns: (0..<width).map { position in
          SIMD4((0..<4).map { Float((position * 7 + $0 * 5 + index * 3) % 11) / 4 - 1.5 })
        })
    }
    var sequences = (0..<300).map { randomBases(20 + $0 % 9, seed: UInt64($0)) }
    sequences[4] = EncodedSequence("ACGNNTTGANACCA")!
    sequences[5] = EncodedSequence("ACGTA")!
    for threads in [1, 3] {
      let hits = bestHits(of: motifs, in: sequences, threads: threads)
      for (motif, own) in zip(motifs, hits) {
        let expected = sequences.map { sequence in
          let padded = sequence.padded(to: motif.width)
          return (motif.scores(of: padded) + motif.scores(of: padded.reverseComplement)).max()!
        }
        #expect(zip(own, expected).allSatisfy { abs($0 - $1) < 1e-5 })
      }
    }
  }
}
