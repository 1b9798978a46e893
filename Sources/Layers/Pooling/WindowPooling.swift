public import Genomics
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
    let (output, saved) = input.pooled(
      window: window, maxima: pooling.hasMaxima, means: !pooling.hasMaxima || pooling.hasMeans)
    return (scaled(output), saved)
  }

  public func backward(_ gradient: Tensor, saved: PooledWindows, wantsInput: Bool) -> LayerGradient
  {
    LayerGradient(input: wantsInput ? scaled(gradient).poolGradient(saved) : nil)
  }

  public func multipliers(
    _ outer: Tensor, at passage: LayerPassage, from reference: LayerPassage
  ) -> Tensor {
    scaled(outer).poolMultipliers(
      at: (passage.input, own(passage.saved)), from: (reference.input, own(reference.saved)))
  }

  /// Makes sums of means.
  private func scaled(_ means: Tensor) -> Tensor {
    guard pooling == .sum, window > 1 else { return means }
    let factor = Float(window)
    return means.map { $0 * factor }
  }
}

extension WindowPooling {
  /// `{"windowPooling": {"pooling": "max", "window": 4}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "windowPooling"
    public static let example = Configuration(pooling: .max, window: 4)

    public var pooling: Pooling
    /// The number of positions that become one.
    public var window: Int

    public init(pooling: Pooling, window: Int) {
      self.pooling = pooling
      self.window = window
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      let (positions, channels) = try input.requirePositions()
      try check(window, in: Limit.width, "window")
      guard positions >= window else {
        throw ConfigurationError(
          description: "\(positions) positions are left for windows of \(window); take longer "
            + "sequences, or less pooling before it",
          isForLength: true)
      }
      return .positions(positions / window, channels: channels * pooling.featuresPerFilter)
    }

    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      WindowPooling(pooling, window: window)
    }
  }
}

extension AnyLayerConfiguration {
  public static func windowPooling(_ pooling: Pooling, window: Int) -> AnyLayerConfiguration {
    AnyLayerConfiguration(WindowPooling.Configuration(pooling: pooling, window: window))
  }
}
