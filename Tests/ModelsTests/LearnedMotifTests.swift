import Genomics
import GenomicsIO
import Layers
import Models
import Networks
import Testing

/// The motifs that a model's file keeps.
@Suite struct LearnedMotifTests {
  private func motif(task: Int = 0, match: String? = "CTCF") -> LearnedMotif {
    LearnedMotif(
      name: "motif1", match: match, task: task, isPositive: false, siteCount: 12,
      counts: [[12, 0, 0, 0], [0.25, 11.25, 0.25, 0.25]],
      contributions: [[-0.1, 0, 0, 0.3], [0, -1.25, 0, 1e-7]])
  }

  private func model(_ motifs: [LearnedMotif]) throws -> Model {
    var model = Model(
      ensemble: Ensemble(
        try Network(.deepBind(filters: 3, width: 5, hidden: 4), taskCount: 2, seed: 4)),
      objective: .binary, tasks: ["A", "B"], windowLength: 21,
      provenance: Provenance(version: "1", seed: 1, inputs: []), background: [])
    model.motifs = motifs
    return model
  }

  @Test func surviveTheRoundTrip() throws {
    let motifs = [motif(), motif(task: 1, match: nil)]
    #expect(motifs.map(\.title) == ["motif1 CTCF", "motif1"])
    let known = try model(motifs)
    #expect(try Model(bytes: known.bytes, file: "m").motifs == motifs)
    #expect(known.with(background: []).motifs == motifs)
    #expect(try Model(bytes: model([]).bytes, file: "m").motifs.isEmpty)
  }

  /// No task of that number, no position, counts and contributions of two widths, a negative count, a number that is
  /// none, nothing contributed.
  @Test(arguments: [
    (#""task":0"#, #""task":2"#), (#"[12,0,0,0]"#, #"[12,0,0,-1]"#),
    (#"[[12,0,0,0],"#, #"["#), (#""siteCount":12"#, #""siteCount":0"#),
    (#"[12,0,0,0]"#, #"[12,0,0]"#),
  ])
  func whatCannotBeIsRefused(part: String, damage: String) throws {
    var contents = try Safetensors(bytes: model([motif()]).bytes, file: "m")
    let text = try #require(contents.metadata["motifs"])
    #expect(text.contains(part), "\(text)")
    contents.metadata["motifs"] = text.replacing(part, with: damage)
    let damaged = try contents.bytes
    #expect(throws: InputError<ModelProblem>.self) { try Model(bytes: damaged, file: "m") }
  }
}
