import Evaluation
import Foundation
import Genomics
import Models
import Tensors
import TestSupport
import Testing

/// Against scikit-learn: `brier_score_loss`, `calibration_curve`, and its Platt scaling.
@Suite struct CalibrationTests {
  struct Case: Decodable {
    let scores, probabilities, weights: [Float]
    let isPositive: [Bool]
    let brier: Double
    let observed, predicted: [Double]
    let slope, intercept: Double
  }

  /// The calibration error from the reference's bins, its definition: weighted by their counts, which
  /// are counted here.
  @Test func figuresAreThoseOfScikitLearn() throws {
    for golden: Case in try golden("calibration.json") as [Case] {
      let evaluation = ClassificationEvaluation(
        scores: golden.probabilities, isPositive: golden.isPositive, seed: 1, threads: 1)
      #expect(try abs(#require(evaluation.brier) - golden.brier) < 1e-9)
      let bins = try #require(evaluation.reliability)
      #expect(bins.count == golden.observed.count)
      var error = 0.0
      for (index, bin) in bins.enumerated() {
        #expect(abs(bin.meanPrediction - golden.predicted[index]) < 1e-9)
        #expect(abs(bin.observedShare - golden.observed[index]) < 1e-9)
        let count = golden.probabilities.count {
          Double($0) >= bin.lower && Double($0) < bin.upper
        }
        #expect(bin.count == count)
        error +=
          Double(count) * abs(golden.predicted[index] - golden.observed[index])
          / Double(golden.scores.count)
      }
      #expect(try abs(#require(evaluation.calibrationError) - error) < 1e-9)
    }
  }

  /// The mean error of outcomes that are drawn with the predicted probabilities.
  @Test func errorByChanceIsThatOfOutcomesAsPredicted() throws {
    let probabilities = (0..<500).map { Float($0 % 97) / 97 }
    var random = RandomStream(seed: 1, .background)
    var (sum, expected) = (0.0, 0.0)
    for _ in 0..<40 {
      let evaluation = ClassificationEvaluation(
        scores: probabilities, areProbabilities: true,
        isPositive: probabilities.map { random.uniform() < $0 }, seed: 1, threads: 2)
      sum += try #require(evaluation.calibrationError) / 40
      expected = try #require(evaluation.calibrationErrorByChance)
    }
    #expect(abs(sum - expected) < 0.1 * expected)
  }

  /// The reference stops a little before the optimum: within 1 in 10⁴.
  @Test func scalingIsScikitLearns() throws {
    for golden: Case in try golden("calibration.json") as [Case] {
      let scaling = PlattScaling(
        scores: golden.scores, isPositive: golden.isPositive, weights: golden.weights)
      #expect(abs(scaling.slope - golden.slope) < 1e-4 * (1 + abs(golden.slope)))
      #expect(abs(scaling.intercept - golden.intercept) < 1e-4 * (1 + abs(golden.intercept)))
    }
  }

  /// Scores that tell the classes apart: at the optimum the derivatives of the loss with Platt's
  /// targets, 3/4 and 1/4 for two of each class, are 0, so the logit of ±1 is ±log 3.
  @Test func separatedScoresHaveABoundedSlope() {
    let scaling = PlattScaling(
      scores: [-1, -1, 1, 1], isPositive: [false, false, true, true], weights: [1, 1, 1, 1])
    #expect(abs(scaling.slope - log(3)) < 1e-6 && abs(scaling.intercept) < 1e-6)
  }

  @Test func nothingToLearnLeavesScores() {
    #expect(
      PlattScaling(scores: [1, 2], isPositive: [true, true], weights: [1, 1]) == .identity)
    #expect(
      PlattScaling(scores: [2, 2], isPositive: [true, false], weights: [1, 1]) == .identity)
    let reversed = PlattScaling(
      scores: [1, 2, 3, 4], isPositive: [true, true, false, false], weights: [1, 1, 1, 1])
    #expect(reversed.slope > 0)
  }
}
