internal import Kernels

/// How the rows of a window are combined into one.
public enum SlidingReduction: Sendable {
  case maximum, sum
}

/// Combines each `window` consecutive rows: `[count, lanes]` gives `[count - window + 1, lanes]`.
///
/// The cost a row doesn't depend on the window (van Herk 1992), and sums don't drift.
/// - Precondition: `1 <= window <= count`, for whole rows of `lanes`.
public func slide(
  _ reduction: SlidingReduction, over rows: [Float], lanes: Int, window: Int,
  into output: inout [Float]
) {
  let count = rows.count / lanes
  precondition(rows.count == count * lanes && 1 <= window && window <= count, "window of \(window)")
  let outputCount = (count - window + 1) * lanes
  if output.count != outputCount { output = [Float](repeating: 0, count: outputCount) }
  withUnsafeTemporaryAllocation(of: Float.self, capacity: window * lanes) { scratch in
    let run = reduction == .maximum ? sliding_maximum : sliding_sum
    run(rows, Int64(count), Int32(lanes), Int64(window), scratch.baseAddress!, &output)
  }
}

/// Sets each value of `[rows, lanes]` to `max(0, value + bias)`.
public func addBiasAndRectify(_ values: inout [Float], bias: [Float]) {
  let rows = values.count / bias.count
  add_bias_and_rectify(&values, Int64(rows), Int32(bias.count), bias)
}
