internal import Kernels

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
    let rectified = [Float](count: scalars.count) { output in
      rectify(scalars, Int64(scalars.count), output)
    }
    return Tensor(shape: shape, scalars: rectified)
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
}

/// Sets each value to `max(0, value)`.
public func rectify(_ values: inout [Float]) {
  let count = Int64(values.count)
  values.withUnsafeMutableBufferPointer { values in
    guard let first = values.baseAddress else { return }
    Kernels.rectify(first, count, first)
  }
}
