public import Tensors

/// The logistic function, `1 / (1 + e^-x)`; in JSON `{"sigmoid": {}}`.
public struct Sigmoid: Activation {
  public static let kind = "sigmoid"

  public init() {}

  public func values(_ input: Tensor) -> Tensor { input.map { sigmoid($0) } }

  public func flow(_ gradient: Tensor, _ trace: ActivationTrace) -> Tensor {
    gradient * trace.values.map { $0 * (1 - $0) }
  }
}

extension AnyLayerConfiguration {
  public static var sigmoid: AnyLayerConfiguration { AnyLayerConfiguration(Sigmoid()) }
}
