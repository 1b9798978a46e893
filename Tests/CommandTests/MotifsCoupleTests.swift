import Foundation
import TestSupport
import Testing

@Suite final class MotifsCoupleTests {
  private let folder = TemporaryFolder()

  /// 300 sites of six bases of which the second and the fifth pair, and three are the same.
  private var sites: String {
    (0..<300).map { index in
      let code = (index &* 2_654_435_761) >> 5
      let pair = [("A", "T"), ("C", "G"), ("G", "C"), ("T", "A")][code & 3]
      let free = ["A", "C", "G", "T"][code >> 2 & 3]
      return ">s\(index)\nG\(pair.0)T\(free)\(pair.1)C\n"
    }.joined()
  }

  /// The pair is found, couplings gain on held-out sites, and a scan finds sites that pair before those that don't.
  @Test func fitsAndScans() throws {
    let file = folder.write(sites, to: "sites.fa")
    let output = folder.path + "/out"
    let done = try Program(["motifs", "couple", "--sites", file, "--output", output])
    #expect(done.exitCode == 0, "\(done.words)")
    let table = rows(try contents(output + "/couplings.tsv"))
    #expect(table[0] == ["first", "second", "strength"] && table.count == 1 + 15)
    #expect(table[1][0...1] == ["2", "5"])
    let gain = try #require(done.words.firstMatch(of: /gain (-?[0-9.]+), standard error ([0-9.]+)/))
    // Two bits are what a base says that pairs.
    #expect(abs(Double(gain.1)! - 2) < 0.5)
    #expect(try contents(output + "/sites.fa").contains(">site300\n"))
    #expect(try contents(output + "/motif.meme").contains("nsites= 300"))
    let genome = folder.write(
      ">a\nAAAAAAGATCTCAAAAAGATCACAAAAANGCTAGCAAAA\n>b\nGAT\n", to: "genome.fa")
    let scan = [
      "motifs", "scan", "--coupled", output + "/motif.json", "--genome", genome, "--p-value",
      "0.004", "--output", "-",
    ]
    let found = try Program(scan + ["--threads", "1"])
    #expect(found.exitCode == 0 && found.words.contains("hits of 1 motif(s) in 42 bases"))
    let hits = rows(found.output).filter { !$0[0].hasPrefix("#") }
    // GATCTC pairs, GATCAC doesn't; GCTAGC reads the same on both strands.
    #expect(hits.map { $0[1] + $0[5] } == ["6+", "29+", "29-"])
    #expect(hits.allSatisfy { Double($0[7])! < 0.004 && Double($0[6])! > 4 })
    #expect(try Program(scan + ["--threads", "3"]).output == found.output)
    let again = folder.path + "/again"
    let other = ["motifs", "couple", "--sites", file, "--output", again, "--threads", "3"]
    #expect(try Program(other).exitCode == 0)
    #expect(try files(in: output) == files(in: again))
  }

  /// Sites that a motif finds in sequences, and what they tell apart.
  @Test func findsSites() throws {
    let output = folder.path + "/ctcf"
    let done = try Program([
      "motifs", "couple", "--motifs", MotifsScanTests.motifs, "--motif", "MA0056.3", "--fasta",
      Toy.peaks, "--flank", "1", "--output", output,
    ])
    #expect(done.exitCode == 0, "\(done.words)")
    #expect(done.words.contains("AUROC of sequences against their shuffles"))
  }

  @Test func saysWhatIsWrong() throws {
    let few = folder.write(">a\nACGT\n>b\nACGT\n", to: "few.fa")
    let uneven = folder.write(">a\nACGT\n>b\nACG\n", to: "uneven.fa")
    let matrix = folder.write("{}", to: "no.json")
    for (arguments, exitCode, words) in [
      (["couple", "--sites", few, "--output", folder.path + "/x"], 65, "give 50 sites or more"),
      (["couple", "--sites", uneven, "--output", folder.path + "/x"], 65, "\"b\" has 3 bases"),
      (["couple", "--output", folder.path + "/x"], 64, "give either --sites, or --motifs"),
      (["scan", "--coupled", matrix, "--genome", few, "--output", "-"], 65, "is no coupled motif"),
      (["scan", "--genome", few, "--output", "-"], 64, "give either --motifs or --coupled"),
    ] as [([String], Int32, String)] {
      let refused = try Program(["motifs"] + arguments)
      #expect(refused.exitCode == exitCode)
      #expect(refused.words.contains(words), "\(refused.words)")
    }
  }
}
