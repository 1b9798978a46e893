public import Genomics
public import Tensors

/// The mean of the positions, weighted by a trained score: `output = Σ_p softmax_p(x_p · weight) · x_p` (Ilse et al.
/// 2018, eq. 7, without the hidden layer).
public struct AttentionPooling: Layer {
  public var weight: Tensor  // [channels, 1]

  public init(weight: Tensor) {
    precondition(weight.shape == [weight.shape[0], 1], "\(weight.shape)")
    self.weight = weight
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("weight", .weight, &weight)
  }

  /// What the backward pass needs.
  public struct Saved: Sendable {
    let input: Tensor
    /// The weight of each position, `[batch, position]`.
    let shares: Tensor
  }

  /// - Parameter input: `[batch, positions, channels]`, of one position or more.
  /// - Returns: `[batch, channels]`.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Saved) {
    let order = pass.productOrder
    let (batch, positions, channels) = (input.shape[0], input.shape[1], input.shape[2])
    let scores = input.mapped(weight: weight, bias: Tensor(zeros: [1]), order: order)
    let shares = scores.reshaped([batch, positions]).softmaxOfRows()
    var output = Tensor(zeros: [batch, channels])
    for example in 0..<batch {
      output.addProduct(
        shares.rows(example..<example + 1), input.rows(of: example), toRowsFrom: example,
        order: order)
    }
    return (output, Saved(input: input, shares: shares))
  }

  public func backward(_ gradient: Tensor, saved: Saved, wantsInput: Bool) -> LayerGradient {
    let scores = scoreGradient(gradient, saved, order: .fastest)
    var weightGradient = Tensor(zeros: weight.shape)
    weightGradient.addProduct(saved.input.transposed, scores.asIs)
    return LayerGradient(
      input: wantsInput ? inputGradient(gradient, saved, scores, order: .fastest) : nil,
      parameters: [weightGradient])
  }

  public func inputGradient(_ gradient: Tensor, saved: Saved) -> Tensor {
    let scores = scoreGradient(gradient, saved, order: .sameForEachRow)
    return inputGradient(gradient, saved, scores, order: .sameForEachRow)
  }

  /// `[batch · position, 1]`
  private func scoreGradient(_ gradient: Tensor, _ saved: Saved, order: ProductOrder) -> Tensor {
    var shares = Tensor(zeros: saved.shares.shape)
    for example in 0..<shares.shape[0] {
      shares.addProduct(
        gradient.rows(example..<example + 1), saved.input.rows(of: example).transposed,
        toRowsFrom: example, order: order)
    }
    return shares.softmaxGradient(of: saved.shares).reshaped([saved.shares.shape.count, 1])
  }

  private func inputGradient(
    _ gradient: Tensor, _ saved: Saved, _ scores: Tensor, order: ProductOrder
  ) -> Tensor {
    let positions = saved.input.shape[1]
    var flow = Tensor(zeros: saved.input.shape)
    flow.addProduct(scores.asIs, weight.transposed, order: order)
    for example in 0..<saved.input.shape[0] {
      flow.addProduct(
        saved.shares.rows(example..<example + 1).transposed, gradient.rows(example..<example + 1),
        toRowsFrom: example * positions, order: order)
    }
    return flow
  }
}

extension AttentionPooling {
  /// `{"attentionPooling": {}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "attentionPooling"
    public static let example = Configuration()

    public init() {}

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      let (positions, channels) = try input.requirePositions()
      try checkForPositions(positions)
      return .vector(channels)
    }

    public func parameterShapes(reading input: Extents) -> [Shape] { [[input.channels, 1]] }

    public func multiplyAdds(reading input: Extents) -> Int {
      let (product, overflow) = input.count.multipliedReportingOverflow(by: 2)
      return overflow ? .max : product
    }

    /// Draws weights from a normal distribution of variance `1 / channels`.
    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      AttentionPooling(
        weight: Tensor(
          normal: [input.channels, 1], scale: (1 / Float(input.channels)).squareRoot(),
          using: &random))
    }
  }
}

extension Tensor {
  /// The positions of an example.
  fileprivate func rows(of example: Int) -> MatrixFactor {
    rows(example * shape[1]..<(example + 1) * shape[1])
  }
}

extension AnyLayerConfiguration {
  public static var attentionPooling: AnyLayerConfiguration {
    AnyLayerConfiguration(AttentionPooling.Configuration())
  }
}
