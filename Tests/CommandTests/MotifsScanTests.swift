import Foundation
import TestSupport
import Testing

@Suite struct MotifsScanTests {
  static let motifs = packageRoot + "/motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme"
  static let goldens = packageRoot + "/Tests/InferenceTests/Goldens"

  private func scan(_ arguments: [String], motifs: String = motifs, output: String = "-") throws
    -> Program
  {
    try Program(["motifs", "scan", "--motifs", motifs, "--output", output] + arguments)
  }

  /// memelite's FIMO finds the same hits of each tenth motif, with the same scores and p-values to
  /// 1e-6; BED's score is -10 log10 of the p-value.
  @Test func findsWhatMemeliteFinds() throws {
    let run = try scan(["--genome", Self.goldens + "/sequences.fa", "--quiet"])
    #expect(run.exitCode == 0 && run.words.isEmpty)
    #expect(
      run.output.hasPrefix("# seqcnn ") && run.output.contains("\n# command: seqcnn motifs scan "))
    let found = rows(run.output).filter { !$0[0].hasPrefix("# ") }
    #expect(
      found[0] == ["#chrom", "start", "end", "name", "score", "strand", "logodds", "pvalue"])
    let names = try contents(Self.motifs).split(separator: "\n").filter { $0.hasPrefix("MOTIF") }
      .map { String($0.split(separator: " ")[1]) }
    let chosen = Set(stride(from: 0, to: names.count, by: 10).map { names[$0] })
    let expected = try rows(contents(Self.goldens + "/memelite.tsv")).dropFirst()
    let hits = found.filter { chosen.contains($0[3]) }
    #expect(Set(hits.map { $0[0...3] + [$0[5]] }) == Set(expected.map { $0[0...4] }))
    let byPlace = Dictionary(
      uniqueKeysWithValues: expected.map { ($0[0...4], $0[5...].compactMap { Double($0) }) })
    for hit in hits {
      let (score, values) = (Double(hit[4])!, hit[6...].compactMap { Double($0) })
      let golden = try #require(byPlace[hit[0...3] + [hit[5]]])
      for (value, golden) in zip(values, golden) { #expect(abs(value / golden - 1) < 1e-6) }
      #expect(abs(score + 10 * log10(golden[1])) <= 0.5)
    }
    let keys = found.dropFirst().map { ($0[0], Int($0[1])!) }
    #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 <= $1 })
  }

  /// The same bytes with any number of threads, and through BGZF, which tabix reads by its index.
  @Test func writesTheSameBytes() throws {
    let folder = TemporaryFolder()
    let outputs = ["one.bed", "three.bed", "packed.bed.gz", "again.bed.gz"].map {
      folder.path + "/" + $0
    }
    for (output, threads) in zip(outputs, ["1", "3", "2", "1"]) {
      let run = try scan(
        ["--genome", Toy.slice, "--p-value", "1e-5", "--threads", threads], output: output)
      #expect(run.exitCode == 0)
    }
    let expected = try contents(outputs[0])
    #expect(expected.count > 1_000_000)
    #expect(try contents(outputs[1]) == expected)
    let unpacked = folder.path + "/unpacked.bed"
    #expect(try Program.shell("gzip -dc \(outputs[2]) > \(unpacked)").exitCode == 0)
    #expect(try contents(unpacked) == expected)
    let written = try files(in: folder.path)
    for suffix in ["", ".tbi"] {
      #expect(written["packed.bed.gz" + suffix] == written["again.bed.gz" + suffix])
    }
    guard FileManager.default.fileExists(atPath: "/usr/bin/tabix") else { return }
    let found = folder.path + "/found.bed"
    #expect(
      try Program.shell("tabix \(outputs[2]) 20:1000001-1010000 > \(found)").exitCode == 0)
    let overlapping = rows(expected).filter { !$0[0].hasPrefix("#") }.filter {
      Int($0[1])! < 1_010_000 && Int($0[2])! > 1_000_000
    }
    #expect(!overlapping.isEmpty)
    #expect(try rows(contents(found)).filter { !$0[0].hasPrefix("#") } == Array(overlapping))
  }

  /// AAACC of probability 4⁻⁵, wherever it stands on either strand, by eye.
  @Test func readsCountsAndChoosesMotifs() throws {
    let folder = TemporaryFolder()
    let motifs = folder.write(
      """
      >M1 first
      A [ 9 9 9 0 0 ]
      C [ 0 0 0 9 9 ]
      G [ 0 0 0 0 0 ]
      T [ 0 0 0 0 0 ]
      >M2 second
      1 1
      1 1
      1 1
      1 1
      """, to: "m.jaspar")
    let genome = folder.write(">a x\nggTTTnaaaccNaaac\n>b\nGGTTTAAACC\n", to: "genome.fa")
    let arguments = ["--genome", genome, "--p-value", "0.002", "--motif", "first"]
    let found = try rows(scan(arguments, motifs: motifs).output).filter { !$0[0].hasPrefix("#") }
    let places = found.map { $0[0] + $0[1] + $0[5] }
    #expect(places == ["a0-", "a6+", "b0-", "b5+"])
    #expect(found.allSatisfy { Array($0[3...4]) == ["M1", "30"] && Double($0[7]) == 0.0009765625 })
    let forward = try rows(scan(arguments + ["--forward-only"], motifs: motifs).output).filter {
      !$0[0].hasPrefix("#")
    }
    #expect(forward.map { $0[0] + $0[1] } == ["a6", "b5"])
    // 9 A, 5 C, 4 G and 6 T, one added to each: on both strands 17 A or T and 11 C or G of 28.
    let counted = try scan(arguments + ["--background", "genome"], motifs: motifs)
    let pValue = try #require(rows(counted.output).last.flatMap { Double($0[7]) })
    #expect(abs(pValue / (pow(17.0 / 56, 3) * pow(11.0 / 56, 2)) - 1) < 1e-6)
  }

  @Test func saysWhatIsWrong() throws {
    let folder = TemporaryFolder()
    let bad = folder.write(">a\n1\n1\n", to: "m.jaspar")
    let good = folder.write(">a\n1\n1\n1\n1\n", to: "good.jaspar")
    let genome = folder.write(">a\nACGT\n", to: "genome.fa")
    let cases: [(arguments: [String], motifs: String, exitCode: Int32, words: String)] = [
      ([], bad, 65, "m.jaspar:1: motif \"a\" has 2 row(s)"),
      ([], folder.path + "/none", 66, "none"),
      (["--motif", "b"], good, 64, "the file has no motif \"b\""),
      (["--p-value", "0"], good, 64, "--p-value is 0.0; take"),
      (["--background", "file"], good, 65, "gives no background frequencies; take"),
    ]
    for (arguments, motifs, exitCode, words) in cases {
      let run = try scan(["--genome", genome] + arguments, motifs: motifs)
      #expect(run.exitCode == exitCode)
      #expect(run.words.contains(words), "\(run.words)")
      #expect(run.output.isEmpty)
    }
  }
}
