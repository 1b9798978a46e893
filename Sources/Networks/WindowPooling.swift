public import Tensors

/// Pools each filter over each `window` positions; a last partial window is dropped.
public struct WindowPooling: Layer {
  public let pooling: Pooling
  public let window: Int

  public init(_ pooling: Pooling, window: Int) {
    precondition(window > 0, "a window of \(window)")
    self.pooling = pooling
    self.window = window
  }

  /// - Parameter input: `[batch, positions, filters]`.
  /// - Returns: `[batch, windows, filters]`, or `[batch, windows, 2 · filters]` with means behind the
  ///   maxima. Of equal maxima the first position counts.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: PooledWindows) {
    input.pooled(window: window, maxima: pooling.hasMaxima, means: pooling.hasMeans)
  }

  public func backward(_ outputGradient: Tensor, saved: PooledWindows) -> LayerGradient {
    LayerGradient(input: outputGradient.poolGradient(saved))
  }
}
