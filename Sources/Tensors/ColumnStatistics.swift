// Operations on the columns of a tensor, `[…, columns]` read as `[rows, columns]`.

extension Tensor {
  private var rowsAndColumns: (rows: Int, columns: Int) {
    let columns = shape.lastExtent
    return (columns == 0 ? 0 : scalars.count / columns, columns)
  }

  /// The mean and the variance (the mean squared difference from the mean) of each column.
  public func columnStatistics() -> (mean: [Float], variance: [Float]) {
    let (rows, columns) = rowsAndColumns
    let share = 1 / Float(max(1, rows))
    let mean = columnSums().map { $0 * share }
    var squares = [Float](repeating: 0, count: columns)
    scalars.withUnsafeBufferPointer { scalars in
      for row in 0..<rows {
        for column in 0..<columns {
          let difference = scalars[row * columns + column] - mean[column]
          squares[column] += difference * difference
        }
      }
    }
    return (mean, squares.map { $0 * share })
  }

  /// The sum of each column.
  public func columnSums() -> [Float] {
    let (rows, columns) = rowsAndColumns
    return reshaped([rows, columns]).summedOverRows().scalars
  }

  /// `scale · x + shift` of each scalar, by its column's scale and shift.
  public func mappingColumns(by scale: [Float], adding shift: [Float]) -> Tensor {
    let (rows, columns) = rowsAndColumns
    precondition(scale.count == columns && shift.count == columns, "\(scale.count) of \(shape)")
    var result = self
    result.scalars.withUnsafeMutableBufferPointer { scalars in
      for row in 0..<rows {
        for column in 0..<columns {
          let index = row * columns + column
          scalars[index] = scale[column] * scalars[index] + shift[column]
        }
      }
    }
    return result
  }
}
