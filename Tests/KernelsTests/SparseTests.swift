import Kernels
import Testing

@Suite struct SparseTests {
  /// Whole tiles of columns, single vectors and a rest; rows of the factor and of the output that overlap.
  @Test(arguments: KernelLevel.allCases, [1, 5, 16, 37, 96, 203, 400])
  func multipliesAsTheDefinition(level: KernelLevel, columns: Int) throws {
    let kernels = try level.kernels()
    let (rows, terms) = (9, 13)
    let matrix = randomNumbers(rows * terms).enumerated().map { index, number in
      index % 4 == 0 && index / terms != 3 ? number : 0
    }
    for (rightStep, outputStep) in [(columns, columns), (3, 2)] {
      let right = randomNumbers(terms * rightStep + columns)
      var output = randomNumbers(rows * outputStep + columns)
      var plain = output
      var starts = [Int32](repeating: 0, count: rows + 1)
      var places = [Int32](repeating: 0, count: matrix.count)
      var values = [Float](repeating: 0, count: matrix.count)
      sparse_rows(
        matrix, Int64(rows), Int64(terms), Int64(terms), 1, &starts, &places, &values)
      #expect(Int(starts[rows]) == matrix.count { $0 != 0 })
      starts.withUnsafeBufferPointer { starts in
        places.withUnsafeBufferPointer { places in
          values.withUnsafeBufferPointer { values in
            var left = SparseRows(
              starts: starts.baseAddress, columns: places.baseAddress, values: values.baseAddress)
            kernels.add_sparse_product(
              &left, Int64(rows), right, Int64(rightStep), Int64(columns), &output,
              Int64(outputStep))
            add_sparse_product_plain(
              &left, Int64(rows), right, Int64(rightStep), Int64(columns), &plain,
              Int64(outputStep))
          }
        }
      }
      #expect(worstDifference(output, plain) < 1e-4)
    }
  }
}
