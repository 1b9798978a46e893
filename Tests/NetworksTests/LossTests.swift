import Foundation
import Layers
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct LossTests {
  /// By hand: log(1 + e^0) = log 2 and log(1 + e^-2) (label 1) for the logits 0 and 2.
  @Test func logisticLossByHand() {
    let result = Objective.binary.loss(
      Tensor(shape: [2, 1], scalars: [0, 2]), labels: [0, 1], weights: [1, 3], scale: 0.5)
    #expect(abs(result.loss - 0.5 * (0.693_147_180_56 + 3 * 0.126_928_011_04)) < 1e-9)
    let expected: [Float] = [0.5 * 0.5, 0.5 * 3 * (0.880_797_08 - 1)]
    for (found, expected) in zip(result.gradient.scalars, expected) {
      #expect(abs(found - expected) < 1e-7)
    }
  }

  /// By hand: half of (2 - 5)² and of (1 - 0.5)² with weight 2.
  @Test func squaredLossByHand() {
    let result = Objective.number.loss(
      Tensor(shape: [2, 1], scalars: [2, 1]), labels: [5, 0.5], weights: [1, 2], scale: 1)
    #expect(result.loss == 4.5 + 0.25)
    #expect(result.gradient.scalars == [-3, 1])
  }

  /// A label that wasn't measured adds nothing, whatever the output.
  @Test(arguments: [Objective.binary, .number, .count])
  func leavesOutWhatWasNotMeasured(objective: Objective) {
    let masked = objective.loss(
      Tensor(shape: [2, 2], scalars: [1, 900, -2, 0.5]), labels: [1, .nan, .nan, 0],
      weights: [1, 2], scale: 1)
    let first = objective.loss(
      Tensor(shape: [1, 1], scalars: [1]), labels: [1], weights: [1], scale: 1)
    let second = objective.loss(
      Tensor(shape: [1, 1], scalars: [0.5]), labels: [0], weights: [2], scale: 1)
    #expect(masked.loss == first.loss + second.loss)
    #expect(
      masked.gradient.scalars == [first.gradient.scalars[0], 0, 0, second.gradient.scalars[0]])
  }

  private static let settings = [
    LossSettings(),
    LossSettings(labelSmoothing: 0.2, dispersion: 0.5, classWeights: [0.5, 3]),
  ]

  @Test(arguments: [Objective.binary, .number, .categorical, .count], settings)
  func gradientMatchesCentralDifferences(objective: Objective, settings: LossSettings) {
    let labels: [Float] = [0, 1, .nan, 0.25, 1, 0]
    func loss(_ outputs: [Float]) -> LossGradient {
      objective.loss(
        Tensor(shape: [3, 2], scalars: outputs), labels: labels, weights: [1, 0.5, 2], scale: 0.7,
        settings: settings)
    }
    let outputs: [Float] = [0.3, -1.2, 4, 2.5, -0.6, 6]
    let gradient = loss(outputs).gradient.scalars
    for index in outputs.indices {
      var (up, down) = (outputs, outputs)
      up[index] += 0.01
      down[index] -= 0.01
      let slope = (loss(up).loss - loss(down).loss) / Double(up[index] - down[index])
      // The third derivative of e^z at z = 6 is 403: 403 · 0.01² / 6 is the error of the slope.
      #expect(abs(Double(gradient[index]) - slope) < (objective == .count ? 2e-2 : 1e-4))
    }
  }

  private struct Golden: Decodable {
    let objective: Objective
    let outputs: [[Float]]
    let labels: [[Float?]]
    let weights: [Float]
    let labelSmoothing, dispersion: Float?
    let classWeights: [Float]?
    let loss: Double
    let gradient: [[Double]]
  }

  /// Losses and gradients agree with PyTorch's in double precision to 1e-6 of the largest number
  /// (`scripts/goldens/losses.py`): gradients are kept in single precision.
  @Test func equalsPyTorch() throws {
    let path = packageRoot + "/Tests/NetworksTests/Goldens/losses.json"
    let cases = try JSONDecoder().decode(
      [Golden].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(cases.count == 11)
    for golden in cases {
      let result = golden.objective.loss(
        Tensor(shape: [golden.outputs.count, 4], scalars: golden.outputs.flatMap { $0 }),
        labels: golden.labels.flatMap { $0.map { $0 ?? .nan } }, weights: golden.weights,
        scale: 0.5,
        settings: LossSettings(
          labelSmoothing: golden.labelSmoothing ?? 0, dispersion: golden.dispersion ?? 0,
          classWeights: golden.classWeights ?? []))
      #expect(abs(result.loss - golden.loss) < 1e-6 * abs(golden.loss), "\(golden.objective)")
      let expected = golden.gradient.flatMap { $0 }
      let largest = expected.map(abs).max() ?? 0
      for (own, expected) in zip(result.gradient.scalars, expected) {
        #expect(abs(Double(own) - expected) < 1e-6 * largest, "\(golden.objective)")
      }
    }
  }

  /// By hand: e^1 and e^2 over their sum with e^0; logits that are 1,000 higher say the same.
  @Test func predictionsOfClassesAddUpToOne() {
    let sum = 1 + exp(1.0) + exp(2.0)
    for shift in [Float(0), 1000] {
      let found = Objective.categorical.predictions([shift, 1 + shift, 2 + shift])
      for (own, expected) in zip(found, [1 / sum, exp(1) / sum, exp(2) / sum]) {
        #expect(abs(Double(own) - expected) < 1e-6)
      }
    }
    #expect(Objective.count.predictions([0]) == [1])
    #expect(abs(Objective.count.output(ofPrediction: Objective.count.prediction(2.5)) - 2.5) < 1e-6)
  }

  /// Levels whose thresholds have changed places or lie close together still have a slope that moves them apart.
  @Test(arguments: [[Float(2), 0.5, -1], [0.5, 0.4999, -1], [-1, 1, 3]])
  func gradientOfLevelsMatchesCentralDifferences(outputs: [Float]) {
    for labels: [Float] in [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1], [1, .nan, 0]] {
      func loss(_ outputs: [Float]) -> LossGradient {
        Objective.ordinal.loss(
          Tensor(shape: [1, 3], scalars: outputs), labels: labels, weights: [2], scale: 0.7)
      }
      let gradient = loss(outputs).gradient.scalars
      for index in outputs.indices {
        var (up, down) = (outputs, outputs)
        up[index] += 1e-5
        down[index] -= 1e-5
        let slope = (loss(up).loss - loss(down).loss) / Double(up[index] - down[index])
        // Close together the slope is a thousand, and bends.
        #expect(abs(Double(gradient[index]) - slope) < 0.02 + 0.02 * abs(slope))
      }
    }
  }

  @Test func hugeLogitsOfClassesStayFinite() {
    let result = Objective.categorical.loss(
      Tensor(shape: [1, 2], scalars: [1e30, -1e30]), labels: [1, 0], weights: [1], scale: 1)
    #expect(result.loss == 0)
    #expect(result.gradient.scalars == [0, 0])
  }

  @Test func hugeLogitsStayFinite() {
    let result = Objective.binary.loss(
      Tensor(shape: [2, 1], scalars: [1e30, -1e30]), labels: [1, 0], weights: [1, 1], scale: 1)
    #expect(result.loss == 0)
    #expect(result.gradient.scalars == [0, 0])
  }
}
