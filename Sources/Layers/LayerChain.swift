public import Tensors

/// Layers one after the other.
public struct LayerChain: ParameterHolder, Sendable {
  public private(set) var layers: [any Layer]
  /// The number of the first layer in the list that holds them: what paths and random draws count from.
  private let firstIndex: Int

  public init(_ layers: [any Layer], firstIndex: Int = 0) {
    self.layers = layers
    self.firstIndex = firstIndex
  }

  /// Visits `0.weight`, `0.bias`, `1.weight` and so on.
  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    for index in layers.indices {
      try layers[index].visitParameters { path, role, parameter in
        try visit("\(firstIndex + index).\(path)", role, &parameter)
      }
    }
  }

  public mutating func updateParameters(_ update: (ParameterRole, inout Tensor) -> Void) {
    for index in layers.indices { layers[index].updateParameters(update) }
  }

  /// What the layers make of a batch in inference.
  ///
  /// - Parameter side: What is known of the examples besides.
  public func output(of input: consuming Tensor, beside side: Tensor? = nil) -> Tensor {
    output(of: input, in: .inference.beside(side))
  }

  func output(of input: consuming Tensor, in pass: Pass) -> Tensor {
    var features = input
    for layer in layers { features = layer.output(of: features, in: pass) }
    return features
  }

  /// The same to rounding, for rows of which each has most of its numbers from the row before it.
  public func output(ofRowsInTurn input: Tensor) -> Tensor {
    guard let index = layers.firstIndex(where: { !($0 is Dropout) }),
      let dense = layers[index] as? Dense
    else { return output(of: input) }
    let rest = LayerChain(Array(layers[(index + 1)...]))
    return rest.output(of: input.mappedInTurn(weight: dense.weight, bias: dense.bias))
  }

  /// - Returns: The last layer's output, and what each layer saved.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: [any Sendable]) {
    let layers = layers.span
    var output = input
    var saved: [any Sendable] = []
    saved.reserveCapacity(layers.count)
    for index in layers.indices {
      let result = layers[index].forwardErased(output, in: pass.entering(firstIndex + index))
      output = result.output
      saved.append(result.saved)
    }
    return (output, saved)
  }

  public func backward(_ gradient: Tensor, saved: [any Sendable], wantsInput: Bool)
    -> LayerGradient
  {
    let layers = layers.span
    var gradient: Tensor? = gradient
    var parameters: [[Tensor]] = []
    var statistics: [[Tensor]] = []
    for index in layers.indices.reversed() {
      guard let flow = gradient else { preconditionFailure("a layer without an input gradient") }
      let result = layers[index].backwardErased(
        flow, saved: saved[index], wantsInput: wantsInput || index > 0)
      gradient = result.input
      parameters.append(result.parameters)
      if !result.statistics.isEmpty { statistics.append(result.statistics) }
    }
    return LayerGradient(
      input: gradient, parameters: parameters.reversed().flatMap { $0 },
      statistics: statistics.reversed().flatMap { $0 })
  }

  public func inputGradient(_ gradient: Tensor, saved: [any Sendable]) -> Tensor {
    zip(layers, saved).reversed().reduce(gradient) { $1.0.inputGradientErased($0, saved: $1.1) }
  }

  /// The passage of a batch through each layer, in inference.
  public func passages(of input: Tensor, beside side: Tensor? = nil) -> [LayerPassage] {
    layers.reduce(into: []) { passages, layer in
      passages.append(layer.passage(of: passages.last?.output ?? input, beside: side))
    }
  }

  /// The multipliers of what the first layer reads, from those of what the last one makes.
  public func multipliers(
    _ outer: Tensor, at passages: [LayerPassage], from reference: [LayerPassage]
  ) -> Tensor {
    zip(layers, zip(passages, reference)).reversed().reduce(outer) { outer, step in
      step.0.multipliers(outer, at: step.1.0, from: step.1.1)
    }
  }

  /// The same of batches that pass once more.
  func multipliers(
    _ outer: Tensor, at input: Tensor, from reference: Tensor, beside side: Tensor?
  ) -> Tensor {
    multipliers(
      outer, at: passages(of: input, beside: side), from: passages(of: reference, beside: side))
  }

  public mutating func settle(_ statistics: [Tensor]) {
    var rest = statistics[...]
    guard !rest.isEmpty else { return }
    for index in layers.indices {
      let count = layers[index].parameterRoles.count { $0 == .statistic }
      if count > 0 { layers[index].settle(Array(rest.prefix(count))) }
      rest = rest.dropFirst(count)
    }
    precondition(rest.isEmpty, "statistics of another network")
  }
}
