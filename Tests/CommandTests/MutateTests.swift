import Foundation
import TestSupport
import Testing

@Suite final class MutateTests {
  private let base = ["mutate", "--model", Toy.model, "--quiet"]
  private let folder = TemporaryFolder()

  /// A delta of the table is the difference of the logits that `predict` gives both sequences.
  @Test func tabulatesEverySubstitution() throws {
    let bases = Toy.peakRecords[0].bases.uppercased().prefix(60)
    let fasta = folder.write(">s\n\(bases)\n", to: "s.fa")
    let output = folder.path + "/out"
    #expect(try Program(base + ["--fasta", fasta, "--output", output]).exitCode == 0)
    let table = rows(try contents(output + "/mutations.tsv"))
    #expect(table.count == 1 + 3 * 60)
    #expect(table[0] == ["name", "position", "ref", "alt", "Gm12878.CTCF.top500.w200"])
    let row = table[3 * 29 + 2]
    #expect(row[..<3] == ["s", "30", String(Array(bases)[29])])
    let mutant = bases.prefix(29) + row[3] + bases.dropFirst(30)
    let pair = folder.write(">r\n\(bases)\n>a\n\(mutant)\n", to: "pair.fa")
    let scores = rows(
      try Program(["predict", "--model", Toy.model, "--quiet", "--fasta", pair]).output)
    let logits = try [1, 2].map { index in
      let probability = try #require(Double(scores[index][1]))
      return log(probability / (1 - probability))
    }
    #expect(abs(try #require(Double(row[4])) - (logits[1] - logits[0])) < 1e-4)
    let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
    #expect(
      names == ["map1.svg", "mutations.npz", "mutations.tsv", "report.html", "report.tsv"])
    // The page's numbers are those of the table.
    let numbers = rows(try contents(output + "/report.tsv"))
    let own = try #require(numbers.first { $0[1] == row[3] && $0[2] == "30.0" })
    let (drawn, tabled) = (try #require(Double(own[3])), try #require(Double(row[4])))
    #expect(abs(drawn - tabled) < 1e-6)
  }

  /// A region gives what its bases give, at the genome's positions, with any number of threads.
  @Test func mutatesRegions() throws {
    let genome = folder.write(Toy.genomeText, to: "genome.fa")
    let bed = folder.write("a\t429\t432\n", to: "regions.bed")
    let window = Toy.genome.first { $0.name == "a" }!.bases.dropFirst(380).prefix(Toy.windowLength)
    let fasta = folder.write(">a:430-432\n\(window)\n", to: "window.fa")
    let (regions, whole) = (folder.path + "/regions", folder.path + "/whole")
    #expect(
      try Program(
        base + ["--regions", bed, "--genome", genome, "--output", regions, "--threads", "1"]
      ).exitCode == 0)
    #expect(
      try Program(base + ["--fasta", fasta, "--output", whole, "--threads", "3"]).exitCode == 0)
    let (placed, plain) = (
      rows(try contents(regions + "/mutations.tsv")), rows(try contents(whole + "/mutations.tsv"))
    )
    #expect(placed[1][..<3] == ["a:430-432", "a", "381"])
    #expect(placed.dropFirst().map { $0.suffix(3) } == plain.dropFirst().map { $0.suffix(3) })
    let archives = try [regions, whole].map {
      try Data(contentsOf: URL(fileURLWithPath: $0 + "/mutations.npz"))
    }
    #expect(archives[0] == archives[1])
  }

  private func contents(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }
}
