internal import Kernels

/// A matrix that is read in place: its rows and its columns are counted through two axes each, the
/// second one the faster, so that overlapping windows are rows without being copied.
struct StridedMatrix {
  let scalars: [Float]
  /// The index of the first row's first number.
  var first = 0
  let rows: (outer: Axis, inner: Axis)
  let columns: (outer: Axis, inner: Axis)

  private func withStrided<Result>(_ body: (inout Strided) -> Result) -> Result {
    scalars.withUnsafeBufferPointer { scalars in
      var strided = Strided(
        values: scalars.baseAddress! + first, rows: (rows.outer, rows.inner),
        columns: (columns.outer, columns.inner))
      return body(&strided)
    }
  }

  /// The product with `right`, whose columns have one axis, the inner one, plus `start` in each row.
  ///
  /// A row has the same bits whatever stands beside it.
  /// - Precondition: The columns have the axes' counts of the rows of `right`, none of them 0.
  func multiplied(by right: StridedMatrix, startingFrom start: [Float]) -> [Float] {
    let rowCount = Int(rows.outer.count * rows.inner.count)
    return [Float](count: rowCount * start.count) {
      multiply(by: right, startingFrom: start, into: $0)
    }
  }

  /// The same, written to a place.
  func multiply(
    by right: StridedMatrix, startingFrom start: [Float], into output: UnsafeMutablePointer<Float>
  ) {
    precondition(
      columns.outer.count == right.rows.outer.count && columns.inner.count == right.rows.inner.count
        && Int(right.columns.inner.count) == start.count)
    withProductScratch { scratch in
      withStrided { left in
        right.withStrided { right in Kernels.multiply(&left, &right, start, scratch, output) }
      }
    }
  }
}

extension Axis {
  /// `count` steps of `step` numbers each.
  init(_ count: Int, by step: Int) {
    self.init(count: Int64(count), step: Int64(step))
  }

  /// An axis of one place.
  static var single: Axis { Axis(1, by: 0) }
}

/// Adds a matrix product, `[m, k] · [k, n]`, to `sum`, the factors' first rows given apart. A row has the same bits
/// whatever stands beside it.
func addStridedProduct(
  _ left: UnsafePointer<Float>, _ a: MatrixFactor, _ right: UnsafePointer<Float>,
  _ b: MatrixFactor, to sum: UnsafeMutablePointer<Float>
) {
  var (first, second) = (Strided(left, a), Strided(right, b))
  withProductScratch { multiply(&first, &second, nil, $0, sum) }
}

extension Strided {
  /// - Parameter values: The factor's first row.
  init(_ values: UnsafePointer<Float>, _ factor: MatrixFactor) {
    let (row, column) = factor.isTransposed ? (1, factor.storedColumns) : (factor.storedColumns, 1)
    self.init(
      values: values, rows: (.single, Axis(factor.rows, by: row)),
      columns: (.single, Axis(factor.columns, by: column)))
  }
}

private func withProductScratch<Result>(_ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
  withUnsafeTemporaryAllocation(
    byteCount: Int(PRODUCT_SCRATCH) * MemoryLayout<Float>.stride, alignment: Int(MOTIF_ALIGNMENT)
  ) { body($0.bindMemory(to: Float.self).baseAddress!) }
}
