import TestSupport
import Testing

@Suite struct PredictTests {
  private let base = ["predict", "--model", Toy.model, "--quiet"]

  @Test func scoresEachSequence() throws {
    let run = try Program(base + ["--fasta", Toy.peaks])
    #expect(run.exitCode == 0)
    let table = rows(run.output)
    #expect(table[0] == ["name", "Gm12878.CTCF.top500.w200"])
    #expect(table.dropFirst().map(\.[0]) == Toy.peakRecords.map(\.name))
    #expect(table.dropFirst().allSatisfy { (0...1).contains(Double($0[1]) ?? -1) })
  }

  @Test func readsStandardInput() throws {
    let piped = try Program(base + ["--fasta", "-"], input: try contents(Toy.peaks))
    #expect(piped.output == (try Program(base + ["--fasta", Toy.peaks])).output)
  }

  /// Regions score as their bases do, cut out of the genome by hand, on the summit or the middle.
  @Test func regionsScoreAsTheirBases() throws {
    let folder = TemporaryFolder()
    let genome = folder.write(Toy.genomeText, to: "genome.fa")
    let bed = folder.write("a\t429\t432\nchrb\t90\t111\n", to: "regions.bed")
    let windows = [("a", 380), ("b", 50)].map { name, start in
      Toy.genome.first { $0.name == name }!.bases.dropFirst(start).prefix(Toy.windowLength)
    }
    let fasta = folder.write(">x\n\(windows[0])\n>y\n\(windows[1])\n", to: "windows.fa")
    let expected = rows(try Program(base + ["--fasta", fasta]).output).dropFirst().map(\.[1])
    let summits = folder.write(
      "a\t400\t500\tfirst\t0\t.\t1\t1\t1\t30\n", to: "summits.narrowPeak")
    let narrow = rows(
      try Program(base + ["--regions", summits, "--genome", genome]).output)
    #expect(narrow[0].prefix(4) == ["name", "chrom", "start", "end"])
    #expect(narrow[1] == ["first", "a", "380", "481", expected[0]])
    let plain = rows(try Program(base + ["--regions", bed, "--genome", genome]).output)
    try #require(plain.count == 3)
    #expect(plain[1] == ["a:430-432", "a", "380", "481", expected[0]])
    #expect(plain[2] == ["chrb:91-111", "b", "50", "151", expected[1]])
  }

  @Test func replacesOnlyWithForce() throws {
    let folder = TemporaryFolder()
    let output = folder.write("mine", to: "scores.tsv")
    let arguments = base + ["--fasta", Toy.peaks, "--output", output]
    let refused = try Program(arguments)
    #expect(refused.exitCode == 73)
    #expect(refused.words == "seqcnn: \(output): exists; use --force to replace it\n")
    #expect(try contents(output) == "mine")
    #expect(try Program(arguments + ["--force"]).exitCode == 0)
    #expect(try contents(output) == Program(base + ["--fasta", Toy.peaks]).output)
  }
}
