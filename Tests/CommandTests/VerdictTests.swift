import Foundation
import TestSupport
import Testing

/// What a training's figures are said to mean at the head of its report.
@Suite final class VerdictTests {
  private let folder = TemporaryFolder()

  /// Trains on a table, and gives back the text of its report and its figures.
  private func trained(
    _ header: String, _ lines: [String], epochs: Int
  ) throws -> (report: String, tasks: [Figures.Task]) {
    let table = folder.write(header + "\n" + lines.joined(separator: "\n") + "\n", to: "t.tsv")
    let output = folder.path + "/out"
    let run = try Program([
      "train", "--no-motifs", "--table", table, "--preset", "deepbind", "--epochs", "\(epochs)",
      "--output", output, "--quiet",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    let json = Data(try contents(output + "/metrics.json").utf8)
    return (
      try contents(output + "/report.html"),
      try JSONDecoder().decode(Figures.self, from: json).tasks
    )
  }

  private struct Figures: Decodable {
    struct Task: Decodable {
      struct Baseline: Decodable {
        let auroc, aurocGain: Double?
        let aurocGainInterval: [Double]?
      }
      struct Regression: Decodable { let pearson: Double }
      let task: String
      let baselines: [Baseline]
      let regression: Regression?
    }
    let tasks: [Task]
  }

  private func bases(_ count: Int) -> [String] {
    Toy.peakRecords.prefix(count).map { String($0.bases.prefix(60)).uppercased() }
  }

  /// The label is what a simple rule measures: the rule is the better one.
  @Test func ruleThatNoModelBeats() throws {
    let lines = bases(200).map { "\($0)\t\($0.count { $0 == "G" || $0 == "C" })" }
    let (report, tasks) = try trained("seq\ty", lines, epochs: 20)
    let pearson = try #require(tasks[0].regression).pearson
    #expect(
      report.contains(
        "follow what was measured with a correlation of \(String(format: "%.2f", pearson)); those of the best simple "
          + "rule, GC content, with one of 1.00: so the rule is the better one."))
  }

  /// Numbers that have nothing to do with the sequences.
  @Test func numbersByChance() throws {
    let lines = bases(200).enumerated().map { "\($1)\t\($0 * 7919 % 1009)" }
    #expect(
      try trained("seq\ty", lines, epochs: 1).report.contains(
        "can&#39;t be told from what has nothing to do with the measured numbers"))
  }

  /// Labels by chance, learned by heart: that nothing holds for other examples stands among the warnings.
  @Test func learnedByHeart() throws {
    let lines = bases(400).enumerated().map { "\($1)\t\($0 * 7919 % 1009 % 2)" }
    let report = try trained("seq\ty", lines, epochs: 40).report
    #expect(report.contains("<li>learning curves: overfitting: the training loss fell"))
    #expect(!report.contains("<dt>Learning</dt>"))
  }

  /// Of four tasks two are told by a motif that stands anywhere, as a rule tells them too, and two by nothing.
  @Test func manyTasks() throws {
    let lines = bases(400).enumerated().map { index, bases in
      let isBound = index % 2 == 0
      let site = isBound ? "TGACTCATGCAATT" : "TTAACGTACTAGCT"
      let start = index * 31 % 40
      let planted = bases.prefix(start) + site + bases.dropFirst(start + site.count)
      return
        "\(planted)\t\(isBound ? 1 : 0)\t\(isBound ? 0 : 1)\t\(index / 2 % 2)\t\(index / 4 % 2)"
    }
    let (report, tasks) = try trained("seq\ta\tb\tc\td", lines, epochs: 10)
    let better = try tasks.filter { task in
      let best = try #require(task.baselines.max { ($0.auroc ?? 0) < ($1.auroc ?? 0) })
      return try #require(best.aurocGainInterval)[0] > 0
    }
    let others = tasks.map(\.task).filter { !better.map(\.task).contains($0) }
    #expect(others.contains("c") && others.contains("d"))
    #expect(
      report.contains(
        "In \(better.isEmpty ? "none" : "\(better.count)") of 4 tasks the model is better than the best simple rule by more "
          + "than chance explains"
          + (better.isEmpty ? "." : ", not in \(others.joined(separator: ", ")).")))
  }
}
