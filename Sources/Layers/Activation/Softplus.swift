public import Tensors

/// `log(1 + e^x)`; in JSON `{"softplus": {}}`.
public struct Softplus: FunctionActivation {
  public static let kind = "softplus"
  public static let function = ElementFunction.softplus

  public init() {}
}

extension AnyLayerConfiguration {
  public static var softplus: AnyLayerConfiguration { AnyLayerConfiguration(Softplus()) }
}
