public import Tensors

/// The sigmoid linear unit, also called swish: `x / (1 + e^-x)` (Elfwing et al. 2018); in JSON `{"silu": {}}`.
public struct SiLU: FunctionActivation {
  public static let kind = "silu"
  public static let function = ElementFunction.silu

  public init() {}
}

extension AnyLayerConfiguration {
  public static var silu: AnyLayerConfiguration { AnyLayerConfiguration(SiLU()) }
}
