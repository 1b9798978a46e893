internal import Kernels

/// A matrix in the order in which products read it: for many products that have a few rows each.
public struct PackedMatrix: Sendable {
  let rows: Int
  let columns: Int
  private let scalars: AlignedArray<Float>

  public init(_ factor: MatrixFactor) {
    (rows, columns) = (factor.rows, factor.columns)
    let count = Int(packed_count(Int64(factor.rows), Int64(factor.columns)))
    scalars = AlignedArray(count: count) { packed in
      packed.initialize(repeating: 0, count: count)
      factor.scalars.withUnsafeBufferPointer { scalars in
        guard let first = scalars.baseAddress else { return }
        var strided = Strided(first, factor)
        pack_matrix(&strided, packed)
      }
    }
  }

  /// Adds the product with another matrix, `[m, rows]`, whose first row is given apart, to `[m, columns]`.
  fileprivate func addProduct(
    _ left: UnsafePointer<Float>, _ a: MatrixFactor, to sum: UnsafeMutablePointer<Float>
  ) {
    var strided = Strided(left, a)
    scalars.withUnsafePointer { add_packed_product(&strided, $0, Int64(columns), sum) }
  }
}

extension Tensor {
  /// Adds the matrix product `a · b`, `[m, k] · [k, n]`, to the `m` rows of this tensor (read as `[rows, n]`) that begin
  /// at `firstRow`. A row has the same bits whatever stands beside it.
  ///
  /// - Precondition: The extents agree.
  public mutating func addProduct(
    _ a: MatrixFactor, _ b: PackedMatrix, toRowsFrom firstRow: Int = 0
  ) {
    precondition(
      a.columns == b.rows && b.columns == shape.lastExtent
        && firstRow + a.rows <= shape.count / max(1, b.columns),
      "[\(a.rows), \(a.columns)] · [\(b.rows), \(b.columns)] added to \(shape) from \(firstRow)")
    guard a.rows > 0, a.columns > 0, b.columns > 0 else { return }
    scalars.withUnsafeMutableBufferPointer { sum in
      a.scalars.withUnsafeBufferPointer { left in
        b.addProduct(
          left.baseAddress! + a.firstRow * a.storedColumns, a,
          to: sum.baseAddress! + firstRow * b.columns)
      }
    }
  }
}
