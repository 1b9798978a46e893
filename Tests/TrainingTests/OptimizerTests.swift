import Layers
import Tensors
import TestSupport
import Testing
import Training

/// Tensors to train: a weight, and biases behind it.
private struct Holder: ParameterHolder {
  var tensors: [Tensor]

  init(_ tensors: [Tensor]) {
    self.tensors = tensors
  }

  mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    for index in tensors.indices {
      try visit("\(index)", index == 0 ? .weight : .bias, &tensors[index])
    }
  }
}

@Suite struct OptimizerTests {
  struct Golden: Decodable {
    struct Case: Decodable {
      let kind: OptimizerKind
      let momentum, l2, rate: Float
      let weights: [[Float]]
    }
    let start: [Float]
    let gradients: [[Float]]
    let cases: [Case]
  }

  /// PyTorch's SGD with either momentum, RMSprop, Adam and AdamW, in double precision. 12 steps of numbers about
  /// 1; Adam divides by square roots, which keep half of the relative error.
  @Test func followsPyTorch() throws {
    let golden: Golden = try golden("optimizers.json")
    #expect(golden.cases.count == 11)
    for reference in golden.cases {
      var parameters = Holder([Tensor(shape: [2, 3], scalars: golden.start)])
      var optimizer = Optimizer(
        reference.kind, momentum: reference.momentum, l1: 0, l2: reference.l2,
        training: parameters)
      for (gradient, expected) in zip(golden.gradients, reference.weights) {
        optimizer.update(
          &parameters, gradient: gradient,
          learningRate: reference.rate)
        for (found, expected) in zip(parameters.tensors[0].scalars, expected) {
          #expect(
            abs(found - expected) <= 2e-6 * (1 + abs(expected)),
            "\(reference.kind), momentum \(reference.momentum), step \(optimizer.step)")
        }
      }
      #expect(optimizer.step == golden.gradients.count)
    }
  }

  /// One step by hand: weights move by `rate · (l1 + l2 · |w|)` towards 0, a bias only by its gradient.
  @Test func penalizesWeightsButNotBiases() {
    var parameters = Holder([
      Tensor(shape: [1, 3], scalars: [2, -2, 0]), Tensor(shape: [3], scalars: [2, -2, 0]),
    ])
    var optimizer = Optimizer(.sgd, momentum: 0, l1: 0.5, l2: 0.25, training: parameters)
    optimizer.update(
      &parameters,
      gradient: [0, 0, 0, 1, 0, 0],
      learningRate: 0.5)
    #expect(parameters.tensors[0].scalars == [2 - 0.5, -2 + 0.5, 0])
    #expect(parameters.tensors[1].scalars == [1.5, -2, 0])
  }

  /// Two steps by hand: with gradients 3 and 4 the second moment is the mean of their squares, weighted
  /// .01 · .99 and .01 of 1 - .99²; without a first decay a step is the gradient over its root.
  @Test func adamForgetsSquaresAtItsSecondDecay() {
    var parameters = Holder([Tensor(zeros: [1])])
    var optimizer = Optimizer(
      .adam, momentum: 0, secondMomentum: 0.99, l1: 0, l2: 0, training: parameters)
    for gradient: Float in [3, 4] {
      optimizer.update(
        &parameters, gradient: [gradient], learningRate: 0.5)
    }
    let square = (0.01 * 0.99 * 9 + 0.01 * 16) / (1 - 0.99 * 0.99)
    let expected = Float(-0.5 - 0.5 * 4 / square.squareRoot())
    #expect(abs(parameters.tensors[0].scalars[0] - expected) < 1e-5)
  }

  /// The same with Adam, whose first step has length 1 wherever there is a gradient.
  @Test func adamTakesPenaltiesFromTheWeights() {
    var parameters = Holder([Tensor(shape: [1, 3], scalars: [2, -2, 0])])
    var optimizer = Optimizer(.adam, momentum: 0.5, l1: 0.5, l2: 0.25, training: parameters)
    optimizer.update(
      &parameters, gradient: [0, 0, 3], learningRate: 0.5)
    let expected: [Float] = [2 - 0.5, -2 + 0.5, -0.5]
    for (found, expected) in zip(parameters.tensors[0].scalars, expected) {
      #expect(abs(found - expected) < 1e-6)
    }
  }
}
