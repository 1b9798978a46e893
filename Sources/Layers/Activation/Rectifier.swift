public import Tensors

/// `max(0, x)`; in JSON `{"rectifier": {}}`.
public struct Rectifier: FeatureActivation {
  public static let kind = "rectifier"

  public init() {}

  public func values(_ input: Tensor) -> Tensor { input.rectified() }

  /// In the input's place.
  public func output(of input: consuming Tensor, in pass: Pass) -> Tensor {
    var features = input
    rectify(&features.scalars)
    return features
  }

  public func flow(_ gradient: Tensor, _ trace: ActivationTrace) -> Tensor {
    gradient.masked(byPositive: trace.values)
  }
}

extension AnyLayerConfiguration {
  public static var rectifier: AnyLayerConfiguration { AnyLayerConfiguration(Rectifier()) }
}
