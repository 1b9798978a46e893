import Kernels
import Testing

/// The kernels of `Layers.h` against their plain twins, which compute in double precision.
@Suite struct LayerKernelTests {
  /// Whole vectors and what is left over.
  static let counts = [1, 7, 16, 33, 100]

  static let functions = [
    ACTIVATION_EXPONENTIAL, ACTIVATION_TANH, ACTIVATION_SIGMOID, ACTIVATION_SOFTPLUS,
    ACTIVATION_GELU, ACTIVATION_SILU,
  ]

  /// From where everything underflows to where everything saturates, in steps that are no powers of 2.
  private let range = (0..<4001).map { Float($0 - 2000) * 0.0437 }

  @Test(arguments: KernelLevel.allCases, functions.indices)
  func activatesAsTheDefinition(level: KernelLevel, index: Int) throws {
    let (kernels, function) = (try level.kernels(), Self.functions[index])
    let count = Int64(range.count)
    var values = [Float](repeating: .nan, count: range.count)
    var expected = values
    kernels.activate(function, range, count, &values)
    activate_plain(function, range, count, &expected)
    // 4 units in the last place; what is below the smallest normal number is 0.
    #expect(worstDifference(values, expected) < 5e-7)
    let gradient = randomNumbers(range.count)
    var flow = values
    var expectedFlow = values
    kernels.activation_gradient(function, range, expected, gradient, count, &flow)
    activation_gradient_plain(function, range, expected, gradient, count, &expectedFlow)
    #expect(worstDifference(flow, expectedFlow) < 1e-6)
  }

  /// Small numbers keep their relative precision, and the ends are reached.
  @Test(arguments: KernelLevel.allCases) func keepsSmallNumbers(level: KernelLevel) throws {
    let kernels = try level.kernels()
    let small: [Float] = [1e-30, -1e-7, 3e-4, -0.02, 0]
    var values = [Float](repeating: .nan, count: small.count)
    kernels.activate(ACTIVATION_TANH, small, 5, &values)
    #expect(zip(values, small).allSatisfy { abs($0 - $1) <= 1.4e-4 * abs($1) })
    kernels.activate(ACTIVATION_EXPONENTIAL, [-200, 200, .infinity, -.infinity, .nan], 5, &values)
    #expect(values[0] == 0 && values[1] == .infinity && values[2] == .infinity && values[3] == 0)
    #expect(values[4].isNaN)
  }

  @Test(arguments: KernelLevel.allCases, counts)
  func softmaxFollowsItsDefinition(level: KernelLevel, columns: Int) throws {
    let kernels = try level.kernels()
    let (rows, values) = (3, randomNumbers(3 * columns).map { 20 * $0 })
    var shares = [Float](repeating: .nan, count: values.count)
    var expected = shares
    kernels.softmax_rows(values, Int64(rows), Int64(columns), &shares)
    softmax_rows_plain(values, Int64(rows), Int64(columns), &expected)
    #expect(worstDifference(shares, expected) < 1e-6)
    let gradient = randomNumbers(values.count)
    var flow = shares
    kernels.softmax_rows_gradient(shares, gradient, Int64(rows), Int64(columns), &flow)
    softmax_rows_gradient_plain(shares, gradient, Int64(rows), Int64(columns), &expected)
    #expect(worstDifference(flow, expected) < 1e-6)
  }

  @Test(arguments: KernelLevel.allCases, counts)
  func normalizesRowsAsTheDefinition(level: KernelLevel, columns: Int) throws {
    let kernels = try level.kernels()
    let (rows, epsilon) = (Int64(4), Float(1e-3))
    let values = randomNumbers(4 * columns).map { $0 + 3 }
    let (scale, shift) = (randomNumbers(columns), randomNumbers(columns))
    func run(
      _ body: (
        UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
      ) -> Void
    ) -> (mean: [Float], inverse: [Float], output: [Float]) {
      var mean = [Float](repeating: .nan, count: 4)
      var (inverse, output) = (mean, [Float](repeating: .nan, count: 4 * columns))
      body(&mean, &inverse, &output)
      return (mean, inverse, output)
    }
    let own = run {
      kernels.normalize_rows(values, rows, Int64(columns), epsilon, scale, shift, $0, $1, $2)
    }
    let plain = run {
      normalize_rows_plain(values, rows, Int64(columns), epsilon, scale, shift, $0, $1, $2)
    }
    #expect(worstDifference(own.mean, plain.mean) < 1e-6)
    #expect(worstDifference(own.inverse, plain.inverse) < 1e-5)
    #expect(worstDifference(own.output, plain.output) < 1e-5)
    let gradient = randomNumbers(4 * columns)
    // Adds to what is there.
    let start = randomNumbers(columns)
    var (flow, scaleGradient, shiftGradient) = (own.output, start, start)
    var (plainFlow, plainScale, plainShift) = (own.output, start, start)
    kernels.normalize_rows_gradient(
      values, gradient, rows, Int64(columns), plain.mean, plain.inverse, scale, &flow,
      &scaleGradient, &shiftGradient)
    normalize_rows_gradient_plain(
      values, gradient, rows, Int64(columns), plain.mean, plain.inverse, scale, &plainFlow,
      &plainScale, &plainShift)
    #expect(worstDifference(flow, plainFlow) < 1e-5)
    #expect(worstDifference(scaleGradient, plainScale) < 1e-5)
    #expect(worstDifference(shiftGradient, plainShift) < 1e-5)
  }
}

/// Steps of recurrent layers at the first position and at a later one.
@Suite struct RecurrentKernelTests {
  static let extents = [(1, 1), (3, 5), (2, 16), (2, 37)]
  /// Sums of up to four products of numbers below 1.
  private let tolerance: Float = 2e-6

  @Test(arguments: KernelLevel.allCases, extents)
  func lstmStepsAsTheDefinition(level: KernelLevel, extents: (rows: Int, units: Int)) throws {
    let kernels = try level.kernels()
    let size = extents.rows * extents.units
    let sums = randomNumbers(3 * 4 * size).map { 3 * $0 }
    let (states, gradient) = (randomNumbers(3 * size), randomNumbers(3 * size + 1))
    for position in [0, 2] {
      var step = RecurrentStep(
        rows: Int64(extents.rows), units: Int64(extents.units), position: Int64(position))
      var (gates, cells, hidden) = (sums, states, states)
      var (plainGates, plainCells, plainHidden) = (sums, states, states)
      kernels.lstm_step(&step, &gates, &cells, &hidden)
      lstm_step_plain(&step, &plainGates, &plainCells, &plainHidden)
      #expect(worstDifference(gates, plainGates) < tolerance)
      #expect(worstDifference(cells, plainCells) < tolerance)
      #expect(worstDifference(hidden, plainHidden) < tolerance)
      var (carried, flow) = (Array(states[..<size]), sums)
      var (plainCarried, plainFlow) = (carried, sums)
      kernels.lstm_step_gradient(&step, plainGates, plainCells, gradient, &carried, &flow)
      lstm_step_gradient_plain(
        &step, plainGates, plainCells, gradient, &plainCarried, &plainFlow)
      #expect(worstDifference(carried, plainCarried) < tolerance)
      #expect(worstDifference(flow, plainFlow) < tolerance)
    }
  }

  @Test(arguments: KernelLevel.allCases, extents)
  func gruStepsAsTheDefinition(level: KernelLevel, extents: (rows: Int, units: Int)) throws {
    let kernels = try level.kernels()
    let size = extents.rows * extents.units
    let sums = randomNumbers(3 * 3 * size).map { 3 * $0 }
    let products = randomNumbers(3 * 3 * size + 1)
    let (states, gradient) = (randomNumbers(3 * size), randomNumbers(3 * size + 1))
    for position in [0, 2] {
      var step = RecurrentStep(
        rows: Int64(extents.rows), units: Int64(extents.units), position: Int64(position))
      var (gates, hidden) = (sums, states)
      var (plainGates, plainHidden) = (sums, states)
      kernels.gru_step(&step, &gates, products, &hidden)
      gru_step_plain(&step, &plainGates, products, &plainHidden)
      #expect(worstDifference(gates, plainGates) < tolerance)
      #expect(worstDifference(hidden, plainHidden) < tolerance)
      var (before, flow, productFlow) = (gradient, sums, sums)
      var (plainBefore, plainFlow, plainProductFlow) = (gradient, sums, sums)
      kernels.gru_step_gradient(
        &step, plainGates, products, plainHidden, &before, &flow, &productFlow)
      gru_step_gradient_plain(
        &step, plainGates, products, plainHidden, &plainBefore, &plainFlow, &plainProductFlow)
      #expect(worstDifference(before, plainBefore) < tolerance)
      #expect(worstDifference(flow, plainFlow) < tolerance)
      #expect(worstDifference(productFlow, plainProductFlow) < tolerance)
    }
  }
}
