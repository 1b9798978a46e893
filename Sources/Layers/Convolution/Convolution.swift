public import Tensors

/// A one-dimensional convolution (cross-correlation):
/// `output[n, p, f] = bias[f] + Σ_j Σ_c input[n, p · stride + j · dilation - padding, c] · weight[j, c, f]`.
public struct Convolution: Layer {
  public var weight: Tensor  // [width, channels, filters]
  public var bias: Tensor  // [filters]
  public let placement: FilterPlacement

  public init(weight: Tensor, bias: Tensor, placement: FilterPlacement = FilterPlacement()) {
    precondition(
      weight.shape.rank == 3 && bias.shape == [weight.shape[2]], "\(weight.shape), \(bias.shape)")
    self.weight = weight
    self.bias = bias
    self.placement = placement
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("weight", .weight, &weight)
    try visit("bias", .bias, &bias)
  }

  public var width: Int { weight.shape[0] }

  /// - Parameter input: `[batch, positions, channels]`, with the padding at least as long as a filter.
  /// - Returns: `[batch, outputs, filters]`, and the input.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Tensor) {
    (input.convolved(weight: weight, bias: bias, placement: placement), input)
  }

  public func backward(_ gradient: Tensor, saved input: Tensor, wantsInput: Bool) -> LayerGradient {
    let rows = gradient.reshaped([gradient.shape[0] * gradient.shape[1], bias.shape[0]])
    return LayerGradient(
      input: wantsInput ? inputGradient(gradient, saved: input) : nil,
      parameters: [
        gradient.convolutionWeightGradient(input: input, width: width, placement: placement),
        rows.summedOverRows(),
      ])
  }

  public func inputGradient(_ gradient: Tensor, saved input: Tensor) -> Tensor {
    gradient.convolutionInputGradient(
      weight: weight, positions: input.shape[1], placement: placement)
  }
}
