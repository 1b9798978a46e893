import Kernels
import Testing

@Suite struct AffineTests {
  /// Whole tiles of rows and columns, parts of them, and a single column; an input and its transpose;
  /// with a bias and added to what is there.
  @Test(arguments: KernelLevel.allCases, [1, 2, 16, 32, 37, 53])
  func mapsAsTheDefinition(level: KernelLevel, outputs: Int) throws {
    let kernels = try level.kernels()
    for rows in [1, 5, 6, 7, 8, 29] {
      for inputs in [1, 15, 16, 40] {
        let input = randomNumbers(rows * inputs)
        let weight = randomNumbers(inputs * outputs)
        let bias = randomNumbers(outputs)
        var scratch = [Float](repeating: .nan, count: (inputs + 1) * 16)
        for (isTransposed, hasBias) in [(false, true), (true, true), (false, false), (true, false)]
        {
          var output = randomNumbers(rows * outputs)
          var plain = output
          weight.withUnsafeBufferPointer { weight in
            bias.withUnsafeBufferPointer { bias in
              input.withUnsafeBufferPointer { input in
                var map = Affine(
                  weight: weight.baseAddress, bias: hasBias ? bias.baseAddress : nil,
                  inputs: Int32(inputs), outputs: Int32(outputs))
                var input = AffineInput(
                  values: input.baseAddress, row_step: isTransposed ? 1 : Int64(inputs),
                  step: isTransposed ? Int64(rows) : 1)
                kernels.affine(&map, &input, Int64(rows), &scratch, &output)
                affine_plain(&map, &input, Int64(rows), &plain)
              }
            }
          }
          // Sums of up to 41 numbers below 1, added in another order.
          #expect(worstDifference(output, plain) < 1e-5)
        }
      }
    }
  }

  /// Rows of which a few numbers, none or all differ from those of the row before, for more rows than are computed
  /// from one another.
  @Test(arguments: KernelLevel.allCases, [16, 32, 37, 48, 64])
  func mapsRowsInTurnAsTheDefinition(level: KernelLevel, outputs: Int) throws {
    let kernels = try level.kernels()
    let rows = 70
    for inputs in [1, 16, 40, 64, 100] {
      var input = randomNumbers(rows * inputs)
      for row in 1..<rows where row % 7 != 0 {
        for k in 0..<inputs where (row + k) % 11 != 0 {
          input[row * inputs + k] = input[(row - 1) * inputs + k]
        }
      }
      let (weight, bias) = (randomNumbers(inputs * outputs), randomNumbers(outputs))
      var scratch = [Float](repeating: .nan, count: (inputs + 1) * 16)
      var output = [Float](repeating: .nan, count: rows * outputs)
      var plain = output
      weight.withUnsafeBufferPointer { weight in
        bias.withUnsafeBufferPointer { bias in
          input.withUnsafeBufferPointer { input in
            var map = Affine(
              weight: weight.baseAddress, bias: bias.baseAddress, inputs: Int32(inputs),
              outputs: Int32(outputs))
            var rowsOfInput = AffineInput(
              values: input.baseAddress, row_step: Int64(inputs), step: 1)
            kernels.affine_in_turn(
              &map, input.baseAddress!, Int64(rows), &scratch, &output)
            affine_plain(&map, &rowsOfInput, Int64(rows), &plain)
          }
        }
      }
      // Sums of up to 101 numbers below 1, of which some are added and taken away again.
      #expect(worstDifference(output, plain) < 5e-5)
    }
  }
}
