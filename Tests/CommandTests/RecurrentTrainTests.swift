import Foundation
import TestSupport
import Testing

/// A network with an LSTM, from a recipe to predictions.
@Suite struct RecurrentTrainTests {
  private static let recipe = """
    {"network": {"layers": [
       {"convolution": {"filters": 8, "width": 8}}, {"rectifier": {}},
       {"windowPooling": {"pooling": "max", "window": 4}},
       {"bidirectional": {"inner": [{"lstm": {"units": 6, "output": "last"}}]}}],
      "strands": "forward"},
     "training": {"epochs": 12, "leastSteps": 0, "learningRate": 0.02, "l2": 0.01}}
    """

  /// Random sequences of 48 bases, of which every second holds TGACTCAG.
  private static let table: String = {
    var state: UInt64 = 1
    func next(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let rows = (0..<600).map { index -> String in
      var bases = (0..<48).map { _ in Array("ACGT")[next(below: 4)] }
      if index % 2 == 1 {
        let start = next(below: 41)
        bases.replaceSubrange(start..<start + 8, with: Array("TGACTCAG"))
      }
      return "\(String(bases))\t\(index % 2)\n"
    }
    return "seq\tbound\n" + rows.joined()
  }()

  @Test func learnsAndGivesTheSameBytesOnAnyNumberOfThreads() throws {
    let folder = TemporaryFolder()
    let (table, recipe) = (
      folder.write(Self.table, to: "t.tsv"), folder.write(Self.recipe, to: "r.json")
    )
    var models: [Data] = []
    for threads in ["1", "2"] {
      let output = "\(folder.path)/\(threads)"
      let run = try Program([
        "train", "--no-motifs", "--table", table, "--preset", "deepbind", "--config", recipe,
        "--output", output,
        "--threads", threads, "--quiet",
      ])
      #expect(run.exitCode == 0, "\(run.words)")
      models.append(try Data(contentsOf: URL(fileURLWithPath: output + "/model.safetensors")))
    }
    #expect(models[0] == models[1])
    let model = folder.path + "/1/model.safetensors"
    // A motif of eight bases in 48 is told apart almost surely.
    #expect(try area(["--table", table, "--model", model]) > 0.95)
    // A score doesn't depend on what is scored beside it.
    let rows = Self.table.split(separator: "\n")
    let few = folder.write(">a\n\(rows[1].prefix(48))\n>b\n\(rows[2].prefix(48))\n", to: "f.fa")
    let one = folder.write(">b\n\(rows[2].prefix(48))\n", to: "o.fa")
    let scores = try [few, one].map {
      try Program(["predict", "--fasta", $0, "--model", model, "--quiet"]).output
        .split(separator: "\n").last
    }
    #expect(scores[0] == scores[1] && scores[0] != nil)
  }

  private func area(_ arguments: [String]) throws -> Double {
    let run = try Program(["evaluate", "--json", "--quiet"] + arguments)
    #expect(run.exitCode == 0, "\(run.words)")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    return try #require(object?["auroc"] as? Double)
  }
}
