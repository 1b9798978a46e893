import GenomicsIO
import Motifs
import TestSupport
import Testing

@Suite struct DistinctMotifsTests {
  private func motif(_ name: String) throws -> Motif {
    try #require(MotifDatabase.builtIn.motifs.first { $0.alternateName == name })
  }

  /// What comes with the program is the file of the repository.
  @Test func theBuiltInDatabaseIsThatOfTheRepository() throws {
    let path = packageRoot + "/motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme"
    #expect(MotifDatabase.builtIn.motifs.count == 1019)
    #expect(MotifDatabase.builtIn.motifs == (try MotifFile(path: path).motifs))
  }

  /// A part of a motif on the other strand repeats it, whichever weighs more; motifs of other factors don't.
  @Test func partsOfAMotifRepeatIt() throws {
    let (ctcf, gata, rest) = try (motif("CTCF"), motif("GATA1"), motif("REST"))
    let part = Motif(
      name: "part",
      probabilities: try #require(
        ProbabilityMatrix(columns: Array(ctcf.probabilities.reverseComplement.columns[3..<14]))))
    let motifs = [ctcf, gata, part, rest]
    func distinct(_ weights: [Float]) -> [Int] {
      distinctMotifs(motifs, weights: weights, pValue: 1e-3, threads: 2)
    }
    #expect(distinct([9, 4, 8, 7]) == [0, 1, 3])
    #expect(distinct([1, 4, 8, 7]) == [1, 2, 3])
    #expect(distinctMotifs([], weights: [], pValue: 1e-3, threads: 1).isEmpty)
  }
}
