public import Genomics
public import Tensors

/// Layers that read the positions from the first to the last, and others like them that read from the last to the first;
/// their outputs stand side by side along the channels (Schuster & Paliwal 1997).
///
/// If the layers give positions, those of the other direction are put back in order. If they give the last state, that
/// of the other direction is the state at the first position.
public struct Bidirectional: Layer {
  private var branches: LayerBranches

  public init(forward: [any Layer], reverse: [any Layer]) {
    branches = LayerBranches([forward, reverse], paths: Self.paths)
  }

  fileprivate static let paths = ["forward", "reverse"]

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try branches.visitParameters(visit)
  }

  public mutating func updateParameters(_ update: (ParameterRole, inout Tensor) -> Void) {
    branches.updateParameters(update)
  }

  /// - Parameter input: `[batch, positions, channels]`.
  /// - Returns: What both lists make, `[batch, …, 2 · channels]`.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: JoinedBranches) {
    let (outputs, saved) = branches.forward([input, input.reversingPositions()], in: pass)
    return (
      Tensor(joiningColumns: [outputs[0], inOrder(outputs[1])]),
      JoinedBranches(saved: saved, widths: outputs.map(\.shape.lastExtent))
    )
  }

  public func backward(_ gradient: Tensor, saved: JoinedBranches, wantsInput: Bool)
    -> LayerGradient
  {
    let back = branches.backward(
      split(gradient, saved), saved: saved.saved, wantsInput: wantsInput)
    return LayerGradient(
      input: wantsInput ? joined(back.inputs) : nil, parameters: back.parameters,
      statistics: back.statistics)
  }

  public func inputGradient(_ gradient: Tensor, saved: JoinedBranches) -> Tensor {
    joined(branches.inputGradients(split(gradient, saved), saved: saved.saved))
  }

  public func multipliers(
    _ outer: Tensor, at passage: LayerPassage, from reference: LayerPassage
  ) -> Tensor {
    joined(
      branches.multipliers(
        split(outer, own(passage.saved)),
        at: [passage.input, passage.input.reversingPositions()],
        from: [reference.input, reference.input.reversingPositions()], beside: passage.side))
  }

  public mutating func settle(_ statistics: [Tensor]) {
    branches.settle(statistics)
  }

  private func split(_ gradient: Tensor, _ saved: JoinedBranches) -> [Tensor] {
    let parts = saved.split(gradient)
    return [parts[0], inOrder(parts[1])]
  }

  private func joined(_ inputs: [Tensor]) -> Tensor {
    [inputs[0], inputs[1].reversingPositions()].summed()
  }

  /// Turns positions round, if there are any.
  private func inOrder(_ output: Tensor) -> Tensor {
    output.shape.rank == 3 ? output.reversingPositions() : output
  }
}

extension Bidirectional {
  /// `{"bidirectional": {"inner": [{"lstm": {"units": 320}}]}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "bidirectional"
    public static let example = Configuration(inner: [.lstm(units: 32)])

    /// The layers of each direction, which have parameters of their own.
    public var inner: [AnyLayerConfiguration]

    public init(inner: [AnyLayerConfiguration]) {
      self.inner = inner
    }

    public var branches: [LayerBranch] {
      Bidirectional.paths.map { LayerBranch(path: $0, layers: inner) }
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      _ = try input.requirePositions()
      switch try inner.extents(after: input, path: "inner").last ?? input {
      case .positions(let positions, let channels):
        return .positions(positions, channels: 2 * channels)
      case .vector(let count): return .vector(2 * count)
      }
    }

    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      let forward = inner.makeLayers(reading: input, using: &random)
      return Bidirectional(
        forward: forward, reverse: inner.makeLayers(reading: input, using: &random))
    }
  }
}

extension AnyLayerConfiguration {
  public static func bidirectional(_ inner: [AnyLayerConfiguration]) -> AnyLayerConfiguration {
    AnyLayerConfiguration(Bidirectional.Configuration(inner: inner))
  }
}
