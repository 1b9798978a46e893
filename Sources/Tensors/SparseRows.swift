internal import Kernels

/// The numbers of a matrix that aren't 0, row by row.
struct SparseRows {
  private let starts: [Int32]
  private let columns: [Int32]
  private let values: [Float]

  /// The numbers of a matrix whose rows begin every `rowStep` numbers, and its columns every `columnStep`.
  init(
    _ matrix: UnsafePointer<Float>, rows: Int, by rowStep: Int, columns: Int, by columnStep: Int
  ) {
    var starts = [Int32](repeating: 0, count: rows + 1)
    var places = [Int32](repeating: 0, count: rows * columns)
    values = [Float](count: rows * columns) { values in
      sparse_rows(
        matrix, Int64(rows), Int64(rowStep), Int64(columns), Int64(columnStep), &starts, &places,
        values)
    }
    (self.starts, self.columns) = (starts, places)
  }

  /// Adds the product with a matrix to rows of `count` numbers; those of the matrix and of the output may overlap.
  func addProduct(
    with right: UnsafePointer<Float>, by rightStep: Int, count: Int,
    to output: UnsafeMutablePointer<Float>, by outputStep: Int
  ) {
    starts.withUnsafeBufferPointer { starts in
      columns.withUnsafeBufferPointer { columns in
        values.withUnsafeBufferPointer { values in
          var rows = Kernels.SparseRows(
            starts: starts.baseAddress, columns: columns.baseAddress, values: values.baseAddress)
          add_sparse_product(
            &rows, Int64(starts.count - 1), right, Int64(rightStep), Int64(count), output,
            Int64(outputStep))
        }
      }
    }
  }
}
