/// Single-precision numbers in a rectangular layout, the last axis contiguous.
public struct Tensor: Equatable, Sendable {
  public let shape: Shape
  /// As many as the shape holds, in row-major order.
  public var scalars: [Float]

  /// - Precondition: As many scalars as the shape holds.
  public init(shape: Shape, scalars: [Float]) {
    precondition(scalars.count == shape.count, "\(scalars.count) scalars for \(shape)")
    self.shape = shape
    self.scalars = scalars
  }

  public init(zeros shape: Shape) {
    self.init(
      shape: shape,
      scalars: [Float](count: shape.count) { $0.initialize(repeating: 0, count: shape.count) })
  }

  /// Makes `[…, columns]` of the transposed matrix, `[columns][…]`.
  public init(shape: Shape, transposing scalars: [Float]) {
    precondition(scalars.count == shape.count, "\(scalars.count) scalars for \(shape)")
    self.init(zeros: shape)
    let columns = shape.lastExtent
    guard columns > 0 else { return }
    let rows = scalars.count / columns
    self.scalars.withUnsafeMutableBufferPointer { target in
      scalars.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        transpose(source, step: rows, rows: columns, columns: rows, into: target)
      }
    }
  }

  /// Stacks `count` copies of a vector: `[n]` gives `[count, n]`.
  public init(repeating row: Tensor, count: Int) {
    let width = row.scalars.count
    let scalars = [Float](count: count * width) { scalars in
      row.scalars.withUnsafeBufferPointer { row in
        for index in 0..<count {
          for column in 0..<width { scalars[index * width + column] = row[column] }
        }
      }
    }
    self.init(shape: Shape([count] + row.shape.extents), scalars: scalars)
  }

  /// The same scalars under another shape of the same count.
  public func reshaped(_ shape: Shape) -> Tensor {
    Tensor(shape: shape, scalars: scalars)
  }
}

/// Writes the transpose of `[rows, columns]`, whose rows begin every `step` numbers, `[columns, rows]`.
func transpose(
  _ source: UnsafePointer<Float>, step: Int, rows: Int, columns: Int,
  into target: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows {
    let source = source + row * step
    var place = target + row
    for column in 0..<columns {
      place.pointee = source[column]
      place += rows
    }
  }
}
