import Tensors
import Testing

/// Against the definitions, in doubles.
@Suite struct NormalizationTests {
  static let extents = [(1, 1), (2, 3), (21, 17), (40, 300)]
  private let epsilon = 1e-3

  private struct Oracle {
    let rows: Int
    let columns: Int
    let input: [Double]
    let mean: [Double]
    let variance: [Double]

    init(_ input: Tensor) {
      (rows, columns) = (input.shape[0], input.shape[1])
      let (rows, columns) = (rows, columns)
      let values = input.scalars.map(Double.init)
      let mean = (0..<columns).map { column in
        (0..<rows).reduce(0) { $0 + values[$1 * columns + column] } / Double(rows)
      }
      self.mean = mean
      variance = (0..<columns).map { column in
        (0..<rows).reduce(0) { sum, row in
          let distance = values[row * columns + column] - mean[column]
          return sum + distance * distance
        } / Double(rows)
      }
      self.input = values
    }

    func output(_ scale: Tensor, _ shift: Tensor, _ epsilon: Double) -> [Double] {
      input.indices.map { index in
        let column = index % columns
        return (input[index] - mean[column]) / (variance[column] + epsilon).squareRoot()
          * Double(scale.scalars[column]) + Double(shift.scalars[column])
      }
    }
  }

  @Test(arguments: extents) func normalizes(rows: Int, columns: Int) {
    let input = random([rows, columns], seed: 1).map { $0 + 3 }
    let (scale, shift) = (random([columns], seed: 2), random([columns], seed: 3))
    let oracle = Oracle(input)
    let moments = input.columnMoments()
    expectClose(moments.mean.scalars, oracle.mean)
    expectClose(moments.variance.scalars, oracle.variance)
    let output = input.normalized(
      by: moments, epsilon: Float(epsilon), scale: scale, shift: shift)
    expectClose(output.scalars, oracle.output(scale, shift, epsilon))
  }

  /// Central differences of `Σ weights · output`, the oracle's output in doubles.
  @Test(arguments: extents.dropLast()) func givesTheGradients(rows: Int, columns: Int) {
    let input = random([rows, columns], seed: 1)
    let (scale, shift) = (random([columns], seed: 2), random([columns], seed: 3))
    let weights = random([rows, columns], seed: 4)
    let moments = input.columnMoments()
    func loss(_ input: Tensor, _ scale: Tensor, _ shift: Tensor) -> Double {
      zip(Oracle(input).output(scale, shift, epsilon), weights.scalars).reduce(0) {
        $0 + $1.0 * Double($1.1)
      }
    }
    let own = weights.normalizationGradient(
      input: input, moments: moments, epsilon: Float(epsilon), scale: scale, throughMoments: true)
    expectClose(own.scale.scalars, slopes(at: scale) { loss(input, $0, shift) })
    expectClose(own.shift.scalars, slopes(at: shift) { loss(input, scale, $0) })
    if rows > 1 { expectClose(own.input.scalars, slopes(at: input) { loss($0, scale, shift) }) }
    let fixed = weights.normalizationGradient(
      input: input, moments: moments, epsilon: Float(epsilon), scale: scale, throughMoments: false)
    let variance = Oracle(input).variance
    expectClose(
      fixed.input.scalars,
      weights.scalars.indices.map { index in
        let column = index % columns
        return Double(weights.scalars[index]) * Double(scale.scalars[column])
          / (variance[column] + epsilon).squareRoot()
      })
  }

  private func slopes(at point: Tensor, of function: (Tensor) -> Double) -> [Double] {
    point.scalars.indices.map { index in
      var (up, down) = (point, point)
      up.scalars[index] += 1e-3
      down.scalars[index] -= 1e-3
      return (function(up) - function(down)) / Double(up.scalars[index] - down.scalars[index])
    }
  }

  /// Roundings of numbers of size 1 to 10, and the square of the step, 1e-6, times third derivatives.
  private func expectClose(_ found: [Float], _ expected: [Double]) {
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      #expect(abs(Double(found) - expected) < 1e-3 * max(1, abs(expected)))
    }
  }
}
