public import Genomics
public import Tensors

/// Layers one after the other, as one layer.
public struct Sequential: Layer {
  private var chain: LayerChain

  public init(_ layers: [any Layer]) {
    chain = LayerChain(layers)
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try chain.visitParameters { try visit("inner.\($0)", $1, &$2) }
  }

  public mutating func updateParameters(_ update: (ParameterRole, inout Tensor) -> Void) {
    chain.updateParameters(update)
  }

  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: [any Sendable]) {
    chain.forward(input, in: pass)
  }

  public func output(of input: consuming Tensor, in pass: Pass) -> Tensor {
    chain.output(of: input, in: pass)
  }

  public func backward(_ gradient: Tensor, saved: [any Sendable], wantsInput: Bool)
    -> LayerGradient
  {
    chain.backward(gradient, saved: saved, wantsInput: wantsInput)
  }

  public func inputGradient(_ gradient: Tensor, saved: [any Sendable]) -> Tensor {
    chain.inputGradient(gradient, saved: saved)
  }

  public func multipliers(
    _ outer: Tensor, at passage: LayerPassage, from reference: LayerPassage
  ) -> Tensor {
    chain.multipliers(outer, at: passage.input, from: reference.input, beside: passage.side)
  }

  public mutating func settle(_ statistics: [Tensor]) {
    chain.settle(statistics)
  }
}

extension Sequential {
  /// `{"sequential": {"inner": [{"dense": {"units": 32}}, {"rectifier": {}}]}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "sequential"
    public static let example = Configuration(inner: [.rectifier])

    public var inner: [AnyLayerConfiguration]

    public init(inner: [AnyLayerConfiguration]) {
      self.inner = inner
    }

    public var branches: [LayerBranch] { [LayerBranch(path: "inner", layers: inner)] }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      try inner.extents(after: input, path: "inner").last ?? input
    }

    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      Sequential(inner.makeLayers(reading: input, using: &random))
    }
  }
}

extension AnyLayerConfiguration {
  public static func sequential(_ inner: [AnyLayerConfiguration]) -> AnyLayerConfiguration {
    AnyLayerConfiguration(Sequential.Configuration(inner: inner))
  }
}
