internal import Kernels

extension MotifTables {
  /// Completes the features of windows that are read between unknown bases: `features` holds what the
  /// positions inside each window make, and gets what those make that reach past its ends.
  ///
  /// - Parameters:
  ///   - padding: The number of unknown bases on either side of each window; less than `width`.
  ///   - codes: Those of all windows, each of `length` and one base on from the one before.
  ///   - length: `width` or more.
  ///   - features: `[rows, filters]`, convolutions' maxima, which come out as 0 or more; or
  ///     `[rows, 2 · filters]` with sums of rectified convolutions behind them. Window `i` has row
  ///     `firstRow + i`.
  public func addPadding(
    _ padding: Int, toWindowsOf codes: [UInt8], length: Int, features: inout Tensor, firstRow: Int
  ) {
    let (count, stride) = (codes.count - length + 1, features.shape[1])
    let withSums = stride == 2 * filterCount
    precondition(
      0..<width ~= padding && length >= width && count > 0 && (withSums || stride == filterCount)
        && firstRow + count <= features.shape[0],
      "padding of \(padding), windows of \(length) in \(codes.count) bases to row \(firstRow) of "
        + "\(features.shape)")
    let scratchCount = motif_padding_scratch_count(Int64(count), Int32(width))
    withUnsafeTemporaryAllocation(of: Float.self, capacity: scratchCount) { scratch in
      withKernelArguments(codes: codes, offsets: [0, Int64(codes.count)]) { batch, filters, _ in
        features.scalars.withUnsafeMutableBufferPointer { features in
          let maximum = features.baseAddress! + firstRow * stride
          var windows = PaddedWindows(
            codes: batch.codes, count: Int64(count), length: Int64(length), padding: Int32(padding))
          motif_pool_padding(
            &windows, &filters, scratch.baseAddress!, Int64(stride), maximum,
            withSums ? maximum + filterCount : nil)
        }
      }
    }
  }
}
