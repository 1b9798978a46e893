import Kernels
import Testing

/// Steps of a few operations on numbers of size 1, against the formulas in Double.
private let tolerance: Float = 1e-5

@Suite struct ElementwiseTests {
  /// Whole vectors and what is left over.
  static let counts = [1, 7, 16, 31, 64, 101]

  @Test(arguments: KernelLevel.allCases, counts)
  func rectifiesAsTheDefinition(level: KernelLevel, count: Int) throws {
    let kernels = try level.kernels()
    let values = randomNumbers(count)
    var output = [Float](repeating: .nan, count: count)
    kernels.rectify(values, Int64(count), &output)
    #expect(output == values.map { max(0, $0) })
  }

  @Test(arguments: KernelLevel.allCases, counts + [5000])
  func addsRows(level: KernelLevel, count: Int) throws {
    let kernels = try level.kernels()
    let stride = count + 3
    let (values, old) = (randomNumbers(5 * stride), randomNumbers(count))
    var sum = old
    kernels.add_rows(values, 5, Int64(stride), Int64(count), &sum)
    let expected = (0..<count).map { column in
      (0..<5).reduce(Double(old[column])) { $0 + Double(values[$1 * stride + column]) }
    }
    #expect(worstDifference(sum, expected.map { Float($0) }) < tolerance)
  }

  /// Each product and each sum rounded, as Swift does.
  @Test(arguments: KernelLevel.allCases, [1, 3])
  func addsScaledRows(level: KernelLevel, columns: Int) throws {
    let kernels = try level.kernels()
    for rows in [1, 16, 37] {
      let count = rows * columns
      let (values, old) = (randomNumbers(count), randomNumbers(count + 1))
      let factors = randomNumbers(columns)
      var sum = Array(old[..<count])
      kernels.add_scaled(values, Int64(rows), factors, Int64(columns), &sum)
      #expect(sum == (0..<count).map { old[$0] + factors[$0 % columns] * values[$0] })
    }
  }

  /// The definition in Double, for factors of which some are 0.
  @Test(arguments: KernelLevel.allCases, counts + [200])
  func combinesTerms(level: KernelLevel, columns: Int) throws {
    let kernels = try level.kernels()
    for (factors, start) in [
      ([4, 0, -5, 0, 1, 0], nil), ([0, 1, -1, 8, -8, 1], randomNumbers(columns)), ([0.5], nil),
      ([0, 0], randomNumbers(columns)), ([1, 2, 3], nil),
    ] as [([Float], [Float]?)] {
      let (rows, terms) = (3, factors.count)
      let (step, outputStep) = (columns + 2, columns + 1)
      let values = randomNumbers(rows * terms * step)
      var output = [Float](repeating: 7, count: rows * outputStep)
      values.withUnsafeBufferPointer { values in
        var rows = TermRows(
          values: values.baseAddress!, rows: Int64(rows), row_step: Int64(terms * step),
          terms: Int64(terms), term_step: Int64(step), columns: Int64(columns))
        kernels.combine_terms(&rows, factors, start, &output, Int64(outputStep))
      }
      for row in 0..<rows {
        for column in 0..<columns {
          let expected = factors.indices.reduce(Double(start?[column] ?? 0)) {
            $0 + Double(factors[$1]) * Double(values[(row * terms + $1) * step + column])
          }
          #expect(abs(Double(output[row * outputStep + column]) - expected) < 1e-5)
        }
        // What stands behind a row stays.
        #expect(output[row * outputStep + columns] == 7)
      }
    }
  }

  /// Nesterov momentum: `v' = μv - m`, `w' = w + μv' - m`, where `m = rate · (g + l2·w + l1·sign w)`.
  @Test(arguments: KernelLevel.allCases, counts)
  func descendsAsTheFormula(level: KernelLevel, count: Int) throws {
    let kernels = try level.kernels()
    var step = DescentStep(rate: 0.1, momentum: 0.9, l1: 0.02, l2: 0.3, nesterov: 1)
    let (gradient, old) = (randomNumbers(count), randomNumbers(2 * count))
    var (velocity, weights) = (Array(old[..<count]), Array(old[count...]))
    weights[0] = 0
    var (expectedVelocity, expected): ([Float], [Float]) = ([], [])
    for (index, weight) in weights.map(Double.init).enumerated() {
      let slope = Double(gradient[index]) + 0.3 * weight + 0.02 * sign(weight)
      let moved = 0.9 * Double(old[index]) - 0.1 * slope
      expectedVelocity.append(Float(moved))
      expected.append(Float(weight + 0.9 * moved - 0.1 * slope))
    }
    kernels.descend(&step, Int64(count), gradient, &velocity, &weights)
    #expect(worstDifference(velocity, expectedVelocity) < tolerance)
    #expect(worstDifference(weights, expected) < tolerance)
  }

  /// Kingma & Ba 2015, algorithm 1, with the penalties outside the moments.
  @Test(arguments: KernelLevel.allCases, counts)
  func adaptsAsTheFormula(level: KernelLevel, count: Int) throws {
    let kernels = try level.kernels()
    var step = AdamStep(
      rate: 0.1, first_decay: 0.9, second_decay: 0.99, first_correction: 3, second_correction: 20,
      epsilon: 1e-3, l1: 0.02, l2: 0.3, slope_l1: 0, slope_l2: 0)
    let (gradient, old) = (randomNumbers(count), randomNumbers(3 * count))
    var first = Array(old[..<count])
    var second = old[count..<2 * count].map { $0 * $0 }
    var weights = Array(old[(2 * count)...])
    weights[0] = 0
    var (expectedFirst, expectedSecond, expected): ([Float], [Float], [Float]) = ([], [], [])
    for (index, weight) in weights.map(Double.init).enumerated() {
      let slope = Double(gradient[index])
      let mean = 0.9 * Double(first[index]) + 0.1 * slope
      let square = 0.99 * Double(second[index]) + 0.01 * slope * slope
      let stride = 3 * mean / ((20 * square).squareRoot() + 1e-3)
      expectedFirst.append(Float(mean))
      expectedSecond.append(Float(square))
      expected.append(Float(weight - 0.1 * (stride + 0.3 * weight + 0.02 * sign(weight))))
    }
    kernels.adapt(&step, Int64(count), gradient, &first, &second, &weights)
    #expect(worstDifference(first, expectedFirst) < tolerance)
    #expect(worstDifference(second, expectedSecond) < tolerance)
    #expect(worstDifference(weights, expected) < tolerance)
  }

  /// `s' = ρs + (1 - ρ)g²`, `v' = μv + g / (√s' + ε)`, `w' = w - rate · v'`, with the penalties in g.
  @Test(arguments: KernelLevel.allCases, counts)
  func descendsByRootAsTheFormula(level: KernelLevel, count: Int) throws {
    let kernels = try level.kernels()
    var step = RootStep(rate: 0.1, momentum: 0.9, decay: 0.8, epsilon: 1e-3, l1: 0.02, l2: 0.3)
    let (gradient, old) = (randomNumbers(count), randomNumbers(3 * count))
    var velocity = Array(old[..<count])
    var squares = old[count..<2 * count].map { $0 * $0 }
    var weights = Array(old[(2 * count)...])
    let expected = (0..<count).map { index -> (v: Double, s: Double, w: Double) in
      let weight = Double(weights[index])
      let slope = Double(gradient[index]) + 0.3 * weight + 0.02 * sign(weight)
      let square = 0.8 * Double(squares[index]) + 0.2 * slope * slope
      let moved = 0.9 * Double(velocity[index]) + slope / (square.squareRoot() + 1e-3)
      return (moved, square, weight - 0.1 * moved)
    }
    kernels.descend_by_root(&step, Int64(count), gradient, &velocity, &squares, &weights)
    // A slope near 0 over its own root keeps few digits.
    #expect(worstDifference(velocity, expected.map { Float($0.v) }) < 10 * tolerance)
    #expect(worstDifference(squares, expected.map { Float($0.s) }) < tolerance)
    #expect(worstDifference(weights, expected.map { Float($0.w) }) < tolerance)
  }

  private func sign(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : 0 }
}

/// Every level against the plain loops of the baseline's definition.
@Suite struct PooledRowsTests {
  @Test(arguments: KernelLevel.allCases, [1, 3, 17, 64])
  func combinesAsTheDefinition(level: KernelLevel, count: Int) throws {
    let kernels = try level.kernels()
    let (a, b) = (randomNumbers(count), randomNumbers(count + 1).dropLast())
    var output = [Float](repeating: .nan, count: count)
    kernels.mask_positive(a, Array(b), Int64(count), &output)
    #expect(output == zip(a, b).map { $1 > 0 ? $0 : 0 })
    kernels.multiply_each(a, Array(b), Int64(count), &output)
    #expect(output == zip(a, b).map { $0 * $1 })
    output = a
    kernels.add_each(Array(b), Int64(count), &output)
    #expect(output == zip(a, b).map { $0 + $1 })
  }

  @Test(arguments: KernelLevel.allCases, [1, 3, 17, 64])
  func poolsAsTheDefinition(level: KernelLevel, columns: Int) throws {
    let kernels = try level.kernels()
    let (count, positions, window) = (2, 7, 3)
    let values = randomNumbers(count * positions * columns)
    var rows = PooledRows(
      count: Int64(count), positions: Int64(positions), columns: Int64(columns),
      window: Int64(window))
    var maximum = [Float](repeating: .nan, count: 4 * columns)
    var mean = maximum
    var winner = [Int32](repeating: -1, count: 4 * columns)
    kernels.pool_rows(&rows, values, Int64(columns), &maximum, &winner, &mean)
    let flow = randomNumbers(4 * columns)
    var gradient = [Float](repeating: .nan, count: values.count)
    kernels.pool_gradient(&rows, Int64(columns), winner, flow, nil, &gradient)
    var expected = [Float](repeating: 0, count: values.count)
    for row in 0..<4 {
      for column in 0..<columns {
        let places = (0..<window).map {
          (row / 2 * positions + row % 2 * window + $0) * columns + column
        }
        let largest = places.map { values[$0] }.max()!
        let at = row * columns + column
        #expect(maximum[at] == largest)
        #expect(values[places[Int(winner[at])]] == largest)
        #expect(abs(mean[at] - places.map { values[$0] }.reduce(0, +) / 3) < tolerance)
        expected[places[Int(winner[at])]] = flow[at]
      }
    }
    #expect(gradient == expected)
  }
}
