import Foundation
import TestSupport
import Testing

@Suite final class ExplainTests {
  private let base = ["explain", "--model", Toy.model]
  private let folder = TemporaryFolder()

  /// Chromosomes have the names of the regions, not of the genome.
  @Test func namesChromosomesAsRegionsDo() throws {
    let regions = folder.write("chr20\t400000\t400101\n", to: "r.bed")
    let output = folder.path + "/named"
    let run = try Program(
      base + [
        "--regions", regions, "--genome", Toy.slice, "--output", output, "--bigwig", "--seed", "3",
      ])
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(rows(try contents(output + "/sequences.tsv"))[1][1] == "chr20")
    // Here --bigwig has no value: what follows it is told.
    #expect(try contents(output + "/explain.json").contains("--seed 3\""))
    let track = try Program(["inspect", output + "/contributions.bw", "--json"])
    #expect(track.exitCode == 0, "\(track.words)")
    let bytes = [UInt8](try data(output + "/contributions.bw"))
    #expect(String(decoding: bytes, as: UTF8.self).contains("chr20"))
  }

  /// The sum of a sequence's contributions is its logit less the mean one of its shuffles, also in the table.
  @Test func writesAllFiles() throws {
    let records = Toy.peakRecords.prefix(3).map { ">\($0.name)\n\($0.bases.prefix(101))\n" }
    let fasta = folder.write(records.joined(), to: "s.fa")
    let output = folder.path + "/out"
    let run = try Program(
      base + ["--fasta", fasta, "--output", output, "--maps", "2", "--threads", "1"])
    #expect(run.exitCode == 0)
    #expect(try contents(output + "/explain.json").contains("s.fa --maps 2\""))
    #expect(run.words.contains("contributions add up to the output less that of the shuffles"))
    let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
    #expect(
      names == [
        "contributions.npz", "contributions.tsv", "explain.json", "map1.svg", "map2.svg",
        "sequences.npz", "sequences.tsv",
      ])
    let bases = rows(try contents(output + "/contributions.tsv"))
    #expect(bases[0] == ["name", "position", "base", "contribution"])
    #expect(bases.count == 1 + 3 * 101)
    let letters = bases[1..<102].map { $0[2] }.joined()
    #expect(letters == Toy.peakRecords[0].bases.prefix(101).uppercased())
    for (index, row) in rows(try contents(output + "/sequences.tsv")).dropFirst().enumerated() {
      let own = bases[1 + 101 * index..<102 + 101 * index]
      let sum = own.reduce(0) { $0 + (Double($1[3]) ?? .nan) }
      let (logit, reference) = (Double(row[3]) ?? .nan, Double(row[4]) ?? .nan)
      #expect(abs(sum - (logit - reference)) < 1e-4 * abs(logit - reference))
    }
    let other = folder.path + "/other"
    let again = try Program(
      base + ["--fasta", fasta, "--output", other, "--quiet", "--threads", "2"])
    #expect(again.exitCode == 0 && again.words.isEmpty)
    for name in ["contributions.npz", "sequences.npz", "map1.svg"] {
      #expect(try data(output + "/" + name) == data(other + "/" + name))
    }
  }

  @Test func writesATrackOfRegions() throws {
    let genome = folder.write(Toy.genomeText, to: "genome.fa")
    let bed = folder.write("a\t429\t432\na\t440\t445\n", to: "regions.bed")
    let output = folder.path + "/out"
    let run = try Program(
      base + [
        "--regions", bed, "--genome", genome, "--output", output, "--bigwig", "--quiet",
        "--method", "input-x-gradient",
      ])
    #expect(run.exitCode == 0)
    #expect(FileManager.default.fileExists(atPath: output + "/contributions.bw"))
    let bases = rows(try contents(output + "/contributions.tsv"))
    #expect(bases[1][..<3] == ["a:430-432", "a", "381"])
  }

  /// Longer sequences are explained where they score highest, and that is said.
  @Test func tellsOfBestWindows() throws {
    let fasta = folder.write(">s\n\(Toy.genome[0].bases)\n", to: "long.fa")
    let output = folder.path + "/out"
    let run = try Program(base + ["--fasta", fasta, "--output", output])
    #expect(run.words.contains("explained in its best window alone"))
    #expect(rows(try contents(output + "/contributions.tsv")).count == 102)
  }

  @Test func refusesWhatCannotBe() throws {
    let fasta = folder.write(">s\nACGT\n", to: "s.fa")
    let output = folder.path + "/out"
    for (options, words) in [
      (["--bigwig"], "--bigwig needs places"), (["--references", "0"], "--references is 0"),
      (["--task", "x"], "--task is \"x\""), (["--method", "magic"], "magic"),
    ] {
      let run = try Program(base + ["--fasta", fasta, "--output", output] + options)
      #expect(run.exitCode == 64 && run.words.contains(words), "\(run.words)")
    }
  }

  private func contents(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  private func data(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }
}
