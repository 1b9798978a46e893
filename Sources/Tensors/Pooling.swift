internal import Kernels

/// What `pooled` leaves for the gradient.
public struct PooledWindows: Sendable {
  /// `[batch, positions, channels]`.
  public let inputShape: Shape
  let window: Int
  /// Whether the output holds the maxima, and behind them or alone the means.
  let hasMaxima: Bool
  let hasMeans: Bool
  /// The position in its window of each maximum, `[batch, window, channel]`; empty without maxima.
  let winners: [Int32]

  private var windows: Int { inputShape[1] / window }
  var features: Int { inputShape[2] * (hasMaxima && hasMeans ? 2 : 1) }
  var outputShape: Shape { [inputShape[0], windows, features] }
  var rows: PooledRows {
    PooledRows(
      count: Int64(inputShape[0]), positions: Int64(inputShape[1]), columns: Int64(inputShape[2]),
      window: Int64(window))
  }
  /// The first of a row's means.
  var meansStart: Int { features - inputShape[2] }
}

extension Tensor {
  /// Pools each channel over each `window` positions; a last partial window is dropped.
  ///
  /// - Parameters:
  ///   - maxima: Whether to give the largest value; of equal ones the first position counts.
  ///   - means: Whether to give the mean, behind the maxima.
  /// - Returns: `[batch, windows, channels]`, or `[batch, windows, 2 · channels]` for both, of
  ///   `[batch, positions, channels]`; and what the gradient needs.
  public func pooled(window: Int, maxima: Bool, means: Bool) -> (
    output: Tensor, saved: PooledWindows
  ) {
    precondition(shape.rank == 3 && window > 0 && (maxima || means), "\(shape) by \(window)")
    func saving(_ winners: [Int32]) -> PooledWindows {
      PooledWindows(
        inputShape: shape, window: window, hasMaxima: maxima, hasMeans: means, winners: winners)
    }
    let plan = saving([])
    let outputShape = plan.outputShape
    let channels = shape[2]
    var output = Tensor(zeros: outputShape)
    guard outputShape.count > 0 else { return (output, plan) }
    var rows = plan.rows
    let winners = [Int32](count: maxima ? outputShape[0] * outputShape[1] * channels : 1) {
      winners in
      winners[0] = 0
      output.scalars.withUnsafeMutableBufferPointer { output in
        let first = output.baseAddress!
        pool_rows(
          &rows, scalars, Int64(plan.features), maxima ? first : nil, winners,
          means ? first + plan.meansStart : nil)
      }
    }
    return (output, saving(maxima ? winners : []))
  }

  /// The gradient of a loss with respect to the input of `pooled`, from that with respect to its output.
  public func poolGradient(_ saved: PooledWindows) -> Tensor {
    poolGradient(saved, withMaxima: saved.hasMaxima)
  }

  /// - Parameter withMaxima: Whether the gradient of the maxima flows too.
  func poolGradient(_ saved: PooledWindows, withMaxima: Bool) -> Tensor {
    precondition(shape == saved.outputShape, "\(shape) of \(saved.outputShape)")
    guard shape.count > 0 else { return Tensor(zeros: saved.inputShape) }
    var rows = saved.rows
    let gradient = [Float](count: saved.inputShape.count) { gradient in
      scalars.withUnsafeBufferPointer { own in
        let first = own.baseAddress!
        pool_gradient(
          &rows, Int64(saved.features), saved.winners, withMaxima ? first : nil,
          saved.hasMeans ? first + saved.meansStart : nil, gradient)
      }
    }
    return Tensor(shape: saved.inputShape, scalars: gradient)
  }
}
