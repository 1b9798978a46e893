import Kernels
import Testing

/// Steps of a few operations on numbers of size 1, against the formulas in Double.
private let tolerance: Float = 1e-5

@Suite struct ElementwiseTests {
  /// Whole vectors and what is left over.
  static let counts = [1, 15, 16, 17, 64, 101]

  @Test(arguments: KernelLevel.allCases, counts)
  func rectifiesAsTheDefinition(level: KernelLevel, count: Int) throws {
    let kernels = try level.kernels()
    let values = randomNumbers(count)
    var output = [Float](repeating: .nan, count: count)
    kernels.rectify(values, Int64(count), &output)
    #expect(output == values.map { max(0, $0) })
  }

  /// Nesterov momentum: `v' = μv - m`, `w' = w + μv' - m`, where `m = rate · (g + l2·w + l1·sign w)`.
  @Test(arguments: KernelLevel.allCases, counts)
  func descendsAsTheFormula(level: KernelLevel, count: Int) throws {
    let kernels = try level.kernels()
    var step = DescentStep(rate: 0.1, momentum: 0.9, l1: 0.02, l2: 0.3)
    let (gradient, old) = (randomNumbers(count), randomNumbers(2 * count))
    var (velocity, weights) = (Array(old[..<count]), Array(old[count...]))
    weights[0] = 0
    let start = weights
    kernels.descend(&step, Int64(count), gradient, &velocity, &weights)
    for index in 0..<count {
      let weight = Double(start[index])
      let slope = Double(gradient[index]) + 0.3 * weight + 0.02 * sign(weight)
      let expectedVelocity = 0.9 * Double(old[index]) - 0.1 * slope
      #expect(worstDifference([velocity[index]], [Float(expectedVelocity)]) < tolerance)
      let expected = weight + 0.9 * expectedVelocity - 0.1 * slope
      #expect(worstDifference([weights[index]], [Float(expected)]) < tolerance)
    }
  }

  /// Kingma & Ba 2015, algorithm 1, with the penalties outside the moments.
  @Test(arguments: KernelLevel.allCases, counts)
  func adaptsAsTheFormula(level: KernelLevel, count: Int) throws {
    let kernels = try level.kernels()
    var step = AdamStep(
      rate: 0.1, first_decay: 0.9, second_decay: 0.99, first_correction: 3, second_correction: 20,
      epsilon: 1e-3, l1: 0.02, l2: 0.3)
    let (gradient, old) = (randomNumbers(count), randomNumbers(3 * count))
    var first = Array(old[..<count])
    var second = old[count..<2 * count].map { $0 * $0 }
    var weights = Array(old[(2 * count)...])
    weights[0] = 0
    let (oldSecond, start) = (second, weights)
    kernels.adapt(&step, Int64(count), gradient, &first, &second, &weights)
    for index in 0..<count {
      let (slope, weight) = (Double(gradient[index]), Double(start[index]))
      let expectedFirst = 0.9 * Double(old[index]) + 0.1 * slope
      let expectedSecond = 0.99 * Double(oldSecond[index]) + 0.01 * slope * slope
      #expect(worstDifference([first[index]], [Float(expectedFirst)]) < tolerance)
      #expect(worstDifference([second[index]], [Float(expectedSecond)]) < tolerance)
      let stride = 3 * expectedFirst / ((20 * expectedSecond).squareRoot() + 1e-3)
      let expected = weight - 0.1 * (stride + 0.3 * weight + 0.02 * sign(weight))
      #expect(worstDifference([weights[index]], [Float(expected)]) < tolerance)
    }
  }

  private func sign(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : 0 }
}
