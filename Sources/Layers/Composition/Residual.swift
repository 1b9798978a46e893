public import Genomics
public import Tensors

/// What its inner layers make of the input, added to the input (He et al. 2016).
public struct Residual: Layer {
  private var inner: Sequential

  /// - Parameter inner: Their output has the input's shape.
  public init(_ inner: [any Layer]) {
    self.inner = Sequential(inner)
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try inner.visitParameters(visit)
  }

  public mutating func updateParameters(_ update: (ParameterRole, inout Tensor) -> Void) {
    inner.updateParameters(update)
  }

  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: [any Sendable]) {
    var (output, saved) = inner.forward(input, in: pass)
    output += input
    return (output, saved)
  }

  public func output(of input: consuming Tensor, in pass: Pass) -> Tensor {
    var output = inner.output(of: copy input, in: pass)
    output += input
    return output
  }

  public func backward(_ gradient: Tensor, saved: [any Sendable], wantsInput: Bool)
    -> LayerGradient
  {
    let result = inner.backward(gradient, saved: saved, wantsInput: wantsInput)
    return LayerGradient(
      input: result.input.map { added(gradient, to: $0) }, parameters: result.parameters,
      statistics: result.statistics)
  }

  public func inputGradient(_ gradient: Tensor, saved: [any Sendable]) -> Tensor {
    added(gradient, to: inner.inputGradient(gradient, saved: saved))
  }

  public func multipliers(
    _ outer: Tensor, at passage: LayerPassage, from reference: LayerPassage
  ) -> Tensor {
    added(outer, to: inner.multipliers(outer, at: passage, from: reference))
  }

  private func added(_ gradient: Tensor, to flow: Tensor) -> Tensor {
    var sum = flow
    sum += gradient
    return sum
  }

  public mutating func settle(_ statistics: [Tensor]) {
    inner.settle(statistics)
  }
}

extension Residual {
  /// `{"residual": {"inner": [{"convolution": {"filters": 64, "width": 3, "padding": "same"}}, …]}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "residual"
    public static let example = Configuration(inner: [.rectifier])

    public var inner: [AnyLayerConfiguration]

    public init(inner: [AnyLayerConfiguration]) {
      self.inner = inner
    }

    public var branches: [LayerBranch] { [LayerBranch(path: "inner", layers: inner)] }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      let output = try inner.extents(after: input, path: "inner").last ?? input
      guard output == input else {
        throw ConfigurationError(
          description: "its layers make \(output) of \(input), which can't be added; let them keep "
            + "positions and channels, such as by \"padding\": \"same\"")
      }
      return output
    }

    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      Residual(inner.makeLayers(reading: input, using: &random))
    }
  }
}

extension AnyLayerConfiguration {
  public static func residual(_ inner: [AnyLayerConfiguration]) -> AnyLayerConfiguration {
    AnyLayerConfiguration(Residual.Configuration(inner: inner))
  }
}
