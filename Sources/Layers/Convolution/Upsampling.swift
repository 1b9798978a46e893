public import Genomics
public import Tensors

/// Repeats each position: the nearest one of the input stands at each position of the output.
public struct Upsampling: AffineLayer {
  /// How often a position is repeated.
  public let factor: Int

  public init(factor: Int) {
    precondition(factor > 0, "a factor of \(factor)")
    self.factor = factor
  }

  /// - Parameter input: `[batch, positions, channels]`.
  /// - Returns: `[batch, positions · factor, channels]`, and the shape of the input.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Shape) {
    (input.repeatingPositions(factor), input.shape)
  }

  public func backward(_ gradient: Tensor, saved inputShape: Shape, wantsInput: Bool)
    -> LayerGradient
  {
    let sums = WindowPooling(.sum, window: factor).forward(gradient, in: .inference).output
    return LayerGradient(input: wantsInput ? sums : nil)
  }
}

/// `{"upsampling": {"factor": 2}}`
extension Upsampling: LayerConfiguration {
  public static let kind = "upsampling"
  public static let example = Upsampling(factor: 2)

  public func output(after input: Extents) throws(ConfigurationError) -> Extents {
    let (positions, channels) = try input.requirePositions()
    try check(factor, in: Limit.width, "factor")
    try check(positions, in: 0...Limit.length, "the number of positions")
    return .positions(positions * factor, channels: channels)
  }

  public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
    self
  }
}

extension AnyLayerConfiguration {
  public static func upsampling(factor: Int) -> AnyLayerConfiguration {
    AnyLayerConfiguration(Upsampling(factor: factor))
  }
}
