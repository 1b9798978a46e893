public import Genomics
public import Tensors

/// Divides features among positions, the inverse of `Flatten`: a decoder begins so.
public struct Unflatten: AffineLayer {
  /// The number of positions.
  public let positions: Int

  public init(positions: Int) {
    self.positions = positions
  }

  /// - Parameter input: `[batch, positions · channels]`.
  /// - Returns: `[batch, positions, channels]`, and the input's shape.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Shape) {
    (input.reshaped([input.shape[0], positions, input.shape[1] / positions]), input.shape)
  }

  public func backward(_ gradient: Tensor, saved inputShape: Shape, wantsInput: Bool)
    -> LayerGradient
  {
    LayerGradient(input: gradient.reshaped(inputShape))
  }
}

/// `{"unflatten": {"positions": 26}}`
extension Unflatten: LayerConfiguration {
  public static let kind = "unflatten"
  public static let example = Unflatten(positions: 26)

  public func output(after input: Extents) throws(ConfigurationError) -> Extents {
    let features = try input.requireVector()
    try check(positions, in: Limit.units, "positions")
    guard features % positions == 0 else {
      throw ConfigurationError(
        description: "positions is \(positions), which doesn't divide \(features) features")
    }
    return .positions(positions, channels: features / positions)
  }

  public func multiplyAdds(reading input: Extents) -> Int { 0 }

  public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
    self
  }
}

extension AnyLayerConfiguration {
  public static func unflatten(positions: Int) -> AnyLayerConfiguration {
    AnyLayerConfiguration(Unflatten(positions: positions))
  }
}
