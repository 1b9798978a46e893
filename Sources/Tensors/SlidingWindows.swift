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

  /// Sets the first values of each row of this matrix to `max(0, value + bias)`.
  public mutating func addBiasAndRectify(_ bias: [Float]) {
    let (rows, stride) = (shape[0], shape[1])
    precondition(bias.count <= stride, "\(bias.count) biases for \(shape)")
    add_bias_and_rectify(&scalars, Int64(rows), Int32(bias.count), Int64(stride), bias)
  }

  /// Multiplies the columns from `firstColumn` on by a factor.
  public mutating func scaleColumns(from firstColumn: Int, by factor: Float) {
    let columns = shape[1]
    scalars.withUnsafeMutableBufferPointer { scalars in
      for row in 0..<shape[0] {
        for index in row * columns + firstColumn..<(row + 1) * columns { scalars[index] *= factor }
      }
    }
  }
}

/// Sets each value of `[rows, lanes]` to `max(0, value + bias)`.
public func addBiasAndRectify(_ values: inout [Float], bias: [Float]) {
  add_bias_and_rectify(
    &values, Int64(values.count / bias.count), Int32(bias.count), Int64(bias.count), bias)
}
