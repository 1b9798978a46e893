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
    #expect(rows(try contents(bed)).count { $0[3] == "motif1" } > 100)
  }

  /// Without motifs the model is the same, and nothing speaks of them.
  @Test func motifsCanBeLeftOut() throws {
    let output = folder.path + "/o"
    let run = try Program(Toy.training + ["--no-motifs", "--output", output])
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(
      FileManager.default.contents(atPath: output + "/model.safetensors")
        == FileManager.default.contents(atPath: Toy.model))
    for name in ["motifs.meme", "motifs.tsv", "motifs.npz"] {
      #expect(!FileManager.default.fileExists(atPath: output + "/" + name))
    }
    #expect(try !contents(output + "/report.html").contains("<h2>Motifs</h2>"))
    let refused = try Program(
      Toy.training + ["--no-motifs", "--database", "x.meme", "--output", output])
    #expect(refused.exitCode == 64)
  }

  /// Several tasks have motifs each, numbered on.
  @Test func tasksHaveTheirOwn() throws {
    let lines = Toy.peakRecords.prefix(300).enumerated().flatMap { index, record in
      let bases = record.bases.prefix(101)
      return ["\(bases)\t1\t\(index % 2)\n", "\(String(bases.reversed()))\t0\t0\n"]
    }
    let table = folder.write("seq\ta\tb\n" + lines.joined(), to: "t.tsv")
    let output = folder.path + "/o"
    let run = try Program([
      "train", "--table", table, "--epochs", "20", "--preset", "deepbind", "--output", output,
      "--quiet",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    let motifs = rows(try contents(output + "/motifs.tsv")).dropFirst()
    #expect(
      motifs.map { $0[0] } == (1...max(1, motifs.count)).prefix(motifs.count).map { "motif\($0)" })
    #expect(motifs.contains { $0[1] == "a" })
    let page = try contents(output + "/report.html")
    for task in ["a", "b"] {
      for figure in ["ROC curve", "Precision and recall", "Reliability", "Scores by class"] {
        #expect(page.contains("<title>\(figure), \(task)</title>"))
      }
    }
  }
}
