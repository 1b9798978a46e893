internal import Kernels

/// The mean and the variance of each column.
public struct ColumnMoments: Equatable, Sendable {
  public var mean: Tensor  // [columns]
  /// The mean squared distance to the mean.
  public var variance: Tensor  // [columns]

  public init(mean: Tensor, variance: Tensor) {
    precondition(
      mean.shape.rank == 1 && mean.shape == variance.shape, "\(mean.shape), \(variance.shape)")
    (self.mean, self.variance) = (mean, variance)
  }

  /// `1 / √(variance + epsilon)`.
  fileprivate func inverseDeviations(_ epsilon: Float) -> [Float] {
    variance.scalars.map { 1 / ($0 + epsilon).squareRoot() }
  }
}

/// Normalisation of columns (Ioffe & Szegedy 2015): `[…, columns]` is read as `[rows, columns]`.
extension Tensor {
  /// - Precondition: There is a row.
  public func columnMoments() -> ColumnMoments {
    let columns = shape.lastExtent
    precondition(shape.count > 0, "moments of \(shape)")
    var (mean, variance) = (Tensor(zeros: [columns]), Tensor(zeros: [columns]))
    column_moments(
      scalars, Int64(shape.count / columns), Int64(columns), &mean.scalars, &variance.scalars)
    return ColumnMoments(mean: mean, variance: variance)
  }

  /// `scale · (x - mean) / √(variance + epsilon) + shift` of each column.
  ///
  /// - Parameters:
  ///   - scale: `[columns]`; so is `shift`.
  public func normalized(by moments: ColumnMoments, epsilon: Float, scale: Tensor, shift: Tensor)
    -> Tensor
  {
    let columns = shape.lastExtent
    precondition(
      moments.mean.shape == [columns] && scale.shape == [columns] && shift.shape == [columns],
      "\(shape) by \(moments.mean.shape), \(scale.shape), \(shift.shape)")
    let factors = zip(scale.scalars, moments.inverseDeviations(epsilon)).map { $0 * $1 }
    let output = [Float](count: shape.count) { output in
      withNormalization(moments.mean.scalars, factors, shift.scalars) { map in
        normalize(&map, scalars, Int64(shape.count / columns), output)
      }
    }
    return Tensor(shape: shape, scalars: output)
  }

  /// The gradients of a loss with respect to what `normalized` read, from that with respect to its output.
  ///
  /// - Parameters:
  ///   - input: What was normalised.
  ///   - throughMoments: Whether the moments are those of `input`, and change with it.
  public func normalizationGradient(
    input: Tensor, moments: ColumnMoments, epsilon: Float, scale: Tensor, throughMoments: Bool
  ) -> (input: Tensor, scale: Tensor, shift: Tensor) {
    let columns = shape.lastExtent
    precondition(
      shape == input.shape && shape.count > 0 && moments.mean.shape == [columns]
        && scale.shape == [columns], "\(shape) of \(input.shape), \(scale.shape)")
    let rows = shape.count / columns
    var (sums, products) = (Tensor(zeros: [columns]), Tensor(zeros: [columns]))
    moment_products(
      scalars, input.scalars, moments.mean.scalars, Int64(rows), Int64(columns), &sums.scalars,
      &products.scalars)
    let inverse = moments.inverseDeviations(epsilon)
    let scaleGradient = zip(products.scalars, inverse).map { $0 * $1 }
    // s (g - mean g - x̂ · mean (g · x̂)), where s = scale / deviation and x̂ = (x - mean) / deviation.
    let factors = zip(scale.scalars, inverse).map { $0 * $1 }
    let share = throughMoments ? 1 / Float(rows) : 0
    let slopes = (0..<columns).map { -factors[$0] * share * scaleGradient[$0] * inverse[$0] }
    let shifts = (0..<columns).map { -factors[$0] * share * sums.scalars[$0] }
    let inputGradient = [Float](count: shape.count) { output in
      withNormalization(moments.mean.scalars, factors, shifts) { map in
        normalize_gradient(&map, slopes, scalars, input.scalars, Int64(rows), output)
      }
    }
    return (
      Tensor(shape: shape, scalars: inputGradient),
      Tensor(shape: [columns], scalars: scaleGradient), sums
    )
  }
}

private func withNormalization(
  _ mean: [Float], _ scale: [Float], _ shift: [Float], _ body: (inout Normalization) -> Void
) {
  mean.withUnsafeBufferPointer { mean in
    scale.withUnsafeBufferPointer { scale in
      shift.withUnsafeBufferPointer { shift in
        var map = Normalization(
          mean: mean.baseAddress, scale: scale.baseAddress, shift: shift.baseAddress,
          columns: Int64(mean.count))
        body(&map)
      }
    }
  }
}
