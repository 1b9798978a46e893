import Foundation
import TestSupport
import Testing

@Suite final class ExperimentTests {
  private let folder = TemporaryFolder()
  private let motifs = """
    MEME version 4

    ALPHABET= ACGT

    MOTIF M1 poly
    letter-probability matrix: alength= 4 w= 4
    1 0 0 0
    1 0 0 0
    0.25 0.25 0.25 0.25
    0 0 0 1

    MOTIF M2 ctcf
    letter-probability matrix: alength= 4 w= 6
    0 1 0 0
    0 1 0 0
    0 1 0 0
    0 0 1 0
    0 1 0 0
    0 0 0 1

    """

  private func run(_ arguments: [String]) throws -> Program {
    try Program(["experiment"] + arguments + ["--model", Toy.model, "--quiet"])
  }

  /// The largest effect comes first, and the seed settles the bytes.
  @Test func tabulatesEffects() throws {
    let file = folder.write(motifs, to: "m.meme")
    let arguments = ["marginalize", "--motifs", file, "--backgrounds", "20", "--output", "-"]
    let one = try run(arguments + ["--threads", "1"])
    #expect(one.exitCode == 0)
    let table = rows(one.output)
    #expect(table[0] == ["motif", "name", "width", "site", "effect", "standardError"])
    #expect(table.count == 3)
    let effects = try table.dropFirst().map { abs(try #require(Double($0[4]))) }
    #expect(effects[0] >= effects[1])
    #expect(table.first { $0[0] == "M1" }?[3] == "AA.T")
    #expect(try run(arguments + ["--threads", "3"]).output == one.output)
    #expect(try run(arguments + ["--seed", "2"]).output != one.output)
  }

  @Test func drawsSpacing() throws {
    let file = folder.write(motifs, to: "m.meme")
    let output = folder.path + "/spacing"
    let arguments = ["space", "--motifs", file, "--first", "M1", "--second", "ctcf"]
    let done = try run(
      arguments + ["--largest-gap", "3", "--backgrounds", "5", "--output", output])
    #expect(done.exitCode == 0)
    let table = rows(try String(contentsOfFile: output + "/spacing.tsv", encoding: .utf8))
    #expect(table.count == 1 + 4 * 4)
    #expect(table[1][1...2] == ["++", "0"])
    for (file, label) in [("spacing", "Interaction"), ("both", "Effect of both")] {
      let plot = try String(contentsOfFile: "\(output)/\(file).svg", encoding: .utf8)
      #expect(plot.hasPrefix("<svg") && plot.contains("Bases between the sites"))
      #expect(plot.contains(label))
    }
    let stream = try run(arguments + ["--output", "-"])
    #expect(stream.exitCode == 64)
    #expect(stream.words.contains("several files are made; name a folder for them"))
    let wide = try run(arguments + ["--largest-gap", "5000", "--output", output + "2"])
    #expect(wide.exitCode == 64)
    #expect(wide.words.contains("--largest-gap is 5000; take 0 to"))
  }

  @Test func removesHits() throws {
    let bases = Toy.peakRecords[0].bases.prefix(60)
    let fasta = folder.write(">s\n\(bases)\n", to: "s.fa")
    let hits = folder.write("s\t10\t20\tM1\ns\t190\t5000\tfar\nt\t1\t5\tnone\n", to: "h.bed")
    let done = try run(["ablate", "--fasta", fasta, "--hits", hits, "--output", "-"])
    #expect(done.exitCode == 0)
    let table = rows(done.output)
    #expect(
      table.first == ["name", "chrom", "start", "end", "motif", "effect", "standardError"])
    #expect(table.dropFirst().map { Array($0[..<5]) } == [["s", "s", "10", "20", "M1"]])
    let elsewhere = folder.write("t\t1\t5\tnone\n", to: "e.bed")
    let refused = try run(["ablate", "--fasta", fasta, "--hits", elsewhere, "--output", "-"])
    #expect(refused.exitCode == 65)
    #expect(refused.words.contains("none of 1 hits lies in a sequence that is read"))
  }

  @Test func refusesWhatSaysNothing() throws {
    let file = folder.write(motifs, to: "m.meme")
    for (arguments, words) in [
      (["marginalize", "--motifs", file, "--gc", "2"], "--gc is 2.0; take a share from 0 to 1"),
      (["marginalize", "--motifs", file, "--backgrounds", "0"], "--backgrounds is 0; take 1 to"),
      (
        ["space", "--motifs", file, "--first", "M3", "--second", "M1"],
        "the file has no motif \"M3\""
      ),
      (
        ["space", "--motifs", file, "--first", "m1", "--second", "m4"],
        "the file has no motif \"m4\""
      ),
    ] {
      let refused = try run(arguments + ["--output", folder.path + "/x"])
      #expect(refused.exitCode == 64)
      #expect(refused.words.contains(words), "\(refused.words)")
    }
  }
}
