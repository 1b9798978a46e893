import Foundation
import TestSupport
import Testing

@Suite final class MotifsDiscoverTests {
  private let folder = TemporaryFolder()

  /// Peaks of CTCF: its motif is the first that is found, by the name that JASPAR has for it.
  @Test func findsTheMotifOfTheFactor() throws {
    let output = folder.path + "/out"
    let arguments = [
      "motifs", "discover", "--model", Toy.model, "--fasta", Toy.peaks, "--references", "3",
    ]
    let run = try Program(arguments + ["--output", output, "--threads", "2"])
    #expect(run.exitCode == 0)
    let table = rows(try contents(output + "/motifs.tsv"))
    #expect(
      table[0] == [
        "motif", "sign", "sites", "share", "width", "consensus", "match", "match_name", "pvalue",
        "evalue", "qvalue", "subpatterns",
      ])
    let first = try #require(table.dropFirst().first)
    #expect(first[1] == "+" && first[7].contains("CTCF"))
    #expect(try #require(Double(first[8])) < 1e-5)
    #expect(run.words.contains("motif1: "))
    let meme = try contents(output + "/motifs.meme")
    let sum = folder.path + "/sum"
    #expect(try Program.shell("sha256sum < \(Toy.model) > \(sum)").exitCode == 0)
    let digest = try contents(sum).prefix(64)
    #expect(
      meme.contains(
        "# command: seqcnn motifs discover --model model.safetensors --fasta "
          + "\(Toy.peaks.split(separator: "/").last!) --references 3\n# model: SHA-256 \(digest)\n")
    )
    #expect(meme.contains("MOTIF motif1 CTCF") && meme.contains("nsites= \(first[2]) "))
    let sites = rows(try contents(output + "/sites.tsv"))
    #expect(sites.count { $0.count > 3 && $0[3] == "motif1" } == Int(first[2]))
    let other = folder.path + "/other"
    let again = try Program(arguments + ["--output", other, "--quiet", "--threads", "1"])
    #expect(again.exitCode == 0)
    for name in ["motifs.meme", "motifs.tsv", "sites.tsv", "motif1.svg"] {
      #expect(try contents(other + "/" + name) == contents(output + "/" + name))
    }
    let archives = [output, other].map {
      FileManager.default.contents(atPath: $0 + "/patterns.npz")
    }
    #expect(archives[0] == archives[1])
    let listed = String(decoding: try #require(archives[0]), as: UTF8.self)
    for name in ["sequence", "contrib_scores", "hypothetical_contribs", "seqlets/n_seqlets"] {
      #expect(listed.contains("pos_patterns/pattern_0/\(name).npy"))
    }
  }

  /// Hits of the first motif are where its sites are, and hits of shuffles are left out.
  @Test func hitsFollowDiscovery() throws {
    let (output, bed) = (folder.path + "/out", folder.path + "/hits.bed")
    let common = ["--model", Toy.model, "--fasta", Toy.peaks, "--references", "3", "--quiet"]
    #expect(
      try Program(["motifs", "discover", "--no-database", "--output", output] + common).exitCode
        == 0)
    let meme = try contents(output + "/motifs.meme")
    let row = rows(try contents(output + "/motifs.tsv"))[1]
    #expect(row.count == 7 && meme.contains("MOTIF motif1 \(row[5])\n"))
    let run = try Program(
      ["motifs", "hits", "--motifs", output + "/motifs.npz", "--output", bed] + common)
    #expect(run.exitCode == 0)
    let hits = rows(try contents(bed)).filter { !$0[0].hasPrefix("#") }
    let sites = rows(try contents(output + "/sites.tsv")).filter {
      $0.count > 3 && $0[3] == "motif1"
    }
    let found = Set(hits.filter { $0[3] == "motif1" }.map { $0[...2].joined(separator: " ") })
    let shared = sites.count { found.contains($0[...2].joined(separator: " ")) }
    #expect(Double(shared) > 0.8 * Double(sites.count))
    let wrong = try Program(
      ["motifs", "hits", "--motifs", Toy.peaks, "--output", bed, "--force"] + common)
    #expect(wrong.exitCode == 65 && wrong.words.contains("is no .npz archive"))
  }

  @Test func refusesTwoWishesForNames() throws {
    let run = try Program([
      "motifs", "discover", "--model", Toy.model, "--fasta", Toy.peaks, "--output",
      folder.path + "/out", "--no-database", "--database", Toy.peaks,
    ])
    #expect(run.exitCode == 64 && run.words.contains("give one of them"))
  }

  @Test func asksForATask() throws {
    let run = try Program([
      "motifs", "discover", "--model", Toy.twoTasks, "--fasta", Toy.peaks, "--output",
      folder.path + "/out",
    ])
    #expect(run.exitCode == 64 && run.words.contains("name one with --task"))
  }

  private func contents(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }
}
