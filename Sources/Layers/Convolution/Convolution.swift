public import Tensors

/// A one-dimensional convolution (cross-correlation) without padding:
/// `output[n, p, f] = bias[f] + Σ_j Σ_c input[n, p + j, c] · weight[j, c, f]`.
public struct Convolution: Layer {
  public var weight: Tensor  // [width, channels, filters]
  public var bias: Tensor  // [filters]

  /// The positions from one output to the next.
  public let stride: Int
  /// The positions from one tap to the next.
  public let dilation: Int
  /// The zeros that are read before and behind the positions.
  public let padding: Int

  public init(weight: Tensor, bias: Tensor, stride: Int = 1, dilation: Int = 1, padding: Int = 0) {
    precondition(
      weight.shape.rank == 3 && bias.shape == [weight.shape[2]], "\(weight.shape), \(bias.shape)")
    precondition(stride > 0 && dilation > 0 && padding >= 0, "\(stride), \(dilation), \(padding)")
    self.weight = weight
    self.bias = bias
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("weight", .weight, &weight)
    try visit("bias", .bias, &bias)
  }

  public var width: Int { weight.shape[0] }

  /// - Parameter input: `[batch, length, channels]`, `length >= width`.
  /// - Returns: `[batch, length - width + 1, filters]`, and the input.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Tensor) {
    let (count, length) = (input.shape[0], input.shape[1])
    let positions = length - width + 1
    precondition(positions > 0, "\(length) positions under a filter of width \(width)")
    var output = Tensor(repeating: bias, count: count * positions)
      .reshaped([count, positions, bias.shape[0]])
    for example in 0..<count {
      for tap in 0..<width {
        let first = example * length + tap
        output.addProduct(
          input.rows(first..<first + positions), weightRows(of: tap),
          toRowsFrom: example * positions)
      }
    }
    return (output, input)
  }

  public func backward(_ gradient: Tensor, saved input: Tensor, wantsInput: Bool) -> LayerGradient {
    let (length, positions) = (input.shape[1], gradient.shape[1])
    let channels = input.shape[2]
    var inputGradient = Tensor(zeros: input.shape)
    var weightGradient = Tensor(zeros: weight.shape)
    for example in 0..<input.shape[0] {
      let own = gradient.rows(example * positions..<(example + 1) * positions)
      for tap in 0..<width {
        let first = example * length + tap
        if wantsInput {
          inputGradient.addProduct(own, weightRows(of: tap).transposed, toRowsFrom: first)
        }
        weightGradient.addProduct(
          input.rows(first..<first + positions).transposed, own, toRowsFrom: tap * channels)
      }
    }
    let rows = gradient.reshaped([input.shape[0] * positions, bias.shape[0]])
    return LayerGradient(
      input: wantsInput ? inputGradient : nil,
      parameters: [weightGradient, rows.summedOverRows()])
  }

  /// The weights of one tap, `[channels, filters]`.
  private func weightRows(of tap: Int) -> MatrixFactor {
    let channels = weight.shape[1]
    return weight.rows(tap * channels..<(tap + 1) * channels)
  }
}
