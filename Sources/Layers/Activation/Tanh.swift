public import Tensors

/// The hyperbolic tangent, `tanh x`; in JSON `{"tanh": {}}`.
public struct Tanh: FunctionActivation {
  public static let kind = "tanh"
  public static let function = ElementFunction.tanh

  public init() {}
}

extension AnyLayerConfiguration {
  public static var tanh: AnyLayerConfiguration { AnyLayerConfiguration(Tanh()) }
}
