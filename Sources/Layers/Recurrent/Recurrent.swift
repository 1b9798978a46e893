public import Tensors

/// A layer that reads positions one after the other and keeps a state: the kind of state makes it a simple recurrent
/// network, an LSTM or a GRU.
public struct Recurrent<States: RecurrentKind>: Layer {
  public var inputWeight: Tensor  // [channels, sums]
  public var recurrentWeight: Tensor  // [units, sums]
  public var bias: Tensor  // [sums]
  /// Added to what the states before add; empty unless the cell keeps that apart.
  public var recurrentBias: Tensor  // [sums]
  public let output: RecurrentOutput

  public init(
    inputWeight: Tensor, recurrentWeight: Tensor, bias: Tensor,
    recurrentBias: Tensor = Tensor(zeros: [0]), output: RecurrentOutput = .all
  ) {
    let sums = bias.shape
    precondition(
      inputWeight.shape.rank == 2 && [inputWeight.shape[1]] == sums
        && recurrentWeight.shape == [sums[0] / States.sumsPerUnit, sums[0]]
        && recurrentBias.shape == (States.keepsProducts ? sums : [0]),
      "\(inputWeight.shape), \(recurrentWeight.shape), \(sums), \(recurrentBias.shape)")
    (self.inputWeight, self.recurrentWeight) = (inputWeight, recurrentWeight)
    (self.bias, self.recurrentBias, self.output) = (bias, recurrentBias, output)
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("inputWeight", .weight, &inputWeight)
    try visit("recurrentWeight", .weight, &recurrentWeight)
    try visit("bias", .bias, &bias)
    if States.keepsProducts { try visit("recurrentBias", .bias, &recurrentBias) }
  }

  private var units: Int { recurrentWeight.shape[0] }

  /// What the backward pass needs.
  public struct Saved: Sendable {
    /// `[position, batch, channel]`
    let input: Tensor
    let states: States
  }

  /// - Parameter input: `[batch, positions, channels]`, of one position or more.
  /// - Returns: The hidden states, `[batch, positions, units]`, or the last ones, `[batch, units]`.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Saved) {
    let order = pass.productOrder
    let input = input.swappingFirstAxes()
    // What the input adds is one product for all positions.
    var states = States(
      sums: input.mapped(weight: inputWeight, bias: bias, order: order), productBias: recurrentBias)
    let weight = PackedMatrix(recurrentWeight.asIs)
    for position in 0..<input.shape[0] {
      if position > 0 { states.addProduct(with: weight, at: position) }
      states.step(at: position)
    }
    return (output.reading(states.hidden), Saved(input: input, states: states))
  }

  public func backward(_ gradient: Tensor, saved: Saved, wantsInput: Bool) -> LayerGradient {
    let flow = flow(gradient, saved)
    let (positions, batch) = (saved.input.shape[0], saved.input.shape[1])
    var inputWeightGradient = Tensor(zeros: inputWeight.shape)
    inputWeightGradient.addProduct(saved.input.transposed, flow.sums.asIs)
    let products = flow.products
    var recurrentGradient = Tensor(zeros: recurrentWeight.shape)
    recurrentGradient.addProduct(
      saved.states.hidden.rows(0..<(positions - 1) * batch).transposed,
      products.rows(batch..<positions * batch))
    let biases = [flow.sums] + (States.keepsProducts ? [products] : [])
    return LayerGradient(
      input: wantsInput ? inputGradient(flow, order: .fastest) : nil,
      parameters: [inputWeightGradient, recurrentGradient]
        + biases.map { $0.summedOverMatrixRows() })
  }

  public func inputGradient(_ gradient: Tensor, saved: Saved) -> Tensor {
    inputGradient(flow(gradient, saved), order: .sameForEachRow)
  }

  /// Back-propagation through time (Werbos 1990).
  private func flow(_ gradient: Tensor, _ saved: Saved) -> RecurrentFlow {
    let positions = saved.input.shape[0]
    var flow = RecurrentFlow(
      hidden: output.hiddenGradient(gradient, positions: positions), of: States.self)
    let weight = PackedMatrix(recurrentWeight.transposed)
    for position in (0..<positions).reversed() {
      saved.states.stepBack(at: position, &flow)
      if position > 0 { flow.passBack(through: weight, at: position) }
    }
    return flow
  }

  private func inputGradient(_ flow: RecurrentFlow, order: ProductOrder) -> Tensor {
    let sums = flow.sums.shape
    var gradient = Tensor(zeros: [sums[0], sums[1], inputWeight.shape[0]])
    gradient.addProduct(flow.sums.asIs, inputWeight.transposed, order: order)
    return gradient.swappingFirstAxes()
  }
}

/// The states of a recurrent layer that a configuration can name.
public protocol RecurrentKind: RecurrentStates {
  /// The name in JSON, such as `lstm`.
  static var kind: String { get }
  /// The bias that training starts from, `[sums]`.
  static func initialBias(units: Int) -> Tensor
}

extension RecurrentKind {
  public static func initialBias(units: Int) -> Tensor { Tensor(zeros: [sumsPerUnit * units]) }
}
