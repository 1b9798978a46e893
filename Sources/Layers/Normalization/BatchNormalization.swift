public import Genomics
public import Tensors

/// Normalizes each channel to mean 0 and variance 1 over examples and positions, then scales and shifts it
/// (Ioffe & Szegedy 2015): `output = gain · (input - mean) / √(variance + ε) + shift`.
///
/// In training mean and variance are those of the shard (ghost batch normalization; Hoffer et al. 2017), so
/// that the result doesn't depend on how a batch was cut; in inference they are running means.
public struct BatchNormalization: AffineLayer {
  public var gain: Tensor  // [channels]
  public var shift: Tensor  // [channels]
  public var mean: Tensor  // [channels]
  public var variance: Tensor  // [channels]
  /// The weight of a new batch in the running means.
  public let momentum: Float

  static let epsilon: Float = 1e-5

  public init(channels: Int, momentum: Float = 0.1) {
    let ones = Tensor(shape: [channels], scalars: [Float](repeating: 1, count: channels))
    (gain, variance) = (ones, ones)
    (shift, mean) = (Tensor(zeros: [channels]), Tensor(zeros: [channels]))
    self.momentum = momentum
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("gain", .bias, &gain)
    try visit("shift", .bias, &shift)
    try visit("mean", .statistic, &mean)
    try visit("variance", .statistic, &variance)
  }

  /// What the backward pass needs.
  public struct Saved: Sendable {
    let input: Tensor
    let moments: ColumnMoments
    /// Whether the moments are those of the shard, and change with the input.
    let isShard: Bool
  }

  /// - Parameter input: `[batch, …, channels]`, not empty.
  /// - Returns: The same shape.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Saved) {
    var saved = Saved(
      input: input, moments: ColumnMoments(mean: mean, variance: variance), isShard: false)
    // One row has no variance.
    if pass.training != nil, input.scalars.count > gain.scalars.count {
      saved = Saved(input: input, moments: input.columnMoments(), isShard: true)
    }
    let output = input.normalized(
      by: saved.moments, epsilon: Self.epsilon, scale: gain, shift: shift)
    return (output, saved)
  }

  public func backward(_ gradient: Tensor, saved: Saved, wantsInput: Bool) -> LayerGradient {
    let back = gradient.normalizationGradient(
      input: saved.input, moments: saved.moments, epsilon: Self.epsilon, scale: gain,
      throughMoments: saved.isShard)
    return LayerGradient(
      input: wantsInput ? back.input : nil, parameters: [back.scale, back.shift],
      statistics: statistics(of: saved))
  }

  /// Mean and variance of a shard; the variance is that of the population which it was drawn from.
  private func statistics(of saved: Saved) -> [Tensor] {
    guard saved.isShard else { return [mean, variance] }
    let rows = Float(saved.input.scalars.count / max(1, gain.scalars.count))
    let unbiased = rows / max(1, rows - 1)
    return [saved.moments.mean, saved.moments.variance.map { $0 * unbiased }]
  }

  /// Moves the running means towards those of a batch.
  public mutating func settle(_ statistics: [Tensor]) {
    func moved(_ running: Tensor, _ new: Tensor) -> Tensor {
      Tensor(
        shape: running.shape,
        scalars: zip(running.scalars, new.scalars).map { $0 + momentum * ($1 - $0) })
    }
    mean = moved(mean, statistics[0])
    variance = moved(variance, statistics[1])
  }
}

extension BatchNormalization {
  /// `{"batchNormalization": {}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "batchNormalization"
    public static let example = Configuration(momentum: 0.1)
    public static let joinsExamples = true

    /// The weight of a new batch in the running means; by default 0.1.
    public var momentum: Float?

    public init(momentum: Float? = nil) {
      self.momentum = momentum
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      guard (momentum ?? 1) > 0, (momentum ?? 1) <= 1 else {
        throw ConfigurationError(
          description: "momentum is \(momentum ?? 0); take above 0, at most 1")
      }
      return input
    }

    public func parameterShapes(reading input: Extents) -> [Shape] {
      [Shape](repeating: [input.channels], count: 4)
    }

    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      BatchNormalization(channels: input.channels, momentum: momentum ?? 0.1)
    }
  }
}

extension AnyLayerConfiguration {
  public static func batchNormalization(momentum: Float? = nil) -> AnyLayerConfiguration {
    AnyLayerConfiguration(BatchNormalization.Configuration(momentum: momentum))
  }
}
