import Foundation
import TestSupport
import Testing

/// `motifs compare`, `cluster`, `convert`, `logo` and `enrich`, on the database in `motifs/`.
@Suite final class MotifToolsTests {
  static let database = packageRoot + "/motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme"
  let folder = TemporaryFolder()

  private func run(_ words: String...) throws -> Program {
    try Program(["motifs"] + words + ["--quiet"])
  }

  /// A file with the motifs of these names.
  private func motifs(_ names: String...) throws -> String {
    let blocks = try contents(Self.database).components(separatedBy: "\nMOTIF ")
    let chosen = blocks.dropFirst().filter { block in names.contains { block.hasPrefix($0 + " ") } }
    return folder.write(
      ([blocks[0]] + chosen).joined(separator: "\nMOTIF "),
      to: names.joined(separator: "+") + ".meme")
  }

  /// Each motif is most like itself; with a threshold there are more, all below it, from the least up.
  @Test func compares() throws {
    let query = try motifs("MA0139.2", "MA0004.1")
    let best = rows(try run("compare", query, "--against", Self.database, "--output", "-").output)
    #expect(best[0].prefix(5) == ["query", "target", "targetName", "offset", "strand"])
    #expect(
      best.dropFirst().map { Array($0[0...5]) } == [
        ["MA0004.1", "MA0004.1", "Arnt", "0", "+", "6"],
        ["MA0139.2", "MA0139.2", "CTCF", "0", "+", "15"],
      ])
    let output = folder.path + "/all.tsv"
    for threads in ["1", "3"] {
      let all = try run(
        "compare", query, "--against", Self.database, "--threshold", "0.5", "--output", output,
        "--threads", threads, "--force")
      #expect(all.exitCode == 0)
    }
    let eValues = rows(try contents(output)).dropFirst().map { ($0[0], Double($0[7])!) }
    #expect(eValues.count > 4 && eValues.allSatisfy { $0.1 <= 0.5 })
    #expect(zip(eValues, eValues.dropFirst()).allSatisfy { $0.0 != $1.0 || $0.1 <= $1.1 })
  }

  /// One motif in two files is one cluster; each motif has a row.
  @Test func clusters() throws {
    let (first, second) = (try motifs("MA0139.2", "MA0004.1"), try motifs("MA0139.2"))
    let output = folder.path + "/clusters"
    let done = try run(
      "cluster", first, second, "--database", Self.database, "--output", output)
    #expect(done.exitCode == 0)
    let table = rows(try contents(output + "/clusters.tsv")).dropFirst()
    #expect(
      table.map { $0[0...2] } == [
        ["cluster1", "2", "MA0139.2"], ["cluster1", "2", "MA0139.2"],
        ["cluster2", "1", "MA0004.1"],
      ])
    #expect(try contents(output + "/clusters.meme").contains("MOTIF cluster1 CTCF\n"))
    #expect(try run("cluster", first, "--output", output).exitCode == 73)
  }

  /// Files of one name are told apart in the header by their folders, others have their names alone.
  @Test func headersTellNamesakesApart() throws {
    let matrix = try contents(motifs("MA0139.2"))
    let paths = try ["one", "two"].map { name in
      let path = "\(folder.path)/\(name)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      return folder.write(matrix, to: "\(name)/motifs.meme")
    }
    let output = folder.path + "/clusters"
    let done = try run(
      "cluster", paths[0], paths[1], "--database", Self.database, "--output", output)
    #expect(done.exitCode == 0, "\(done.words)")
    #expect(
      try contents(output + "/clusters.meme").contains(
        "# command: seqcnn motifs cluster one/motifs.meme two/motifs.meme --database JASPAR2026_"))
  }

  /// The database comes back from each format of counts as it was.
  @Test(arguments: ["jaspar", "transfac", "cluster-buster"]) func converts(format: String) throws {
    let (there, back) = (folder.path + "/there.txt", folder.path + "/back.meme")
    #expect(
      try run("convert", Self.database, "--to", format, "--output", there).exitCode == 0)
    #expect(try run("convert", there, "--to", "meme", "--output", back).exitCode == 0)
    let headings = { (path: String) in
      try contents(path).split(separator: "\n").filter { $0.hasPrefix("MOTIF") }
    }
    #expect(try headings(back) == headings(Self.database))
    let wrong = try run("convert", Self.database, "--to", "mene", "--output", "-")
    #expect(wrong.exitCode == 64)
    let cut = folder.write("<?xml version=\"1.0\"?>\n<motifset>", to: "cut.xms")
    let malformed = try run("convert", cut, "--to", "meme", "--output", "-")
    #expect(
      malformed.exitCode == 65 && malformed.words.contains("cut.xms:2: isn't well-formed XML"))
  }

  /// Both strands of each motif into a folder; one motif into a file.
  @Test func draws() throws {
    let query = try motifs("MA0139.2", "MA0004.1")
    let output = folder.path + "/logos"
    #expect(try run("logo", query, "--output", output).exitCode == 0)
    #expect(
      try files(in: output).keys.sorted() == [
        "MA0004.1.rc.svg", "MA0004.1.svg", "MA0139.2.rc.svg", "MA0139.2.svg",
      ])
    #expect(try run("logo", query, "--output", "-").exitCode == 64)
    let one = try run("logo", query, "--motif", "CTCF", "--output", "-")
    #expect(try one.output == contents(output + "/MA0139.2.svg"))
  }

  /// CTCF's motif is the most enriched one in CTCF's peaks, and central, as their summits are in the middle; the same
  /// bytes for any number of threads.
  @Test func enriches() throws {
    let tables = try ["1", "3"].map { threads in
      try run(
        "enrich", "--motifs", Self.database, "--fasta", Toy.peaks, "--output", "-", "--threads",
        threads
      ).output
    }
    #expect(tables[0] == tables[1])
    let table = rows(tables[0])
    #expect(table[1][1] == "CTCF" && Double(table[1][7])! < 1e-50)
    #expect(Double(table[1][12])! < 1e-20)
    let bad = try run(
      "enrich", "--motifs", Self.database, "--fasta", Toy.peaks, "--make-negatives", "genomic",
      "--output", "-")
    #expect(bad.exitCode == 64 && bad.words.contains("--genome"))
  }
}
