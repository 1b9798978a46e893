public import Tensors

/// The Gaussian error linear unit, `x · Φ(x)`, with `Φ` the distribution function of the standard normal
/// distribution (Hendrycks & Gimpel 2016); the exact form, PyTorch's default; in JSON `{"gelu": {}}`.
public struct GELU: FunctionActivation {
  public static let kind = "gelu"
  public static let function = ElementFunction.gelu

  public init() {}
}

extension AnyLayerConfiguration {
  public static var gelu: AnyLayerConfiguration { AnyLayerConfiguration(GELU()) }
}
