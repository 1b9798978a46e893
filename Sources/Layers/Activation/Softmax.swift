public import Tensors

/// Makes shares of the channels of each position, `e^x / Σ e^x`, or of an example's features if no positions are left;
/// in JSON `{"softmax": {}}`.
public struct Softmax: Activation {
  public static let kind = "softmax"

  public init() {}

  public func values(_ input: Tensor) -> Tensor { input.softmaxOfRows() }

  public func flow(_ gradient: Tensor, _ trace: ActivationTrace) -> Tensor {
    gradient.softmaxGradient(of: trace.values)
  }
}

extension AnyLayerConfiguration {
  public static var softmax: AnyLayerConfiguration { AnyLayerConfiguration(Softmax()) }
}
