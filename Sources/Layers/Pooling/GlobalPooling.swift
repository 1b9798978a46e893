public import Genomics
public import Tensors

/// Pools each filter over all positions: `WindowPooling` with one window.
public struct GlobalPooling: Layer {
  public let pooling: Pooling
  /// The factor of means, which are small beside maxima.
  public let meanScale: Float

  public init(_ pooling: Pooling, meanScale: Float = 1) {
    self.pooling = pooling
    self.meanScale = meanScale
  }

  /// - Parameter input: `[batch, positions, filters]`.
  /// - Returns: `[batch, filters]`, or `[batch, 2 · filters]` with means behind the maxima. Of equal
  ///   maxima the first position counts.
  public func forward(_ input: Tensor, in pass: Pass)
    -> (output: Tensor, saved: PooledWindows)
  {
    let (windows, saved) = WindowPooling(pooling, window: input.shape[1]).forward(input, in: pass)
    var output = windows.reshaped([windows.shape[0], windows.shape[2]])
    if meanScale != 1 { output.scaleColumns(meanColumns(filters: input.shape[2]), by: meanScale) }
    return (output, saved)
  }

  public func backward(_ gradient: Tensor, saved: PooledWindows, wantsInput: Bool)
    -> LayerGradient
  {
    WindowPooling(pooling, window: saved.inputShape[1]).backward(
      windows(gradient, saved), saved: saved, wantsInput: wantsInput)
  }

  public func multipliers(
    _ outer: Tensor, at passage: LayerPassage, from reference: LayerPassage
  ) -> Tensor {
    let saved = own(passage.saved)
    return windows(outer, saved).poolMultipliers(
      at: (passage.input, saved), from: (reference.input, own(reference.saved)))
  }

  /// What flows back to the only window, before means are scaled.
  private func windows(_ gradient: Tensor, _ saved: PooledWindows) -> Tensor {
    var gradient = gradient
    if meanScale != 1 {
      gradient.scaleColumns(meanColumns(filters: saved.inputShape[2]), by: meanScale)
    }
    return gradient.reshaped([gradient.shape[0], 1, gradient.shape[1]])
  }

  private func meanColumns(filters: Int) -> Range<Int> {
    pooling.hasMaxima ? filters..<filters * pooling.featuresPerFilter : 0..<filters
  }
}

extension GlobalPooling {
  /// `{"globalPooling": {"pooling": "maxAndMean", "meanScale": 4}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "globalPooling"
    public static let example = Configuration(pooling: .maxAndMean, meanScale: 4)

    public var pooling: Pooling
    /// The factor of means; by default 1.
    public var meanScale: Float?

    public init(pooling: Pooling, meanScale: Float? = nil) {
      self.pooling = pooling
      self.meanScale = meanScale
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      let (positions, channels) = try input.requirePositions()
      if let meanScale {
        guard pooling.hasMeans else {
          throw ConfigurationError(description: "meanScale without means; leave it out")
        }
        guard meanScale > 0, meanScale.isFinite else {
          throw ConfigurationError(description: "meanScale is \(meanScale); take above 0")
        }
      }
      try checkForPositions(positions)
      return .vector(channels * pooling.featuresPerFilter)
    }

    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      GlobalPooling(pooling, meanScale: meanScale ?? 1)
    }
  }
}

extension AnyLayerConfiguration {
  public static func globalPooling(_ pooling: Pooling, meanScale: Float? = nil)
    -> AnyLayerConfiguration
  {
    AnyLayerConfiguration(GlobalPooling.Configuration(pooling: pooling, meanScale: meanScale))
  }
}
