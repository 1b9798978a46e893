public import Genomics
public import Tensors

/// Normalizes the channels of each position to mean 0 and variance 1, then scales and shifts them (Ba et al. 2016):
/// `output = gain · (input - mean) / √(variance + ε) + shift`. If no positions are left, the features of each example.
public struct LayerNormalization: Layer {
  public var gain: Tensor  // [channels]
  public var shift: Tensor  // [channels]

  static let epsilon: Float = 1e-5

  public init(gain: Tensor, shift: Tensor) {
    precondition(gain.shape.rank == 1 && gain.shape == shift.shape, "\(gain.shape), \(shift.shape)")
    (self.gain, self.shift) = (gain, shift)
  }

  public init(channels: Int) {
    self.init(
      gain: Tensor(shape: [channels], scalars: [Float](repeating: 1, count: channels)),
      shift: Tensor(zeros: [channels]))
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("gain", .bias, &gain)
    try visit("shift", .bias, &shift)
  }

  /// What the backward pass needs.
  public struct Saved: Sendable {
    let input: Tensor
    let moments: RowMoments
  }

  /// - Parameter input: `[batch, …, channels]`.
  /// - Returns: The same shape.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Saved) {
    let (output, moments) = input.rowsNormalized(epsilon: Self.epsilon, scale: gain, shift: shift)
    return (output, Saved(input: input, moments: moments))
  }

  public func backward(_ gradient: Tensor, saved: Saved, wantsInput: Bool) -> LayerGradient {
    let back = gradient.rowNormalizationGradient(
      input: saved.input, moments: saved.moments, scale: gain)
    return LayerGradient(
      input: wantsInput ? back.input : nil, parameters: [back.scale, back.shift])
  }
}

extension LayerNormalization {
  /// `{"layerNormalization": {}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "layerNormalization"
    public static let example = Configuration()

    public init() {}

    public func output(after input: Extents) throws(ConfigurationError) -> Extents { input }

    public func parameterShapes(reading input: Extents) -> [Shape] {
      [[input.channels], [input.channels]]
    }

    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      LayerNormalization(channels: input.channels)
    }
  }
}

extension AnyLayerConfiguration {
  public static var layerNormalization: AnyLayerConfiguration {
    AnyLayerConfiguration(LayerNormalization.Configuration())
  }
}
