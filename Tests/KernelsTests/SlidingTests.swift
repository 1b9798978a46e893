import Kernels
import Testing

@Suite struct SlidingTests {
  /// Whole vectors of lanes, and columns that leave some out, in wider rows.
  @Test(arguments: KernelLevel.allCases, [1, 2, 3, 10, 57, 99, 100])
  func slidesAsTheDefinition(level: KernelLevel, window: Int) throws {
    let kernels = try level.kernels()
    for columns in [16, 37, 48] { check(kernels, window: window, columns: columns) }
  }

  private func check(_ kernels: KernelSet, window: Int, columns: Int) {
    let (count, lanes, stride) = (100, (columns + 15) / 16 * 16, Int64(columns + 3))
    let input = randomNumbers(count * lanes)
    var scratch = [Float](repeating: .nan, count: window * 16)
    var maxima = [Float](repeating: 7, count: (count - window + 1) * Int(stride))
    var sums = maxima
    var (plainMaxima, plainSums) = (maxima, sums)
    input.withUnsafeBufferPointer { input in
      var rows = SlidingRows(
        values: input.baseAddress, count: Int64(count), lanes: Int32(lanes), window: Int64(window))
      kernels.sliding_maximum(&rows, &scratch, &maxima, Int32(columns), stride)
      kernels.sliding_sum(&rows, &scratch, &sums, Int32(columns), stride)
      sliding_maximum_plain(&rows, &plainMaxima, Int32(columns), stride)
      sliding_sum_plain(&rows, &plainSums, Int32(columns), stride)
    }
    #expect(maxima == plainMaxima)
    #expect(worstDifference(sums, plainSums) < 1e-5)
  }
}
