import Datasets
import Foundation
import Genomics
import Networks
import Testing
import Training

/// Curves of which it is plain what they are.
@Suite struct LearningCurveTests {
  private func history(
    _ training: [Double], _ validation: [Double], areas: [Double] = []
  ) throws -> [EpochRecord] {
    let records = zip(training, validation).enumerated().map { index, losses in
      var record = [
        "epoch": Double(index + 1), "learningRate": 0.1, "trainingLoss": losses.0,
        "validationLoss": losses.1,
      ]
      if !areas.isEmpty { record["validationAUROC"] = areas[index] }
      return record
    }
    return try JSONDecoder().decode(
      [EpochRecord].self, from: JSONSerialization.data(withJSONObject: records))
  }

  private func verdict(
    _ training: [Double], _ validation: [Double], chance: Double? = nil
  ) throws -> FitAssessment.Verdict? {
    FitAssessment(try history(training, validation), chanceLoss: chance)?.verdict
  }

  /// The loss rises by a half; of outputs in as good an order, to 0.01, only how sure they are is at fault.
  @Test(arguments: [
    ([0.8, 0.9, 0.9, 0.91, 0.9], FitAssessment.Verdict.overconfident),
    ([0.8, 0.9, 0.89, 0.895, 0.9], .overconfident), ([0.8, 0.9, 0.88, 0.89, 0.88], .overfitting),
    ([], .overfitting),
  ])
  func orderTellsSurenessApart(areas: [Double], verdict: FitAssessment.Verdict) throws {
    let history = try history(
      [0.6, 0.4, 0.3, 0.2, 0.1], [0.6, 0.4, 0.5, 0.6, 0.6], areas: areas)
    #expect(FitAssessment(history)?.verdict == verdict)
  }

  /// Losses that fall but stay at chance or above it, 0.693, are nothing learned, or learned by heart.
  @Test func comparesWithChance() throws {
    let chance = log(2.0)
    #expect(
      try verdict([1.2, 1.1, 1.03, 1.02, 1.02], [1, 0.9, 0.87, 0.87, 0.87], chance: chance)
        == .underfitting)
    #expect(
      try verdict([0.75, 0.71, 0.7, 0.7, 0.7], [0.72, 0.7, 0.69, 0.69, 0.69], chance: chance)
        == .underfitting)
    #expect(
      try verdict([0.7, 0.65, 0.6, 0.5, 0.46], [0.7, 0.71, 0.72, 0.74, 0.75], chance: chance)
        == .overfitting)
    #expect(
      try verdict([1.2, 1.1, 1, 0.9, 0.8], [1.1, 1, 0.95, 0.9, 0.85], chance: chance)
        == .unfinished)
    #expect(
      try verdict([0.69, 0.4, 0.31, 0.3, 0.299], [0.69, 0.42, 0.36, 0.36, 0.359], chance: chance)
        == .fits)
  }

  /// One positive with two shuffles and three negatives are a sixth bound; with balanced classes a half.
  @Test func chanceCountsWhatIsLearnedFrom() throws {
    var random = RandomStream(seed: 1, .background)
    let examples = [1, 0, 0, 0].map { (label: Float) in
      Example(
        name: "", bases: EncodedSequence(codes: (0..<60).map { _ in UInt8(random.next(below: 4)) }),
        labels: [label])
    }
    var configuration = TrainingConfiguration()
    func chance() -> Double? {
      Trainer(
        configuration, objective: .binary,
        training: TrainingSet(examples, shufflesPerPositive: 2, seed: 1),
        validation: Array(examples.prefix(2)), seed: 1, threads: 1
      ).chanceLoss
    }
    #expect(abs(try #require(chance()) + (log(1 / 6.0) + log(5 / 6.0)) / 2) < 1e-6)
    configuration.classWeights = .balanced
    #expect(abs(try #require(chance()) - log(2)) < 1e-6)
  }

  /// Three of four positives: −(3/4 log 3/4 + 1/4 log 1/4) = 0.5623. Of classes with shares of 1/2, 1/4, 1/4: 3/2 log 2.
  @Test func chanceIsTheClassesEntropy() throws {
    func examples(_ labels: [[Float]]) -> [Example] {
      labels.map { Example(name: "", bases: EncodedSequence(codes: [0]), labels: $0) }
    }
    let binary = try #require(
      Objective.binary.chanceLoss(of: examples([[1], [1], [1], [0]]), shares: [0.75]))
    #expect(abs(binary - 0.5623) < 1e-4)
    let classes = examples([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    let categorical = try #require(
      Objective.categorical.chanceLoss(of: classes, shares: [0.5, 0.25, 0.25]))
    #expect(abs(categorical - 1.5 * log(2)) < 1e-4)
    // By other shares than their own: −(1/2 log 1/51 + 1/2 log 50/51).
    let rare = Objective.binary.chanceLoss(of: examples([[1], [0]]), shares: [1.0 / 51])
    #expect(abs(try #require(rare) - 1.9758) < 1e-4)
    #expect(Objective.number.chanceLoss(of: examples([[1], [0]]), shares: [0.5]) == nil)
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
