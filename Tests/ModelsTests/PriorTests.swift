import Foundation
import Genomics
import GenomicsIO
import Layers
import Models
import Networks
import Tensors
import Testing

/// Probabilities for another share of positives.
@Suite struct PriorTests {
  private let sequence = EncodedSequence(codes: (0..<21).map { UInt8($0 * 7 % 4) })

  private func model(priors: [Double]) throws -> Model {
    var model = Model(
      ensemble: Ensemble(
        try Network(.deepBind(filters: 3, width: 5, hidden: 4), taskCount: 2, seed: 4)),
      objective: .binary, tasks: ["A", "B"], windowLength: 21,
      provenance: Provenance(version: "1", seed: 1, inputs: []),
      background: (0..<2).map { task in
        ScoreDistribution(
          scores: (0..<400).map { Float($0 + task) / 40 },
          rare: [RareScore(score: 9, chance: 0.1), RareScore(score: 12, chance: 0.001)])
      })
    model.peakOdds = [1, 2].map {
      PeakOdds(slope: $0, intercept: -1, bases: 1000, peaks: 4, peakOutputs: [0.5, 1, 3])
    }
    model.priors = priors
    return model
  }

  /// Bayes' rule: odds for a share of 1/2 are divided by 9 for a share of 1/10; odds for one of 1/5 by 9/4.
  @Test func oddsFollowBayesRule() throws {
    let model = try model(priors: [0.5, 0.2])
    let shifted = model.assuming(prior: 0.1)
    func odds(_ model: Model, task: Int) -> Double {
      let output = model.ensemble.outputs([sequence], threads: 1).scalars[task]
      let probability = Double(model.objective.prediction(output))
      return probability / (1 - probability)
    }
    for (task, ratio) in [9, 9.0 / 4].enumerated() {
      #expect(
        abs(odds(model, task: task) / odds(shifted, task: task) / ratio - 1) < 1e-4)
    }
    #expect(shifted.priors == [0.1, 0.1])
  }

  /// What is told of a window by its rank needs no prior.
  @Test func pValuesAndPeakOddsStay() throws {
    let model = try model(priors: [0.5, 0.2])
    let shifted = model.assuming(prior: 0.1)
    let shifts = [log(1.0 / 9), log(4.0 / 9)].map { Float($0) }
    for (task, shift) in shifts.enumerated() {
      for output: Float in [0.3, 4, 9.5, 11, 20] {
        let (p, q) = (
          model.background[task].pValue(of: output),
          shifted.background[task].pValue(of: output + shift)
        )
        #expect(abs(p - q) < 1e-5 + 1e-3 * p, "\(output)")
        let (odds, moved) = (model.peakOdds[task], shifted.peakOdds[task])
        #expect(
          abs(odds.probability(ofOutput: output) - moved.probability(ofOutput: output + shift))
            < 1e-6)
        #expect(odds.recoveredShare(from: 2) == moved.recoveredShare(from: 2 + shift))
      }
    }
  }

  @Test func surviveTheRoundTrip() throws {
    let known = try model(priors: [0.5, 0.2])
    let bytes = try known.bytes
    #expect(try Model(bytes: bytes, file: "m").priors == [0.5, 0.2])
    #expect(known.with(background: []).priors == [0.5, 0.2])
    var contents = try Safetensors(bytes: bytes, file: "m")
    for text in ["{}", "[0.5]", "[0.5,1]"] {
      contents.metadata["priors"] = text
      let damaged = try contents.bytes
      #expect(throws: InputError<ModelProblem>.self) { try Model(bytes: damaged, file: "m") }
    }
  }

  /// Files of earlier versions, and of as many positives as negatives, say nothing.
  @Test func oneHalfIsTheDefault() throws {
    let bytes = try model(priors: [0.5, 0.5]).bytes
    #expect(try Safetensors(bytes: bytes, file: "m").metadata["priors"] == nil)
    #expect(try Model(bytes: bytes, file: "m").priors == [0.5, 0.5])
  }
}
