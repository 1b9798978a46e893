public import Genomics
public import Tensors

/// Lays the positions of an example side by side, so that the layer behind holds weights for each.
public struct Flatten: AffineLayer {
  public init() {}

  /// - Parameter input: `[batch, positions, channels]`.
  /// - Returns: `[batch, positions · channels]`, and the input's shape.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Shape) {
    (input.reshaped([input.shape[0], input.shape[1] * input.shape[2]]), input.shape)
  }

  public func backward(_ gradient: Tensor, saved inputShape: Shape, wantsInput: Bool)
    -> LayerGradient
  {
    LayerGradient(input: gradient.reshaped(inputShape))
  }
}

/// `{"flatten": {}}`
extension Flatten: LayerConfiguration {
  public static let kind = "flatten"
  public static let example = Flatten()
  public static let readsOneLength = true

  public func output(after input: Extents) throws(ConfigurationError) -> Extents {
    _ = try input.requirePositions()
    return .vector(input.count)
  }

  public func multiplyAdds(reading input: Extents) -> Int { 0 }

  public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
    self
  }
}

extension AnyLayerConfiguration {
  public static var flatten: AnyLayerConfiguration { AnyLayerConfiguration(Flatten()) }
}
