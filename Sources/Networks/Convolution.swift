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

  /// Draws weights from a normal distribution of variance `2 / (width · channels)` (He et al.
  /// 2015, eq. 10); biases are 0.
  public init(
    width: Int, channels: Int, filters: Int, placement: FilterPlacement = FilterPlacement(),
    using random: inout RandomStream
  ) {
    let scale = (2 / Float(width * channels)).squareRoot()
    self.init(
      weight: Tensor(
        shape: [width, channels, filters],
        scalars: (0..<width * channels * filters).map { _ in Float(random.normal()) * scale }),
      bias: Tensor(zeros: [filters]), placement: placement)
  }

  public mutating func updateParameters(_ update: (inout Tensor) -> Void) {
    update(&weight)
    update(&bias)
  }

  public var width: Int { weight.shape[0] }

  /// - Parameter input: `[batch, positions, channels]`, with the padding at least as long as a filter.
  /// - Returns: `[batch, outputs, filters]`, and the input.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Tensor) {
    (input.convolved(weight: weight, bias: bias, placement: placement), input)
  }

  public func backward(_ outputGradient: Tensor, saved input: Tensor) -> LayerGradient {
    let rows = outputGradient.reshaped([
      outputGradient.shape[0] * outputGradient.shape[1], bias.shape[0],
    ])
    return LayerGradient(
      input: inputGradient(outputGradient, saved: input),
      parameters: [
        outputGradient.convolutionWeightGradient(
          input: input, width: width, placement: placement),
        rows.summedOverRows(),
      ])
  }

  public func inputGradient(_ outputGradient: Tensor, saved input: Tensor) -> Tensor {
    outputGradient.convolutionInputGradient(
      weight: weight, positions: input.shape[1], placement: placement)
  }
}
