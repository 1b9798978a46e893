internal import Kernels

/// How the rows of a window are combined into one.
public enum SlidingReduction: Sendable {
  case maximum, sum
}

extension Tensor {
  /// Combines each `window` consecutive rows of `[count, lanes]`, and writes the first `columns` lanes
  /// of the `count - window + 1` results from `firstRow` and `firstColumn` of this matrix on.
  ///
  /// The cost a row doesn't depend on the window (van Herk 1992), and sums don't drift.
  /// - Precondition: `1 <= window <= count`; whole rows of `lanes`, a multiple of 16; the results lie
  ///   inside the matrix.
  public mutating func slide(
    _ reduction: SlidingReduction, over rows: [Float], lanes: Int, window: Int, columns: Int,
    toRow firstRow: Int, column firstColumn: Int
  ) {
    let count = rows.count / lanes
    precondition(
      rows.count == count * lanes && lanes % Int(MOTIF_LANES) == 0 && 1 <= window
        && window <= count && columns <= lanes && firstColumn + columns <= shape[1]
        && firstRow + count - window + 1 <= shape[0],
      "windows of \(window) over \(count) rows of \(lanes) to row \(firstRow) of \(shape)")
    let stride = shape[1]
    withUnsafeTemporaryAllocation(of: Float.self, capacity: window * Int(MOTIF_LANES)) { scratch in
      rows.withUnsafeBufferPointer { rows in
        scalars.withUnsafeMutableBufferPointer { output in
          var rows = SlidingRows(
            values: rows.baseAddress, count: Int64(count), lanes: Int32(lanes),
            window: Int64(window))
          let run = reduction == .maximum ? sliding_maximum : sliding_sum
          run(
            &rows, scratch.baseAddress!, output.baseAddress! + firstRow * stride + firstColumn,
            Int32(columns), Int64(stride))
        }
      }
    }
  }

  /// Multiplies some columns by a factor.
  public mutating func scaleColumns(_ columns: Range<Int>, by factor: Float) {
    let stride = shape[1]
    precondition(columns.upperBound <= stride, "columns \(columns) of \(shape)")
    scalars.withUnsafeMutableBufferPointer { scalars in
      for row in 0..<shape[0] {
        for column in columns { scalars[row * stride + column] *= factor }
      }
    }
  }
}
