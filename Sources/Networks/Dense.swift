public import Genomics
public import Tensors

/// An affine map of features: `output = input · weight + bias`.
public struct Dense: Layer {
  public var weight: Tensor  // [inputs, outputs]
  public var bias: Tensor  // [outputs]

  public init(weight: Tensor, bias: Tensor) {
    precondition(
      weight.shape.rank == 2 && bias.shape == [weight.shape[1]], "\(weight.shape), \(bias.shape)")
    self.weight = weight
    self.bias = bias
  }

  /// Draws weights from a normal distribution of variance `2 / inputs` (He et al. 2015, eq. 10);
  /// biases are 0.
  public init(inputs: Int, outputs: Int, using random: inout RandomStream) {
    let scale = (2 / Float(inputs)).squareRoot()
    self.init(
      weight: Tensor(
        shape: [inputs, outputs],
        scalars: (0..<inputs * outputs).map { _ in Float(random.normal()) * scale }),
      bias: Tensor(zeros: [outputs]))
  }

  public mutating func updateParameters(_ update: (inout Tensor) -> Void) {
    update(&weight)
    update(&bias)
  }

  /// - Parameter input: `[batch, inputs]`.
  /// - Returns: `[batch, outputs]`, and the input, which the backward pass needs.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Tensor) {
    (input.mapped(weight: weight, bias: bias), input)
  }

  public func backward(_ outputGradient: Tensor, saved input: Tensor) -> LayerGradient {
    var inputGradient = Tensor(zeros: input.shape)
    inputGradient.addProduct(outputGradient.asIs, weight.transposed)
    var weightGradient = Tensor(zeros: weight.shape)
    weightGradient.addProduct(input.transposed, outputGradient.asIs)
    return LayerGradient(
      input: inputGradient, parameters: [weightGradient, outputGradient.summedOverRows()])
  }

  public func inputGradient(_ outputGradient: Tensor, saved: Tensor) -> Tensor {
    let (inputs, outputs) = (weight.shape[0], weight.shape[1])
    let transposed = (0..<inputs * outputs).map {
      weight.scalars[$0 % inputs * outputs + $0 / inputs]
    }
    // Not by BLAS, which sums in an order that depends on the number of rows.
    return outputGradient.mapped(
      weight: Tensor(shape: [outputs, inputs], scalars: transposed), bias: Tensor(zeros: [inputs]))
  }
}
