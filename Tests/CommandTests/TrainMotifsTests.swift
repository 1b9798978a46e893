import Foundation
import TestSupport
import Testing

@Suite final class TrainMotifsTests {
  private let folder = TemporaryFolder()

  private func contents(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  /// Peaks of CTCF: its motif comes first, by JASPAR's name, and the held-out AUROC falls most without it.
  @Test func theMotifOfTheFactorComesFirst() throws {
    let table = rows(try contents(Toy.trained + "/motifs.tsv"))
    let columns = Dictionary(uniqueKeysWithValues: table[0].enumerated().map { ($1, $0) })
    func number(_ row: [String], _ name: String) throws -> Double {
      let column = try #require(columns[name])
      return try #require(Double(row[column]))
    }
    let motifs = Array(table.dropFirst())
    let first = try #require(motifs.first)
    let name = try #require(columns["match_name"])
    #expect(first[name].contains("CTCF"))
    #expect(try number(first, "pvalue") < 1e-5)
    #expect(motifs.count <= 12)
    let falls = try motifs.map { try number($0, "score_fall") }
    #expect(falls == falls.sorted(by: >) && falls[0] > 0.02)
    let meme = try contents(Toy.trained + "/motifs.meme")
    #expect(meme.contains("MOTIF motif1 CTCF"))
    #expect(meme.matches(of: /MOTIF motif/).count == motifs.count)
    let page = try contents(Toy.trained + "/report.html")
    #expect(page.contains("<h2>Motifs</h2>") && page.contains("motif1: CTCF (MA0139"))
    #expect(page.contains("what the model misses"))
  }

  /// The motifs go on to the commands that take them.
  @Test func hitsAreFoundOfThem() throws {
    let bed = folder.path + "/hits.bed"
    let run = try Program([
      "motifs", "hits", "--model", Toy.model, "--motifs", Toy.trained + "/motifs.npz", "--fasta",
      Toy.peaks, "--references", "2", "--output", bed,
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    let hits = rows(try contents(bed)).filter { !$0[0].hasPrefix("#") }
    #expect(hits.count { $0[3] == "motif1" } > 100)
  }

  /// Without motifs the model predicts the same, and nothing speaks of them.
  @Test func motifsCanBeLeftOut() throws {
    let output = folder.path + "/o"
    let run = try Program(Toy.training + ["--no-motifs", "--output", output])
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(try contents(output + "/predictions.tsv") == contents(Toy.trained + "/predictions.tsv"))
    for name in ["motifs.meme", "motifs.tsv", "motifs.npz"] {
      #expect(!FileManager.default.fileExists(atPath: output + "/" + name))
    }
    #expect(try !contents(output + "/report.html").contains("<h2>Motifs</h2>"))
    let refused = try Program(
      Toy.training + ["--no-motifs", "--database", "x.meme", "--output", output])
    #expect(refused.exitCode == 64)
  }

  /// Each task has all panels, under its name.
  @Test func tasksHaveTheirOwnPanels() throws {
    let folder = Toy.twoTasks.split(separator: "/").dropLast().joined(separator: "/")
    let page = try contents("/\(folder)/report.html")
    for task in ["a", "b"] {
      for figure in ["ROC curve", "Precision and recall", "Reliability", "Scores by class"] {
        #expect(page.contains("<title>\(figure), \(task)</title>"))
      }
    }
  }
}
