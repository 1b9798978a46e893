import Foundation
import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

/// What a model file says of tasks that were measured to be at chance.
@Suite struct ChanceResultTests {
  private func model() throws -> Model {
    Model(
      ensemble: Ensemble(
        try Network(.deepBind(filters: 3, width: 5, hidden: 4), taskCount: 2, seed: 4)),
      objective: .binary, tasks: ["A", "B"], windowLength: 21,
      provenance: Provenance(
        version: "1", seed: 1,
        inputs: [
          InputDigest(name: "p.fa", sha256: "00"),
          InputDigest(name: "t.fa", sha256: "01", use: "test"),
        ]),
      background: [])
  }

  @Test func survivesTheRoundTrip() throws {
    var model = try model()
    model.atChance = [ChanceResult(task: "B", auroc: 0.512, interval: [0.47, 0.55])]
    let again = try Model(bytes: model.bytes, file: "m")
    #expect(again.atChance == model.atChance && again.provenance == model.provenance)
    #expect(again.with(background: []).atChance == model.atChance)
    #expect(try again.bytes == model.bytes)
  }

  /// A file without the key, as all were before there was one, and one whose value is no such thing.
  @Test func isOptional() throws {
    let bytes = try model().bytes
    #expect(try Model(bytes: bytes, file: "m").atChance.isEmpty)
    var contents = try Safetensors(bytes: bytes, file: "m")
    #expect(contents.metadata["chance"] == nil)
    for text in ["{}", #"[{"task":"A","auroc":0.5,"interval":[]}]"#] {
      contents.metadata["chance"] = text
      let damaged = try contents.bytes
      #expect(throws: InputError<ModelProblem>.self) { try Model(bytes: damaged, file: "m") }
    }
  }
}
