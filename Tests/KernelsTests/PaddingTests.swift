import Kernels
import Testing

@Suite struct PaddingTests {
  /// Windows as long as the filters and longer, alone, as many as the padding, and many.
  @Test(arguments: KernelLevel.allCases, [(1, 1), (3, 2), (17, 4), (16, 5), (5, 7), (33, 24)])
  func completesWindowsAsTheDefinition(
    level: KernelLevel, shape: (filters: Int, width: Int)
  ) throws {
    let kernels = try level.kernels()
    for length in [shape.width, shape.width + 1, shape.width * 3 / 2 + 3] {
      for padding in Set([0, 1, 3, shape.width - 2, shape.width - 1])
      where 0..<shape.width ~= padding {
        for count in [1, 2, shape.width, 50] {
          check(kernels, shape, count: count, length: length, padding: padding)
        }
      }
    }
  }

  private func check(
    _ kernels: KernelSet, _ shape: (filters: Int, width: Int), count: Int, length: Int,
    padding: Int
  ) {
    for (unknownShare, withSums) in [(0.0, false), (0.1, true), (1, true)] {
      let input = RandomInput(
        filters: shape.filters, width: shape.width, lengths: [count + length - 1],
        unknownShare: unknownShare)
      // What the positions inside the windows make, either side of 0; what lies between rows must stay.
      let stride = shape.filters + 3
      let inside = randomNumbers(count * stride)
      var (maximum, sum, plainMaximum, plainSum) = (inside, inside, inside, inside)
      var scratch = [Float](
        repeating: .nan, count: motif_padding_scratch_count(Int64(count), Int32(shape.width)))
      input.run(kernels) { batch, filters, _ in
        var windows = PaddedWindows(
          codes: batch.pointee.codes, count: Int64(count), length: Int64(length),
          padding: Int32(padding))
        func run(_ sum: UnsafeMutablePointer<Float>?, _ plainSum: UnsafeMutablePointer<Float>?) {
          kernels.motif_pool_padding(&windows, filters, &scratch, Int64(stride), &maximum, sum)
          motif_pool_padding_plain(&windows, filters, Int64(stride), &plainMaximum, plainSum)
        }
        if withSums { run(&sum, &plainSum) } else { run(nil, nil) }
      }
      #expect(worstDifference(rectified(maximum), rectified(plainMaximum)) < 2e-5)
      #expect(worstDifference(sum, plainSum) < 2e-5)
    }
  }

  private func rectified(_ values: [Float]) -> [Float] { values.map { max(0, $0) } }
}
