import Foundation
import TestSupport
import Testing

/// What the name of an output promises is written, or refused.
@Suite struct OutputNameTests {
  private static let commands: [(words: [String], endings: [String])] = [
    (["predict", "--model", Toy.model, "--fasta", Toy.peaks, "--output"], ["tsv", "txt"]),
    (
      ["variants", "--model", Toy.model, "--vcf", Toy.variants, "--genome", Toy.slice, "--output"],
      ["vcf", "tsv"]
    ),
    (
      [
        "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--threshold", "0.5", "--output",
      ], ["bed"]
    ),
    (
      [
        "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--threshold", "0.5", "--output",
        "-", "--bedgraph",
      ], ["bedgraph"]
    ),
    (
      ["motifs", "export", "--model", Toy.model, "--positives", Toy.peaks, "--output"], ["meme"]
    ),
  ]

  /// `bgzip` writes the `BC` field of the SAM specification, section 4.1, and closes with an empty block.
  private func isBGZF(_ bytes: Data) -> Bool {
    bytes.prefix(4) == Data([0x1f, 0x8b, 8, 4]) && bytes.dropFirst(12).prefix(2) == Data("BC".utf8)
      && bytes.suffix(28).prefix(4) == Data([0x1f, 0x8b, 8, 4])
  }

  @Test(arguments: commands.indices, ["gz", "bgz", "GZ"])
  func compressedNamesHoldBGZF(index: Int, compression: String) throws {
    let (words, endings) = Self.commands[index]
    for ending in endings {
      let folder = TemporaryFolder()
      let isUpper = compression == "GZ"
      let plain = folder.path + "/o." + (isUpper ? ending.uppercased() : ending)
      #expect(try Program(words + [plain, "--quiet"]).exitCode == 0)
      let packed = plain + "." + compression
      #expect(try Program(words + [packed, "--quiet"]).exitCode == 0)
      #expect(try isBGZF(Data(contentsOf: URL(fileURLWithPath: packed))))
      #expect(try Program.shell("gzip -dc < \(packed) | cmp - \(plain)").exitCode == 0)
    }
  }

  @Test func endingsOfBCFCountInEitherCase() throws {
    let folder = TemporaryFolder()
    let words = Self.commands[1].words
    #expect(try Program(words + [folder.path + "/a.bcf"]).exitCode == 0)
    #expect(try Program(words + [folder.path + "/b.BCF"]).exitCode == 0)
    let made = try files(in: folder.path)
    #expect(made["a.bcf"] == made["b.BCF"] && made["b.BCF.csi"] != nil)
  }

  static let refused: [(command: Int, name: String, list: String)] = [
    (0, "o.tsv.bz2", ".tsv.gz"), (0, "o.zip", ".tsv"), (0, "o.tsv.ZST", ".tsv.gz"),
    (0, "o.csv", ".tsv"),
    (0, "o.parquet", ".tsv"), (1, "x.txt", ".vcf, .tsv, .bcf, .vcf.gz, .tsv.gz, or -"),
    (1, "x", ".vcf"),
    (1, "x.bcf.gz", ".bcf"), (1, "x.vcf.xz", ".vcf.gz"), (1, "x.bam", ".vcf"),
    (1, "x.gz", ".vcf.gz"),
    (2, "s.bed.xz", ".bed.gz"), (2, "s.bw", ".bed"), (2, "s.broadPeak", ".bed"),
    (3, "t.bw", ".bedgraph"),
    (3, "t.bedgraph.zip", ".bedgraph.gz"), (4, "m.jaspar", ".meme"), (4, "m.meme.bz2", ".meme.gz"),
  ]

  @Test(arguments: refused.indices) func otherNamesAreRefused(index: Int) throws {
    let (command, name, list) = Self.refused[index]
    let folder = TemporaryFolder()
    let run = try Program(Self.commands[command].words + [folder.path + "/" + name])
    #expect(run.exitCode == 64, "\(run.words)")
    #expect(
      run.words.contains("/\(name)\"; take a name that ends in ") && run.words.contains(list),
      "\(run.words)")
    #expect(try files(in: folder.path).isEmpty)
  }

  @Test(arguments: [
    ["scan", "--model", "m", "--genome", "g", "--output", "-", "--bigwig", "x.txt"],
    ["scan", "--model", "m", "--genome", "g", "--output", "-", "--bigwig", "x.bw.gz"],
    ["import", "deepbind", "d", "--output", "m.safetensors.gz"],
    ["import", "deepbind", "d", "--output", "m.pt"],
    ["mutate", "--model", "m", "--fasta", "f", "--output", "-"],
    ["mutate", "--model", "m", "--fasta", "f", "--output", "m.tsv"],
    ["motifs", "scan", "--motifs", "m", "--genome", "g", "--output", "hits.vcf"],
  ]) func namesOfOtherThingsAreRefused(arguments: [String]) throws {
    let run = try Program(arguments)
    #expect(run.exitCode == 64 && run.words.contains(" is \""), "\(run.words)")
  }

  /// Names without an ending of a known format say nothing.
  @Test(arguments: ["scores", "scores.chr20", "a.b.v2"]) func otherNamesAreFree(name: String) throws
  {
    let folder = TemporaryFolder()
    let run = try Program(Self.commands[0].words + [folder.path + "/" + name, "--quiet"])
    #expect(run.exitCode == 0)
    #expect(try contents(folder.path + "/" + name).hasPrefix("name\t"))
  }
}
