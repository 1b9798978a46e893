public import Genomics
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
    combined(with: other) { mask_positive($0, $1, $2, $3) }
  }

  /// The product of the corresponding scalars of two tensors of the same shape.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    a.combined(with: b) { multiply_each($0, $1, $2, $3) }
  }

  /// Adds a tensor of the same shape.
  public static func += (sum: inout Tensor, addend: Tensor) {
    precondition(sum.shape == addend.shape, "\(addend.shape) added to \(sum.shape)")
    add_each(addend.scalars, Int64(sum.scalars.count), &sum.scalars)
  }

  private func combined(
    with other: Tensor,
    _ combine: (
      UnsafePointer<Float>, UnsafePointer<Float>, Int64, UnsafeMutablePointer<Float>
    ) -> Void
  ) -> Tensor {
    precondition(shape == other.shape, "\(other.shape) combined with \(shape)")
    let combined = [Float](count: scalars.count) { output in
      combine(scalars, other.scalars, Int64(scalars.count), output)
    }
    return Tensor(shape: shape, scalars: combined)
  }

  /// Factors that drop features at random: 0 at the chance `rate`, and otherwise what keeps the mean.
  ///
  /// - Parameters:
  ///   - shape: `[rows, …]`.
  ///   - stream: The random numbers of each row, one a feature.
  public init(
    dropping rate: Float, shape: Shape, using stream: (_ row: Int) -> RandomStream
  ) {
    let features = shape.count / max(1, shape[0])
    // A uniform number, a multiple of 2⁻²⁴, is below the rate.
    let (limit, kept) = (rate * 0x1p24, 1 / (1 - rate))
    let factors = [Float](count: shape.count) { factors in
      for row in 0..<(features > 0 ? shape[0] : 0) {
        var random = stream(row)
        for feature in row * features..<(row + 1) * features {
          factors[feature] = Float(random.next() >> 40) < limit ? 0 : kept
        }
      }
    }
    self.init(shape: shape, scalars: factors)
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

extension [Float] {
  /// Adds rows of another array, each column times a factor of its own.
  ///
  /// - Precondition: As many numbers, in whole rows.
  public mutating func addRows(_ rows: [Float], times factors: [Float]) {
    precondition(
      rows.count == count && count % factors.count == 0,
      "\(rows.count) numbers in rows of \(factors.count) added to \(count)")
    add_scaled(rows, Int64(count / factors.count), factors, Int64(factors.count), &self)
  }
}
