public import Genomics
public import Tensors

/// An affine map of features: `output = input · weight + bias`.
public struct Dense: AffineLayer {
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
      weight: Tensor(normal: [inputs, outputs], scale: scale, using: &random),
      bias: Tensor(zeros: [outputs]))
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("weight", .weight, &weight)
    try visit("bias", .bias, &bias)
  }

  /// - Parameter input: `[batch, inputs]`.
  /// - Returns: `[batch, outputs]`, and the input, which the backward pass needs.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Tensor) {
    (input.mapped(weight: weight, bias: bias), input)
  }

  public func backward(_ gradient: Tensor, saved input: Tensor, wantsInput: Bool) -> LayerGradient {
    var inputGradient: Tensor?
    if wantsInput {
      var sum = Tensor(zeros: input.shape)
      sum.addProduct(gradient.asIs, weight.transposed)
      inputGradient = sum
    }
    var weightGradient = Tensor(zeros: weight.shape)
    weightGradient.addProduct(input.transposed, gradient.asIs)
    return LayerGradient(
      input: inputGradient, parameters: [weightGradient, gradient.summedOverRows()])
  }

  public func inputGradient(_ gradient: Tensor, saved: Tensor) -> Tensor {
    let (inputs, outputs) = (weight.shape[0], weight.shape[1])
    // Not by BLAS, which sums in an order that depends on the number of rows.
    return gradient.mapped(
      weight: Tensor(shape: [outputs, inputs], transposing: weight.scalars),
      bias: Tensor(zeros: [inputs]))
  }
}

extension Dense {
  /// `{"dense": {"units": 32}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "dense"
    public static let example = Configuration(units: 32)

    /// The number of outputs.
    public var units: Int

    public init(units: Int) {
      self.units = units
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      _ = try input.requireVector()
      try check(units, in: Limit.units, "units")
      return .vector(units)
    }

    public func parameterShapes(reading input: Extents) -> [Shape] {
      [[input.count, units], [units]]
    }

    public func multiplyAdds(reading input: Extents) -> Int { input.count * units }

    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      Dense(inputs: input.count, outputs: units, using: &random)
    }
  }
}

extension AnyLayerConfiguration {
  public static func dense(units: Int) -> AnyLayerConfiguration {
    AnyLayerConfiguration(Dense.Configuration(units: units))
  }
}
