/// Consecutive rows of a tensor as a factor of a matrix product.
public struct MatrixFactor {
  let scalars: [Float]
  let firstRow: Int
  let storedRows: Int
  let storedColumns: Int
  let isTransposed: Bool

  var rows: Int { isTransposed ? storedColumns : storedRows }
  var columns: Int { isTransposed ? storedRows : storedColumns }

  /// The transpose.
  public var transposed: MatrixFactor {
    MatrixFactor(
      scalars: scalars, firstRow: firstRow, storedRows: storedRows, storedColumns: storedColumns,
      isTransposed: !isTransposed)
  }
}

extension Tensor {
  /// The tensor as a matrix whose columns are the last axis: `[…, n]` is `[rows, n]`.
  public var asIs: MatrixFactor { rows(0..<matrixRowCount) }

  /// The transpose of `asIs`: `[…, n]` is `[n, rows]`.
  public var transposed: MatrixFactor { asIs.transposed }

  /// Some rows of `asIs`.
  public func rows(_ range: Range<Int>) -> MatrixFactor {
    precondition(range.upperBound <= matrixRowCount, "rows \(range) of \(shape)")
    return MatrixFactor(
      scalars: scalars, firstRow: range.lowerBound, storedRows: range.count,
      storedColumns: matrixColumnCount, isTransposed: false)
  }

  private var matrixColumnCount: Int { shape.lastExtent }
  private var matrixRowCount: Int {
    matrixColumnCount == 0 ? shape.extents.dropLast().reduce(1, *) : shape.count / matrixColumnCount
  }

  /// Adds the matrix product `a · b`, `[m, k] · [k, n]`, to the `m` rows of this tensor (read as
  /// `[rows, n]`) that begin at `firstRow`.
  ///
  /// - Precondition: The extents agree.
  public mutating func addProduct(
    _ a: MatrixFactor, _ b: MatrixFactor, toRowsFrom firstRow: Int = 0,
    order: ProductOrder = .fastest
  ) {
    let columns = matrixColumnCount
    precondition(
      a.columns == b.rows && b.columns == columns && firstRow + a.rows <= matrixRowCount,
      "[\(a.rows), \(a.columns)] · [\(b.rows), \(b.columns)] added to \(shape) from \(firstRow)")
    guard a.rows > 0, columns > 0, a.columns > 0 else { return }
    scalars.withUnsafeMutableBufferPointer { sum in
      a.scalars.withUnsafeBufferPointer { left in
        b.scalars.withUnsafeBufferPointer { right in
          let left = left.baseAddress! + a.firstRow * a.storedColumns
          let right = right.baseAddress! + b.firstRow * b.storedColumns
          let sum = sum.baseAddress! + firstRow * columns
          if order == .sameForEachRow {
            addStridedProduct(left, a, right, b, to: sum)
          } else if a.rows * a.columns * columns <= narrowProductLimit {
            addNarrowProduct(left, a, right, b, to: sum)
          } else {
            OpenBLAS.shared.addProduct(left, a, right, b, sum)
          }
        }
      }
    }
  }
}

/// The order in which the terms of a product's sums are added.
public enum ProductOrder: Sendable {
  /// What is fastest. The last bits of a row may depend on the number of rows.
  case fastest
  /// One that gives a row the same bits whatever stands beside it, as inference needs it.
  case sameForEachRow
}

/// How many multiplications are too few for OpenBLAS, which then spends more on packing.
private let narrowProductLimit = 1 << 17
