public import Tensors

/// How several positions become one number a filter.
public enum Pooling: String, Codable, Sendable, CaseIterable {
  /// The largest value.
  case max
  /// The mean.
  case mean
  /// The largest value, and after all filters' maxima, the mean of each.
  case maxAndMean

  /// The number of features that come of one filter.
  public var featuresPerFilter: Int { self == .maxAndMean ? 2 : 1 }

  var hasMaxima: Bool { self != .mean }
  var hasMeans: Bool { self != .max }
}

/// Pools each filter over all positions: `WindowPooling` with one window.
public struct GlobalPooling: Layer {
  public let pooling: Pooling

  public init(_ pooling: Pooling) {
    self.pooling = pooling
  }

  /// - Parameter input: `[batch, positions, filters]`.
  /// - Returns: `[batch, filters]`, or `[batch, 2 · filters]` with means behind the maxima. Of equal
  ///   maxima the first position counts.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: PooledWindows) {
    let (output, saved) = WindowPooling(pooling, window: input.shape[1]).forward(input, in: pass)
    return (output.reshaped([output.shape[0], output.shape[2]]), saved)
  }

  public func backward(_ outputGradient: Tensor, saved: PooledWindows) -> LayerGradient {
    let (batch, features) = (outputGradient.shape[0], outputGradient.shape[1])
    return LayerGradient(
      input: outputGradient.reshaped([batch, 1, features]).poolGradient(saved))
  }
}
