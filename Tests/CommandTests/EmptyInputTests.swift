import Foundation
import TestSupport
import Testing

/// Parts of scattered work that hold nothing: the output is valid and empty.
@Suite struct EmptyInputTests: ~Copyable {
  private let folder = TemporaryFolder()

  private func run(_ arguments: [String]) throws -> Program {
    let run = try Program(arguments)
    #expect(run.exitCode == 0, "\(arguments): \(run.words)")
    return run
  }

  @Test(arguments: ["", "#chrom\tstart\tend\n", "track name=x\n\n"])
  func regionsAreNone(text: String) throws {
    let bed = folder.write(text, to: "e.bed")
    let input = ["--model", Toy.model, "--regions", bed, "--genome", Toy.slice]
    let note = "\(bed): holds no region; nothing is scored, the output is empty\n"
    let predicted = try run(["predict"] + input)
    #expect(predicted.words.hasPrefix(note))
    #expect(
      rows(predicted.output) == [
        [
          "name", "chrom", "start", "end", "Gm12878.CTCF.top500.w200", "window_start", "window_end",
          "strand", "evalue", "reason",
        ]
      ])
    let scanned = try run(
      ["scan"] + input + [
        "--p-value", "1e-4", "--output", folder.path + "/s.bed.gz", "--bigwig",
        folder.path + "/t.bw", "--bedgraph",
        folder.path + "/t.bedgraph.gz",
      ])
    #expect(scanned.words.contains(note) && scanned.words.contains("0 sites in 0 windows"))
    #expect(isFile("s.bed.gz.tbi") && isFile("t.bw") && isFile("t.bedgraph.gz"))
    let mutated = try run(["mutate"] + input + ["--output", folder.path + "/m"])
    #expect(mutated.words == note)
    #expect(rows(try contents(folder.path + "/m/mutations.tsv")).count == 1)
    #expect(isFile("m/mutations.npz"))
    let top = try run(["scan"] + input + ["--output", "-", "--top", "5", "--q-value", "0.01"])
    #expect(rows(top.output).allSatisfy { $0[0].hasPrefix("#") })
  }

  /// What other programs make of an empty track and an empty table of arrays.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/python3")))
  func theArraysAreOfNoSequence() throws {
    let bed = folder.write("", to: "e.bed")
    _ = try run([
      "mutate", "--model", Toy.model, "--regions", bed, "--genome", Toy.slice, "--output",
      folder.path + "/m",
    ])
    let shapes = try Program.shell(
      """
      python3 -c 'import zipfile
      for member in ("delta.npy", "sequence.npy"):
        head = zipfile.ZipFile("\(folder.path)/m/mutations.npz").read(member)
        assert b"(0, 4, 0" in head, head'
      """)
    #expect(shapes.exitCode == 0, "\(shapes.words)")
  }

  @Test func aShardMayHaveNoWindow() throws {
    let genome = folder.write(Toy.genomeText, to: "g.fa")
    let shards = try (1...3).map { shard in
      let path = folder.path + "/\(shard).bed"
      let words = try run([
        "scan", "--model", Toy.model, "--genome", genome, "--shard", "\(shard)/3", "--p-value",
        "1e-4", "--output", path,
        "--bigwig", folder.path + "/\(shard).bw",
      ]).words
      return (path, words.contains("in 0 windows"))
    }
    #expect(shards.contains { $0.1 })
    let whole = folder.path + "/whole.bed"
    _ = try run([
      "scan", "--model", Toy.model, "--genome", genome, "--p-value", "1e-4", "--output", whole,
    ])
    _ = try run(["scan", "merge", "--output", folder.path + "/merged.bed"] + shards.map(\.0))
    #expect(try contents(folder.path + "/merged.bed") == contents(whole))
  }

  @Test func shardsOfNoRegionAreMerged() throws {
    let bed = folder.write("", to: "e.bed")
    let shards = try (1...2).map { shard in
      let path = folder.path + "/\(shard).bed"
      _ = try run([
        "scan", "--model", Toy.model, "--genome", Toy.slice, "--regions", bed, "--shard",
        "\(shard)/2", "--p-value", "1e-4", "--output", path, "--bigwig",
        folder.path + "/\(shard).bw",
      ])
      return path
    }
    let merged = try run(
      ["scan", "merge", "--output", "-", "--bigwig", folder.path + "/all.bw"] + shards)
    #expect(rows(merged.output).allSatisfy { $0[0].hasPrefix("#") } && isFile("all.bw"))
  }

  @Test(arguments: ["x.vcf", "x.vcf.gz", "x.bcf", "x.tsv", "x.tsv.gz"])
  func aHeaderWithoutRecords(name: String) throws {
    let vcf = folder.write(
      "##fileformat=VCFv4.2\n##contig=<ID=20>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n",
      to: "e.vcf")
    let run = try run([
      "variants", "--model", Toy.model, "--vcf", vcf, "--genome", Toy.slice, "--output",
      folder.path + "/" + name,
    ])
    #expect(run.words == "\(vcf): 0 records kept, 0 of 0 alternate alleles scored\n")
    #expect(isFile(name))
    guard name.hasSuffix("vcf.gz") || name.hasSuffix("bcf") else { return }
    let again = try self.run([
      "variants", "--model", Toy.model, "--vcf", folder.path + "/" + name, "--genome", Toy.slice,
      "--prefix", "B", "--output", "-",
    ])
    #expect(again.output.contains("##INFO=<ID=SEQCNN_DELTA,"))
  }

  @Test func trainingOnNothingStaysAnError() throws {
    let bed = folder.write("", to: "e.bed")
    let run = try Program([
      "train", "--peaks", bed, "--genome", Toy.slice, "--output", folder.path + "/o",
    ])
    #expect(run.exitCode == 65)
  }

  private func isFile(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.path + "/" + name)
  }
}
