public import Tensors

/// Lays the positions of an example side by side, so that the layer behind holds weights for each.
public struct Flatten: Layer {
  public init() {}

  /// - Parameter input: `[batch, positions, channels]`.
  /// - Returns: `[batch, positions · channels]`, and the input's shape.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Shape) {
    (input.reshaped([input.shape[0], input.shape[1] * input.shape[2]]), input.shape)
  }

  public func backward(_ outputGradient: Tensor, saved inputShape: Shape) -> LayerGradient {
    LayerGradient(input: outputGradient.reshaped(inputShape))
  }
}
