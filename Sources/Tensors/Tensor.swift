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
    self.init(shape: shape, scalars: [Float](repeating: 0, count: shape.count))
  }

  /// Stacks `count` copies of a vector: `[n]` gives `[count, n]`.
  public init(repeating row: Tensor, count: Int) {
    var scalars = [Float]()
    scalars.reserveCapacity(count * row.scalars.count)
    for _ in 0..<count { scalars += row.scalars }
    self.init(shape: Shape([count] + row.shape.extents), scalars: scalars)
  }

  /// The same scalars under another shape of the same count.
  public func reshaped(_ shape: Shape) -> Tensor {
    Tensor(shape: shape, scalars: scalars)
  }

  /// The sum over the first axis: `[n, …]` gives `[…]`.
  public func summedOverRows() -> Tensor {
    var sum = Tensor(zeros: Shape(Array(shape.extents.dropFirst())))
    let width = sum.scalars.count
    sum.scalars.withUnsafeMutableBufferPointer { sum in
      scalars.withUnsafeBufferPointer { scalars in
        for row in 0..<shape[0] {
          for column in 0..<width { sum[column] += scalars[row * width + column] }
        }
      }
    }
    return sum
  }
}
