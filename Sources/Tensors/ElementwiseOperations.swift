extension Tensor {
  /// Applies a function to each scalar.
  @inlinable
  public func map(_ transform: (Float) -> Float) -> Tensor {
    var result = self
    result.scalars.withUnsafeMutableBufferPointer { scalars in
      for index in scalars.indices { scalars[index] = transform(scalars[index]) }
    }
    return result
  }

  /// `max(0, x)` of each scalar.
  public func rectified() -> Tensor {
    map { $0 > 0 ? $0 : 0 }
  }

  /// The scalars where those of another tensor of the same shape are above 0, and 0 elsewhere.
  public func masked(byPositive other: Tensor) -> Tensor {
    combined(with: other) { $1 > 0 ? $0 : 0 }
  }

  /// The product of the corresponding scalars of two tensors of the same shape.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    a.combined(with: b) { $0 * $1 }
  }

  /// Adds a tensor of the same shape.
  public static func += (sum: inout Tensor, addend: Tensor) {
    sum.combine(with: addend) { $0 + $1 }
  }

  @inline(__always)
  private func combined(with other: Tensor, _ combine: (Float, Float) -> Float) -> Tensor {
    var result = self
    result.combine(with: other, combine)
    return result
  }

  @inline(__always)
  private mutating func combine(with other: Tensor, _ combine: (Float, Float) -> Float) {
    precondition(shape == other.shape, "\(other.shape) combined with \(shape)")
    scalars.withUnsafeMutableBufferPointer { own in
      other.scalars.withUnsafeBufferPointer { other in
        for index in own.indices { own[index] = combine(own[index], other[index]) }
      }
    }
  }

  /// Copies `[rows, lanes]` into this matrix, `[rows, columns]`: the first lanes of each row, times a
  /// factor, to the columns from `column` on of the rows from `firstRow` on.
  ///
  /// - Precondition: The copied block lies inside the matrix.
  public mutating func copyColumns(
    _ count: Int, of source: [Float], lanes: Int, times factor: Float, toRow firstRow: Int,
    column: Int
  ) {
    let (rows, columns) = (source.count / lanes, shape[1])
    precondition(
      count <= lanes && column + count <= columns && firstRow + rows <= shape[0],
      "\(rows) rows of \(count) columns copied to row \(firstRow), column \(column) of \(shape)")
    scalars.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        for row in 0..<rows {
          let first = (firstRow + row) * columns + column
          for index in 0..<count { target[first + index] = source[row * lanes + index] * factor }
        }
      }
    }
  }
}
