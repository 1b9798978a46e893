internal import Kernels

/// Functions of each row: `[…, columns]` is read as `[rows, columns]`. A row has the same bits whatever stands beside it.
extension Tensor {
  private var rowCounts: (rows: Int64, columns: Int64) {
    let columns = shape.lastExtent
    return (Int64(columns == 0 ? 0 : shape.count / columns), Int64(columns))
  }

  /// `e^x / Σ e^x`, the sum over the row.
  public func softmaxOfRows() -> Tensor {
    let (rows, columns) = rowCounts
    let shares = [Float](count: shape.count) { softmax_rows(scalars, rows, columns, $0) }
    return Tensor(shape: shape, scalars: shares)
  }

  /// The gradient of a loss with respect to what `softmaxOfRows` read, from that with respect to its result.
  public func softmaxGradient(of shares: Tensor) -> Tensor {
    precondition(shape == shares.shape, "\(shape) of \(shares.shape)")
    let (rows, columns) = rowCounts
    let flow = [Float](count: shape.count) {
      softmax_rows_gradient(shares.scalars, scalars, rows, columns, $0)
    }
    return Tensor(shape: shape, scalars: flow)
  }
}

/// The mean of each row, and one over the square root of its variance and a small number.
public struct RowMoments: Sendable {
  fileprivate let mean: [Float]
  fileprivate let inverse: [Float]
}

/// Normalisation of rows (Ba et al. 2016).
extension Tensor {
  /// `scale · (x - mean) / √(variance + epsilon) + shift`, mean and variance those of the row.
  ///
  /// - Parameters:
  ///   - scale: `[columns]`; so is `shift`.
  /// - Returns: The same shape, and what the gradient needs.
  public func rowsNormalized(epsilon: Float, scale: Tensor, shift: Tensor) -> (
    output: Tensor, moments: RowMoments
  ) {
    let (rows, columns) = rowCounts
    precondition(
      scale.shape == [Int(columns)] && shift.shape == scale.shape,
      "\(shape) by \(scale.shape), \(shift.shape)")
    var (mean, inverse) = ([Float](repeating: 0, count: Int(rows)), [Float]())
    inverse = mean
    let output = [Float](count: shape.count) {
      normalize_rows(
        scalars, rows, columns, epsilon, scale.scalars, shift.scalars, &mean, &inverse, $0)
    }
    return (
      Tensor(shape: shape, scalars: output), RowMoments(mean: mean, inverse: inverse)
    )
  }

  /// The gradients of a loss with respect to what `rowsNormalized` read, from that with respect to its output.
  ///
  /// - Parameter input: What was normalised.
  public func rowNormalizationGradient(input: Tensor, moments: RowMoments, scale: Tensor) -> (
    input: Tensor, scale: Tensor, shift: Tensor
  ) {
    precondition(shape == input.shape, "\(shape) of \(input.shape)")
    let (rows, columns) = rowCounts
    var (scaleGradient, shiftGradient) = (Tensor(zeros: scale.shape), Tensor(zeros: scale.shape))
    let flow = [Float](count: shape.count) {
      normalize_rows_gradient(
        input.scalars, scalars, rows, columns, moments.mean, moments.inverse, scale.scalars, $0,
        &scaleGradient.scalars, &shiftGradient.scalars)
    }
    return (Tensor(shape: shape, scalars: flow), scaleGradient, shiftGradient)
  }
}
