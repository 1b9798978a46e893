import TestSupport
import Testing

@Suite struct PredictTests {
  private let base = ["predict", "--model", Toy.model, "--quiet"]

  @Test func scoresEachSequence() throws {
    let run = try Program(base + ["--fasta", Toy.peaks])
    #expect(run.exitCode == 0)
    let table = rows(run.output)
    #expect(
      table[0] == [
        "name", "Gm12878.CTCF.top500.w200", "window_start", "window_end", "strand", "evalue",
        "reason",
      ])
    #expect(table.dropFirst().map(\.[0]) == Toy.peakRecords.map(\.name))
    #expect(table.dropFirst().allSatisfy { (0...1).contains(Double($0[1]) ?? -1) })
  }

  @Test func readsStandardInput() throws {
    let piped = try Program(base + ["--fasta", "-"], input: try contents(Toy.peaks))
    #expect(piped.output == (try Program(base + ["--fasta", Toy.peaks])).output)
  }

  /// Regions shorter than a window score as the window around them, cut out of the genome by hand, on
  /// the summit or the middle; at the end of a sequence the window is moved. The coordinates are the region's own.
  @Test func regionsScoreAsTheirBases() throws {
    let folder = TemporaryFolder()
    let genome = folder.write(Toy.genomeText, to: "genome.fa")
    let windows = [("a", 380), ("b", 50), ("a", 0)].map { name, start in
      Toy.genome.first { $0.name == name }!.bases.dropFirst(start).prefix(Toy.windowLength)
    }
    let fasta = folder.write(
      windows.enumerated().map { ">\($0)\n\($1)\n" }.joined(), to: "windows.fa")
    let expected = rows(try Program(base + ["--fasta", fasta]).output).dropFirst().map { Array($0) }
    let bed = folder.write(
      "a\t429\t432\nchrb\t90\t111\nnowhere\t1\t2\na\t3\t5\n", to: "regions.bed")
    let summits = folder.write(
      "a\t400\t500\tfirst\t0\t.\t1\t1\t1\t30\n", to: "summits.narrowPeak")
    let narrow = rows(
      try Program(base + ["--regions", summits, "--genome", genome]).output)
    #expect(narrow[0].prefix(4) == ["name", "chrom", "start", "end"])
    #expect(narrow[1].prefix(5) == ["first", "a", "400", "500", expected[0][1]])
    #expect(narrow[1][5...7] == ["380", "481", expected[0][4]])
    let plain = rows(try Program(base + ["--regions", bed, "--genome", genome]).output)
    try #require(plain.count == 5)
    #expect(plain[1].prefix(7) == ["a:430-432", "a", "429", "432", expected[0][1], "380", "481"])
    #expect(
      plain[2].prefix(7) == ["chrb:91-111", "chrb", "90", "111", expected[1][1], "50", "151"])
    #expect(
      plain[3] == ["nowhere:2-2", "nowhere", "1", "2"] + [String](repeating: "NA", count: 5) + [
        "no such sequence in the genome"
      ])
    #expect(plain[4].prefix(7) == ["a:4-5", "a", "3", "5", expected[2][1], "0", "101"])
  }

  /// A region longer than a window is read whole, as its bases are in a FASTA file.
  @Test func longRegionsScoreByTheirBestWindow() throws {
    let folder = TemporaryFolder()
    let genome = folder.write(Toy.genomeText, to: "genome.fa")
    let bed = folder.write("a\t200\t900\n", to: "regions.bed")
    let stretch = Toy.genome[0].bases.dropFirst(200).prefix(700)
    let fasta = folder.write(">long\n\(stretch)\n", to: "long.fa")
    let region = rows(try Program(base + ["--regions", bed, "--genome", genome]).output)[1]
    let sequence = rows(try Program(base + ["--fasta", fasta]).output)[1]
    #expect(region[4] == sequence[1])
    #expect(Int(region[5]) == (Int(sequence[2]) ?? 0) + 200)
    #expect(region[7] == sequence[4])
    let window = stretch.dropFirst(Int(sequence[2]) ?? 0).prefix(Toy.windowLength)
    let alone = folder.write(">window\n\(window)\n", to: "window.fa")
    #expect(rows(try Program(base + ["--fasta", alone]).output)[1][1] == sequence[1])
  }

  /// A row for every record, in order, whether it can be scored or not.
  @Test func everyRecordHasARow() throws {
    let folder = TemporaryFolder()
    let bases = Toy.peakRecords[0].bases
    let fasta = folder.write(
      ">unknown\n\(String(repeating: "N", count: 300))\n>short\nACGT\n>good\n\(bases)\n",
      to: "mixed.fa")
    let run = try Program(["predict", "--model", Toy.model, "--fasta", fasta])
    #expect(run.exitCode == 0)
    let table = rows(run.output).dropFirst()
    #expect(table.map(\.[0]) == ["unknown", "short", "good"])
    #expect(table.map { $0[1] == "NA" } == [true, true, false])
    #expect(
      table.map(\.[6]) == [
        "more than half of the bases unknown", "shorter than the model's filters (16 bases)", "",
      ])
    #expect(run.words.contains("1 of 3 used"))
  }

  @Test func severalTasksHaveTheirOwnWindows() throws {
    let table = rows(
      try Program(["predict", "--model", Toy.twoTasks, "--fasta", Toy.peaks, "--quiet"]).output)
    #expect(
      table[0] == ["name", "a", "b"]
        + ["a", "b"].flatMap { task in
          ["window_start", "window_end", "strand", "evalue"].map { "\(task).\($0)" }
        } + ["reason"])
    #expect(table.dropFirst().allSatisfy { $0.count == 12 && $0[4] == "\((Int($0[3]) ?? 0) + 60)" })
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
