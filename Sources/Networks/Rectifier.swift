public import Tensors

/// `max(0, x)` of each feature.
public struct Rectifier: Layer {
  public init() {}

  /// - Parameter input: Any shape.
  /// - Returns: The same shape, and the output, whose zeros stop the gradient.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Tensor) {
    let output = input.rectified()
    return (output, output)
  }

  public func backward(_ outputGradient: Tensor, saved output: Tensor) -> LayerGradient {
    LayerGradient(input: outputGradient.masked(byPositive: output))
  }
}
