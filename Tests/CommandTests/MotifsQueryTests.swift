import Foundation
import TestSupport
import Testing

@Suite final class MotifsQueryTests {
  private let folder = TemporaryFolder()

  private func contents(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  /// A model of CTCF uses CTCF's motif, which raises its output, and not that of GATA1.
  @Test func tellsWhatIsUsed() throws {
    let (output, sites) = (folder.path + "/a.tsv", folder.path + "/s.tsv")
    let arguments = [
      "motifs", "query", "CTCF", "GATA1", "--model", Toy.model, "--fasta", Toy.peaks,
      "--references", "3", "--output", output, "--sites", sites,
    ]
    let run = try Program(arguments)
    #expect(run.exitCode == 0, "\(run.words)")
    let table = rows(try contents(output))
    let columns = Dictionary(uniqueKeysWithValues: table[0].enumerated().map { ($1, $0) })
    func number(_ row: Int, _ name: String) throws -> Double {
      let column = try #require(columns[name])
      return try #require(Double(table[row][column]))
    }
    #expect(table.count == 3 && table[1][1] == "CTCF" && table[2][1] == "GATA1")
    // JASPAR has three motifs of that name.
    #expect(
      run.words.contains("\"CTCF\" is MA0139.2 here; so are called MA1929.2, MA1930.2 too"))
    #expect(try number(1, "planted") > 5 * number(1, "standardError"))
    #expect(try abs(number(2, "planted")) < number(1, "planted") / 3)
    #expect(try number(1, "raising") > 0.7 && number(1, "withSite") > 200)
    #expect(run.words.contains("CTCF (MA0139.2): planted in shuffles it raises the output"))
    // The table of sites adds up to the mean.
    let own = rows(try contents(sites)).filter { $0[0] == table[1][0] }.compactMap { Double($0[5]) }
    #expect(Double(own.count) == (try number(1, "sites")))
    #expect(abs(own.reduce(0, +) / Double(own.count) - (try number(1, "contribution"))) < 1e-4)
    let unknown = try Program(
      ["motifs", "query", "NOPE", "--model", Toy.model, "--fasta", Toy.peaks])
    #expect(unknown.exitCode == 64 && unknown.words.contains("no motif is named \"NOPE\""))
  }

  /// Pairs have a row for each order, from the least p-value up.
  @Test func enrichWritesPairs() throws {
    let paths = ["e.tsv", "p.tsv"].map { folder.path + "/" + $0 }
    let run = try Program([
      "motifs", "enrich", "--motifs",
      packageRoot + "/motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme", "--fasta",
      Toy.peaks, "--output", paths[0], "--pairs", paths[1], "--threshold", "100000",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    let pairs = rows(try contents(paths[1]))
    #expect(
      pairs[0] == [
        "primary", "primaryName", "secondary", "secondaryName", "orientation", "gap", "count",
        "pairs",
        "pvalue", "evalue",
      ])
    let pValues = pairs.dropFirst().compactMap { Double($0[8]) }
    #expect(!pValues.isEmpty && pValues == pValues.sorted())
  }
}
