public import Genomics
public import Tensors

/// A one-dimensional convolution (cross-correlation) without padding:
/// `output[n, p, f] = bias[f] + Σ_j Σ_c input[n, p + j, c] · weight[j, c, f]`.
public struct Convolution: Layer {
  public var weight: Tensor  // [width, channels, filters]
  public var bias: Tensor  // [filters]

  public init(weight: Tensor, bias: Tensor) {
    precondition(
      weight.shape.rank == 3 && bias.shape == [weight.shape[2]], "\(weight.shape), \(bias.shape)")
    self.weight = weight
    self.bias = bias
  }

  /// Draws weights from a normal distribution of variance `2 / (width · channels)` (He et al.
  /// 2015, eq. 10); biases are 0.
  public init(width: Int, channels: Int, filters: Int, using random: inout RandomStream) {
    let scale = (2 / Float(width * channels)).squareRoot()
    self.init(
      weight: Tensor(
        shape: [width, channels, filters],
        scalars: (0..<width * channels * filters).map { _ in Float(random.normal()) * scale }),
      bias: Tensor(zeros: [filters]))
  }

  public mutating func updateParameters(_ update: (inout Tensor) -> Void) {
    update(&weight)
    update(&bias)
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

  public func backward(_ outputGradient: Tensor, saved input: Tensor) -> LayerGradient {
    let (length, positions) = (input.shape[1], outputGradient.shape[1])
    let channels = input.shape[2]
    var inputGradient = Tensor(zeros: input.shape)
    var weightGradient = Tensor(zeros: weight.shape)
    for example in 0..<input.shape[0] {
      let gradient = outputGradient.rows(example * positions..<(example + 1) * positions)
      for tap in 0..<width {
        let first = example * length + tap
        inputGradient.addProduct(gradient, weightRows(of: tap).transposed, toRowsFrom: first)
        weightGradient.addProduct(
          input.rows(first..<first + positions).transposed, gradient, toRowsFrom: tap * channels)
      }
    }
    let rows = outputGradient.reshaped([input.shape[0] * positions, bias.shape[0]])
    return LayerGradient(
      input: inputGradient, parameters: [weightGradient, rows.summedOverRows()])
  }

  /// The weights of one tap, `[channels, filters]`.
  private func weightRows(of tap: Int) -> MatrixFactor {
    let channels = weight.shape[1]
    return weight.rows(tap * channels..<(tap + 1) * channels)
  }
}
