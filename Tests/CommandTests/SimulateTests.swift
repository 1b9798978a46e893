import Foundation
import TestSupport
import Testing

@Suite final class SimulateTests {
  private let folder = TemporaryFolder()

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: folder.path + "/" + path, encoding: .utf8)
  }

  private func simulate(_ arguments: [String], to name: String) throws -> Program {
    try Program(["simulate"] + arguments + ["--output", folder.path + "/" + name])
  }

  /// Each site of the truth stands in the sequence that it names.
  @Test func writesSequencesAndTruth() throws {
    let options = ["spacing", "--pattern", "CACGTG", "TGACTCA", "--sequences", "40"]
    let done = try simulate(options + ["--gap", "5"], to: "a")
    #expect(done.exitCode == 0 && done.words.contains("tasks \"spacing\""))
    let table = rows(try text("a/sequences.tsv"))
    #expect(table[0] == ["id", "seq", "spacing"] && table.count == 41)
    let sequences = Dictionary(uniqueKeysWithValues: table.dropFirst().map { ($0[0], $0[1]) })
    let sites = rows(try text("a/sites.bed")).dropFirst()
    #expect(sites.count == 80)
    for site in sites {
      let sequence = Array(try #require(sequences[site[0]]))
      let range = try #require(Int(site[1]))..<#require(Int(site[2]))
      #expect(String(sequence[range]) == site[3] && site[5] == "+")
    }
    #expect(try text("a/simulation.json").contains("\"gap\" : 5"))
    #expect(try simulate(options + ["--gap", "5"], to: "b").exitCode == 0)
    #expect(try text("a/sequences.tsv") == text("b/sequences.tsv"))
    #expect(try simulate(options + ["--gap", "5", "--seed", "2"], to: "c").exitCode == 0)
    #expect(try text("a/sequences.tsv") != text("c/sequences.tsv"))
    #expect(try simulate(options, to: "a").exitCode == 73)
  }

  /// A filter finds a motif wherever it is; a weight per position doesn't.
  @Test func aLessonIsLearned() throws {
    let motifs = packageRoot + "/motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme"
    let done = try simulate(
      ["single", "--motifs", motifs, "--motif", "CTCF", "--sequences", "800", "--length", "60"],
      to: "lesson")
    #expect(done.exitCode == 0)
    func area(_ preset: String) throws -> Double {
      let output = folder.path + "/" + preset
      let run = try Program([
        "train", "--no-motifs", "--table", folder.path + "/lesson/sequences.tsv", "--preset",
        preset, "--epochs",
        "20", "--output", output, "--quiet",
      ])
      #expect(run.exitCode == 0, "\(run.words)")
      let metrics = try JSONSerialization.jsonObject(
        with: Data(try text("\(preset)/metrics.json").utf8))
      return try #require((metrics as? [String: Any])?["auroc"] as? Double)
    }
    let (filters, positions) = (try area("deepbind"), try area("perceptron"))
    #expect(filters > 0.95 && positions < 0.75, "\(filters) and \(positions)")
  }

  @Test(arguments: [
    ("single", "0 motif(s) for the lesson single; give 1"),
    ("single --pattern CAQ", "--pattern is \"CAQ\": \"Q\" is no letter of a pattern of DNA"),
    ("single --pattern CAC --length 2", "the sites don't fit into 2 letters; take 3 or more"),
    ("single --motif CTCF", "give both or neither"),
    ("single --pattern CC --alphabet protein --gc 0.4", "--gc is of nucleotides"),
    ("single --pattern CC --alphabet rna --both-strands", "goes with --alphabet dna"),
    ("single --pattern CC --sequences 0", "--sequences is 0; take 1 to"),
    ("single --pattern CC --sites x", "--sites is x; take 1 to 1000"),
  ])
  func refusesWhatFails(options: String, expected: String) throws {
    let run = try simulate(options.split(separator: " ").map(String.init), to: "refused")
    #expect(run.exitCode == 64)
    #expect(run.words.contains(expected), "\(run.words)")
  }
}
