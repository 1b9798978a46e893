public import Genomics
public import Tensors

/// Lists of layers that read the same, their outputs side by side along the channels, as in an inception block
/// (Szegedy et al. 2015).
public struct Parallel: Layer {
  private var branches: LayerBranches

  /// - Parameter branches: Lists whose outputs differ in the last extent at most; an empty one gives its input.
  public init(_ branches: [[any Layer]]) {
    self.branches = LayerBranches(branches, paths: branches.indices.map { "branches.\($0)" })
    count = branches.count
  }

  private let count: Int

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try branches.visitParameters(visit)
  }

  public mutating func updateParameters(_ update: (ParameterRole, inout Tensor) -> Void) {
    branches.updateParameters(update)
  }

  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: JoinedBranches) {
    let (outputs, saved) = branches.forward([Tensor](repeating: input, count: count), in: pass)
    return (
      Tensor(joiningColumns: outputs),
      JoinedBranches(saved: saved, widths: outputs.map(\.shape.lastExtent))
    )
  }

  public func backward(_ gradient: Tensor, saved: JoinedBranches, wantsInput: Bool)
    -> LayerGradient
  {
    let back = branches.backward(
      saved.split(gradient), saved: saved.saved, wantsInput: wantsInput)
    return LayerGradient(
      input: wantsInput ? back.inputs.summed() : nil, parameters: back.parameters,
      statistics: back.statistics)
  }

  public func inputGradient(_ gradient: Tensor, saved: JoinedBranches) -> Tensor {
    branches.inputGradients(saved.split(gradient), saved: saved.saved).summed()
  }

  public func multipliers(
    _ outer: Tensor, at passage: LayerPassage, from reference: LayerPassage
  ) -> Tensor {
    branches.multipliers(
      own(passage.saved).split(outer), at: [Tensor](repeating: passage.input, count: count),
      from: [Tensor](repeating: reference.input, count: count), beside: passage.side
    ).summed()
  }

  public mutating func settle(_ statistics: [Tensor]) {
    branches.settle(statistics)
  }
}

extension Parallel {
  /// `{"parallel": {"branches": [[{"convolution": …}, {"rectifier": {}}], [{"convolution": …}], …]}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "parallel"
    public static let example = Configuration(layers: [[.rectifier], []])

    /// The lists of layers.
    public var layers: [[AnyLayerConfiguration]]

    private enum CodingKeys: String, CodingKey {
      case layers = "branches"
    }

    public init(layers: [[AnyLayerConfiguration]]) {
      self.layers = layers
    }

    public var branches: [LayerBranch] {
      layers.enumerated().map { LayerBranch(path: "branches.\($0)", layers: $1) }
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      guard !layers.isEmpty else {
        throw ConfigurationError(description: "branches has no list; give one or more")
      }
      var outputs: [Extents] = []
      for branch in branches {
        outputs.append(
          try branch.layers.extents(after: input, path: branch.path).last ?? input)
      }
      let channels = outputs.reduce(0) { $0 + $1.channels }
      switch outputs[0] {
      case .positions(let positions, _):
        guard outputs.allSatisfy({ $0.hasPositions(positions) }) else {
          throw disagreement(outputs)
        }
        return .positions(positions, channels: channels)
      case .vector:
        guard outputs.allSatisfy({ $0 == .vector($0.channels) }) else {
          throw disagreement(outputs)
        }
        return .vector(channels)
      }
    }

    private func disagreement(_ outputs: [Extents]) -> ConfigurationError {
      ConfigurationError(
        description: "its lists make \(outputs.map(\.description).joined(separator: ", ")), which "
          + "can't stand side by side; let them keep as many positions, such as by "
          + "\"padding\": \"same\"")
    }

    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      var made: [[any Layer]] = []
      for list in layers { made.append(list.makeLayers(reading: input, using: &random)) }
      return Parallel(made)
    }
  }
}

extension Extents {
  fileprivate func hasPositions(_ count: Int) -> Bool {
    guard case .positions(count, _) = self else { return false }
    return true
  }
}

extension AnyLayerConfiguration {
  public static func parallel(_ layers: [[AnyLayerConfiguration]]) -> AnyLayerConfiguration {
    AnyLayerConfiguration(Parallel.Configuration(layers: layers))
  }
}
