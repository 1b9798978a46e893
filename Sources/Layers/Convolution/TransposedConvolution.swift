public import Tensors

/// A one-dimensional transposed convolution, the adjoint of a convolution: each position adds its channels' filters to
/// the output, `output[n, p · stride + j · dilation - padding, f] += Σ_c input[n, p, c] · weight[j, f, c]`, plus `bias[f]`.
public struct TransposedConvolution: AffineLayer {
  public var weight: Tensor  // [width, filters, channels]
  public var bias: Tensor  // [filters]
  public let placement: FilterPlacement

  public init(weight: Tensor, bias: Tensor, placement: FilterPlacement = FilterPlacement()) {
    precondition(
      weight.shape.rank == 3 && bias.shape == [weight.shape[1]]
        && placement.padding <= placement.dilation * (weight.shape[0] - 1),
      "\(weight.shape), \(bias.shape), \(placement)")
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

  /// - Parameter input: `[batch, positions, channels]`.
  /// - Returns: `[batch, (positions - 1) · stride + dilation · (width - 1) + 1 - 2 · padding, filters]`, and the input.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Tensor) {
    let outputs = placement.inputCount(outputs: input.shape[1], width: weight.shape[0])
    let sums = input.convolutionInputGradient(
      weight: weight, positions: outputs, placement: placement)
    return (sums.addingToRows(bias), input)
  }

  public func backward(_ gradient: Tensor, saved input: Tensor, wantsInput: Bool) -> LayerGradient {
    let weightGradient = input.convolutionWeightGradient(
      input: gradient, width: weight.shape[0], placement: placement)
    let rows = gradient.reshaped([gradient.shape[0] * gradient.shape[1], bias.shape[0]])
    return LayerGradient(
      input: wantsInput ? inputGradient(gradient, saved: input) : nil,
      parameters: [weightGradient, rows.summedOverRows()])
  }

  public func inputGradient(_ gradient: Tensor, saved input: Tensor) -> Tensor {
    gradient.convolved(
      weight: weight, bias: Tensor(zeros: [weight.shape[2]]), placement: placement)
  }
}
