import Layers
import Networks
import Tensors
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
  @Test(arguments: [Objective.binary, .number])
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

  @Test(arguments: [Objective.binary, .number])
  func gradientMatchesCentralDifferences(objective: Objective) {
    let labels: [Float] = [0, 1, .nan, 0.25, 1, 0]
    func loss(_ outputs: [Float]) -> LossGradient {
      objective.loss(
        Tensor(shape: [3, 2], scalars: outputs), labels: labels, weights: [1, 0.5, 2], scale: 0.7)
    }
    let outputs: [Float] = [0.3, -1.2, 4, 2.5, -0.6, 6]
    let gradient = loss(outputs).gradient.scalars
    for index in outputs.indices {
      var (up, down) = (outputs, outputs)
      up[index] += 0.01
      down[index] -= 0.01
      let slope = (loss(up).loss - loss(down).loss) / Double(up[index] - down[index])
      #expect(abs(Double(gradient[index]) - slope) < 1e-4)
    }
  }

  @Test func hugeLogitsStayFinite() {
    let result = Objective.binary.loss(
      Tensor(shape: [2, 1], scalars: [1e30, -1e30]), labels: [1, 0], weights: [1, 1], scale: 1)
    #expect(result.loss == 0)
    #expect(result.gradient.scalars == [0, 0])
  }
}
