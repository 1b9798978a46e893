public import Tensors

/// The logistic function, `1 / (1 + e^-x)`; in JSON `{"sigmoid": {}}`.
public struct Sigmoid: FunctionActivation {
  public static let kind = "sigmoid"
  public static let function = ElementFunction.sigmoid

  public init() {}
}

extension AnyLayerConfiguration {
  public static var sigmoid: AnyLayerConfiguration { AnyLayerConfiguration(Sigmoid()) }
}
