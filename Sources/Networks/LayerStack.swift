internal import Genomics
public import Layers
public import Tensors

/// Layers over any input, with their weights: what models of sequence itself are made of.
public struct LayerStack: ParameterHolder, Sendable {
  public let configuration: [AnyLayerConfiguration]
  public let input: Extents
  public let output: Extents
  private var chain: LayerChain

  /// Draws the weights.
  ///
  /// - Parameters:
  ///   - name: The stack's name, for messages.
  ///   - number: The number of the stack in its model: stacks with other numbers draw others.
  /// - Throws: `ConfigurationError`.
  public init(
    _ configuration: [AnyLayerConfiguration], reading input: Extents, name: String, seed: UInt64,
    number: Int
  ) throws {
    let extents = try configuration.extents(after: input, path: name)
    var random = RandomStream(seed: seed, .generativeWeights, number)
    self.configuration = configuration
    self.input = input
    output = extents[extents.count - 1]
    chain = LayerChain(configuration.makeLayers(reading: input, using: &random))
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try chain.visitParameters(visit)
  }

  public mutating func updateParameters(_ update: (ParameterRole, inout Tensor) -> Void) {
    chain.updateParameters(update)
  }

  /// What the layers make of a batch in inference.
  public func output(of input: Tensor) -> Tensor { chain.output(of: input) }

  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: [any Sendable]) {
    chain.forward(input, in: pass)
  }

  public func backward(_ gradient: Tensor, saved: [any Sendable], wantsInput: Bool = true)
    -> LayerGradient
  {
    chain.backward(gradient, saved: saved, wantsInput: wantsInput)
  }

  public mutating func settle(_ statistics: [Tensor]) { chain.settle(statistics) }

  /// The number of tensors that hold statistics.
  package var statisticCount: Int { chain.parameterRoles.count { $0 == .statistic } }
}
