public import Tensors

/// `e^x`; in JSON `{"exponential": {}}`.
public struct Exponential: FunctionActivation {
  public static let kind = "exponential"
  public static let function = ElementFunction.exponential

  public init() {}
}

extension AnyLayerConfiguration {
  public static var exponential: AnyLayerConfiguration { AnyLayerConfiguration(Exponential()) }
}
