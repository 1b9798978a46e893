import Foundation
import Genomics
import GenomicsIO
import Layers
import Models
import Networks
import Testing

@Suite struct PeakOddsTests {
  private let odds = PeakOdds(
    slope: 2, intercept: -1, bases: 1000, peaks: 4, peakOutputs: [0.5, 1, 3])

  /// 2 · 1 - 1 = 1, and 1 / (1 + 1/e); 3, 2, 1 of 4 peaks have a site of at least so much.
  @Test func followTheLine() {
    #expect(abs(odds.probability(ofOutput: 1) - 1 / (1 + exp(-1.0))) < 1e-12)
    #expect(odds.recoveredShare(from: 0) == 0.75 && odds.recoveredShare(from: 1) == 0.5)
    #expect(odds.recoveredShare(from: 3.5) == 0 && !odds.isKnown)
  }

  @Test func surviveTheRoundTrip() throws {
    var model = Model(
      ensemble: Ensemble(
        try Network(.deepBind(filters: 3, width: 5, hidden: 4), taskCount: 1, seed: 4)),
      objective: .binary, tasks: ["A"], windowLength: 21,
      provenance: Provenance(version: "1", seed: 1, inputs: []), background: [])
    #expect(try Model(bytes: model.bytes, file: "m").peakOdds.isEmpty)
    model.peakOdds = [odds]
    let bytes = try model.bytes
    #expect(try Model(bytes: bytes, file: "m").peakOdds == [odds])
    #expect(model.with(background: []).peakOdds == [odds])
    var contents = try Safetensors(bytes: bytes, file: "m")
    for text in ["{}", "[]", try #require(contents.metadata["peakOdds"]).replacing("4", with: "1")]
    {
      contents.metadata["peakOdds"] = text
      let damaged = try contents.bytes
      #expect(throws: InputError<ModelProblem>.self) { try Model(bytes: damaged, file: "m") }
    }
  }
}
