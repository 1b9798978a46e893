import Foundation
import Testing
import Training

/// Curves of which it is plain what they are.
@Suite struct LearningCurveTests {
  private func history(_ training: [Double], _ validation: [Double]) throws -> [EpochRecord] {
    let records = zip(training, validation).enumerated().map { index, losses in
      [
        "epoch": Double(index + 1), "learningRate": 0.1, "trainingLoss": losses.0,
        "validationLoss": losses.1,
      ]
    }
    return try JSONDecoder().decode(
      [EpochRecord].self, from: JSONSerialization.data(withJSONObject: records))
  }

  private func verdict(_ training: [Double], _ validation: [Double]) throws
    -> FitAssessment.Verdict?
  {
    FitAssessment(try history(training, validation))?.verdict
  }

  @Test func tellsCurvesApart() throws {
    #expect(
      try verdict([0.69, 0.5, 0.4, 0.3, 0.2, 0.1], [0.69, 0.5, 0.45, 0.5, 0.6, 0.7])
        == .overfitting)
    #expect(
      try verdict([0.69, 0.69, 0.69, 0.69, 0.69], [0.693, 0.694, 0.693, 0.694, 0.693])
        == .underfitting)
    #expect(try verdict([0.69, 0.6, 0.5, 0.4, 0.3], [0.69, 0.6, 0.5, 0.42, 0.33]) == .unfinished)
    #expect(
      try verdict([0.69, 0.4, 0.31, 0.3, 0.299], [0.69, 0.42, 0.36, 0.36, 0.359]) == .fits)
    // A rise by a tenth of next to nothing.
    #expect(
      try verdict([0.69, 0.1, 0.01, 0.005, 0.004, 0.003], [0.69, 0.1, 0.02, 0.022, 0.022, 0.022])
        == .fits)
    // Three epochs tell nothing.
    #expect(try verdict([0.69, 0.6, 0.5], [0.69, 0.6, 0.5]) == nil)
    // Both rise: that is no overfitting.
    #expect(
      try verdict([0.5, 0.4, 0.5, 0.6, 0.7], [0.5, 0.4, 0.5, 0.6, 0.7]) == .fits)
  }

  /// Of counts losses may be below 0: from −10 to −9 is a rise of a tenth.
  @Test func readsNegativeLosses() throws {
    #expect(
      try verdict([-5, -10, -12, -13, -14], [-5, -10, -9, -9, -9]) == .overfitting)
  }

  /// The last three epochs: (0.3 + 0.2 + 0.1) / 3.
  @Test func statesLosses() throws {
    let fit = try #require(
      FitAssessment(
        try history([0.69, 0.5, 0.4, 0.3, 0.2, 0.1], [0.69, 0.5, 0.45, 0.5, 0.6, 0.7])))
    #expect((fit.bestEpoch, fit.epochs) == (3, 6))
    #expect((fit.bestTrainingLoss, fit.bestValidationLoss) == (0.4, 0.45))
    #expect(abs(fit.lastTrainingLoss - 0.2) < 1e-12 && abs(fit.lastValidationLoss - 0.6) < 1e-12)
  }
}
