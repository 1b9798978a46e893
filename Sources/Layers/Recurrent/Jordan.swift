public import Genomics
public import Tensors

/// A recurrent network that remembers its outputs (Jordan 1986), not its hidden states:
/// `h = tanh(input · inputWeight + y' · recurrentWeight + bias)`, `y = tanh(h · outputWeight + outputBias)`, where `y'` is
/// the output of the position before, 0 at the first.
public struct Jordan: Layer {
  public var inputWeight: Tensor  // [channels, units]
  public var recurrentWeight: Tensor  // [outputs, units]
  public var bias: Tensor  // [units]
  public var outputWeight: Tensor  // [units, outputs]
  public var outputBias: Tensor  // [outputs]
  public let output: RecurrentOutput

  public init(
    inputWeight: Tensor, recurrentWeight: Tensor, bias: Tensor, outputWeight: Tensor,
    outputBias: Tensor, output: RecurrentOutput = .all
  ) {
    let (units, outputs) = (bias.shape[0], outputBias.shape[0])
    precondition(
      inputWeight.shape.lastExtent == units && recurrentWeight.shape == [outputs, units]
        && outputWeight.shape == [units, outputs],
      "\(inputWeight.shape), \(recurrentWeight.shape), \(outputWeight.shape)")
    (self.inputWeight, self.recurrentWeight, self.bias) = (inputWeight, recurrentWeight, bias)
    (self.outputWeight, self.outputBias, self.output) = (outputWeight, outputBias, output)
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("inputWeight", .weight, &inputWeight)
    try visit("recurrentWeight", .weight, &recurrentWeight)
    try visit("bias", .bias, &bias)
    try visit("outputWeight", .weight, &outputWeight)
    try visit("outputBias", .bias, &outputBias)
  }

  /// What the backward pass needs, positions outermost.
  public struct Saved: Sendable {
    let input: Tensor  // [position, batch, channel]
    var hidden: [Tensor]  // [batch, unit] of each position
    var outputs: [Tensor]  // [batch, output] of each position
  }

  /// - Parameter input: `[batch, positions, channels]`, of one position or more.
  /// - Returns: `[batch, positions, outputs]`, or the last position's, `[batch, outputs]`.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Saved) {
    let order = pass.productOrder
    let input = input.swappingFirstAxes()
    let sums = input.mapped(weight: inputWeight, bias: bias, order: order)
    var saved = Saved(input: input, hidden: [], outputs: [])
    for position in 0..<input.shape[0] {
      var sum = sums.row(position)
      if let before = saved.outputs.last {
        sum.addProduct(before.asIs, recurrentWeight.asIs, order: order)
      }
      let hidden = sum.applying(.tanh)
      let made = hidden.mapped(weight: outputWeight, bias: outputBias, order: order)
      saved.hidden.append(hidden)
      saved.outputs.append(made.applying(.tanh))
    }
    return (output.reading(Tensor(stacking: saved.outputs)), saved)
  }

  public func backward(_ gradient: Tensor, saved: Saved, wantsInput: Bool) -> LayerGradient {
    let flow = flow(gradient, saved, order: .fastest)
    let count = saved.hidden.count
    var parameters = [inputWeight, recurrentWeight, bias, outputWeight, outputBias]
      .map { Tensor(zeros: $0.shape) }
    parameters[0].addProduct(saved.input.transposed, Tensor(stacking: flow.sums).asIs)
    for position in 0..<count {
      if position > 0 {
        parameters[1].addProduct(saved.outputs[position - 1].transposed, flow.sums[position].asIs)
      }
      parameters[2] += flow.sums[position].summedOverRows()
      parameters[3].addProduct(saved.hidden[position].transposed, flow.outputSums[position].asIs)
      parameters[4] += flow.outputSums[position].summedOverRows()
    }
    return LayerGradient(
      input: wantsInput ? inputGradient(flow, order: .fastest) : nil, parameters: parameters)
  }

  public func inputGradient(_ gradient: Tensor, saved: Saved) -> Tensor {
    inputGradient(flow(gradient, saved, order: .sameForEachRow), order: .sameForEachRow)
  }

  /// The gradients of what goes into the two functions, `[batch, unit]` and `[batch, output]` of each position.
  private typealias Flow = (sums: [Tensor], outputSums: [Tensor])

  private func flow(_ gradient: Tensor, _ saved: Saved, order: ProductOrder) -> Flow {
    let outer = output.hiddenGradient(gradient, positions: saved.hidden.count)
    var (sums, outputSums): ([Tensor], [Tensor]) = ([], [])
    for position in saved.hidden.indices.reversed() {
      var flow = outer.row(position)
      if let behind = sums.last {
        flow.addProduct(behind.asIs, recurrentWeight.transposed, order: order)
      }
      let made = saved.outputs[position]
      // The slope of tanh follows from its value alone.
      let outputSum = flow.gradient(through: .tanh, of: made, values: made)
      let hidden = saved.hidden[position]
      var hiddenFlow = Tensor(zeros: hidden.shape)
      hiddenFlow.addProduct(outputSum.asIs, outputWeight.transposed, order: order)
      sums.append(hiddenFlow.gradient(through: .tanh, of: hidden, values: hidden))
      outputSums.append(outputSum)
    }
    return (sums.reversed(), outputSums.reversed())
  }

  private func inputGradient(_ flow: Flow, order: ProductOrder) -> Tensor {
    let sums = Tensor(stacking: flow.sums)
    var gradient = Tensor(zeros: [sums.shape[0], sums.shape[1], inputWeight.shape[0]])
    gradient.addProduct(sums.asIs, inputWeight.transposed, order: order)
    return gradient.swappingFirstAxes()
  }
}

extension Jordan {
  /// `{"jordan": {"units": 64, "outputs": 16}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "jordan"
    public static let example = Configuration(units: 64, outputs: 16, output: .all)

    /// The number of hidden units per position.
    public var units: Int
    /// The number of outputs per position, which the next position reads.
    public var outputs: Int
    /// By default the outputs of all positions.
    public var output: RecurrentOutput?

    public init(units: Int, outputs: Int, output: RecurrentOutput? = nil) {
      (self.units, self.outputs, self.output) = (units, outputs, output)
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      let positions = try input.requirePositions().positions
      try check(units, in: Limit.units, "units")
      try check(outputs, in: Limit.units, "outputs")
      try checkForPositions(positions)
      return (output ?? .all).extents(positions: positions, units: outputs)
    }

    public func parameterShapes(reading input: Extents) -> [Shape] {
      [[input.channels, units], [outputs, units], [units], [units, outputs], [outputs]]
    }

    public func multiplyAdds(reading input: Extents) -> Int {
      guard case .positions(let positions, let channels) = input else { return 0 }
      let (product, overflow) = positions.multipliedReportingOverflow(
        by: (channels + 2 * outputs) * units)
      return overflow ? .max : product
    }

    /// Draws weights from normal distributions of variance `2 / (rows + columns)` (Glorot & Bengio 2010); biases are 0.
    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      func drawn(_ rows: Int, _ columns: Int, _ random: inout RandomStream) -> Tensor {
        Tensor(
          normal: [rows, columns], scale: (2 / Float(rows + columns)).squareRoot(), using: &random)
      }
      return Jordan(
        inputWeight: drawn(input.channels, units, &random),
        recurrentWeight: drawn(outputs, units, &random), bias: Tensor(zeros: [units]),
        outputWeight: drawn(units, outputs, &random), outputBias: Tensor(zeros: [outputs]),
        output: output ?? .all)
    }
  }
}

extension AnyLayerConfiguration {
  public static func jordan(units: Int, outputs: Int, output: RecurrentOutput? = nil)
    -> AnyLayerConfiguration
  {
    AnyLayerConfiguration(Jordan.Configuration(units: units, outputs: outputs, output: output))
  }
}
