import Genomics
import Motifs
import Testing

@Suite struct ContributionHitsTests {
  /// `ACGT` read letter by letter with the given contributions.
  private func sequence(_ text: String, _ contributions: [Float]) throws -> ContributedSequence {
    ContributedSequence(bases: try #require(EncodedSequence(text)), contributions: contributions)
  }

  /// A motif that contributes for one word alone.
  private func motif(_ name: String, _ word: String, _ contribution: Float) throws
    -> ContributionMotif
  {
    let codes = try #require(EncodedSequence(word)).codes
    return ContributionMotif(
      name: name,
      contributions: codes.map { code in
        var column = SIMD4<Float>.zero
        column[Int(code)] = contribution
        return column
      })
  }

  /// One place of `GATA` forward and one of `CCAC` reverse; by hand: of the contributions `a = |a| t`, the lasso keeps
  /// `(1 - penalty) |a|`, so of a strength of 4 and -2 it keeps 0.4.
  @Test func rebuildsFromFewPlaces() throws {
    let reconstruction = ContributionReconstruction(
      [try motif("gata", "GATA", 1), try motif("ccac", "CCAC", -1)], penalty: 0.6)
    let bases = "TTGATATTTGTGGTT"
    var contributions = [Float](repeating: 0, count: bases.count)
    for position in 2..<6 { contributions[position] = 1 }
    for position in 9..<13 { contributions[position] = -0.5 }
    let sequence = try sequence(bases, contributions)
    let hits = reconstruction.hits(in: [sequence], null: [], threads: 1)[0]
    #expect(hits.map(\.motif) == [0, 1])
    #expect(hits.map(\.start) == [2, 9])
    #expect(hits.map(\.strand) == [.forward, .reverse])
    #expect(abs(hits[0].strength - 1.6) < 1e-4 && abs(hits[1].strength + 0.8) < 1e-4)
    #expect(hits.allSatisfy { abs($0.similarity - 1) < 1e-5 && $0.qValue == 0 })
  }

  /// Of two motifs that lie on the same bases the one that explains more is used; what is unlike a motif isn't.
  @Test func choosesAmongPlacesThatOverlap() throws {
    let reconstruction = ContributionReconstruction(
      [try motif("long", "GATAAG", 1), try motif("short", "GATA", 1)], penalty: 0.5)
    let sequence = try sequence(
      "TTGATAAGTTGATA", [0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0])
    let hits = reconstruction.hits(in: [sequence], null: [], threads: 1)[0]
    #expect(hits.filter { $0.start < 8 }.map(\.motif) == [0])
    #expect(hits.filter { $0.start > 8 && $0.similarity > 0.51 }.isEmpty)
  }

  /// Of three hits two are stronger than the null's only one: over as many bases, none of one, none of two, one of three.
  @Test func qValuesCompareWithTheNull() throws {
    let reconstruction = ContributionReconstruction([try motif("gata", "GATA", 1)])
    let sequences = try [Float(3), 2, 0.5].map {
      try sequence("TTGATATT", [0, 0, $0, $0, $0, $0, 0, 0])
    }
    let null = try [Float(1), 0, 0].map {
      try sequence("TTGATATT", [0, 0, $0, $0, $0, $0, 0, 0])
    }
    let hits = reconstruction.hits(in: sequences, null: null, threads: 2)
    #expect(hits.map(\.count) == [1, 1, 1])
    #expect(hits.map { $0[0].qValue } == [0, 0, 1.0 / 3])
  }
}
