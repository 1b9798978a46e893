public import Layers
internal import Tensors

/// A network's layers with what each makes and costs, a row per layer.
public struct LayerTable: Equatable, Sendable {
  public struct Row: Equatable, Sendable {
    /// Such as `layers.0`, or `layers.3.inner.1` for a layer within another; `output` for the dense layer
    /// that ends every network.
    public let path: String
    /// The number of layers that it stands in.
    public let depth: Int
    public let layer: AnyLayerConfiguration
    /// What it makes of a sequence, on one strand.
    public let output: Extents
    /// The number of weights and biases, those of layers within it included.
    public let parameters: Int
    /// The number of running means and variances, which aren't trained, likewise.
    public let statistics: Int
    /// The multiplications that one sequence takes, about, on all strands that the layer reads.
    ///
    /// They are those of the definition: look-up tables spare most of a first convolution.
    public let multiplyAdds: Int
    /// The bases that each number of the output is made of; `nil` for the whole sequence.
    public let receptiveField: Int?
  }

  /// The length of the sequence, in bases.
  public let length: Int
  /// In the order of computation; the layers within another follow it.
  public let rows: [Row]

  /// - Parameter length: That of a sequence, in bases.
  /// - Throws: `ConfigurationError` if the configuration makes no network, or none that reads so few bases.
  public init(_ configuration: NetworkConfiguration, length: Int, taskCount: Int)
    throws(ConfigurationError)
  {
    try configuration.validate()
    let extents = try configuration.extents(length: length)
    let output = AnyLayerConfiguration.dense(units: taskCount)
    self.length = length
    var (rows, field) = ([Row](), ReceptiveField.base)
    let listed =
      configuration.layers.enumerated().map { ("layers.\($0)", $1) } + [("output", output)]
    for (index, (path, layer)) in listed.enumerated() {
      rows += Self.rows(
        of: layer, reading: extents[index], field, path: path, depth: 0,
        strands: configuration.strandsRead(byLayer: index))
      field = layer.layer.receptiveField(after: field)
    }
    self.rows = rows
  }

  /// The number of weights and biases of the network.
  public var parameters: Int { sum(\.parameters) }

  /// The number of running means and variances.
  public var statistics: Int { sum(\.statistics) }

  /// The multiplications that one sequence takes, about.
  public var multiplyAdds: Int { sum(\.multiplyAdds) }

  private func sum(_ figure: (Row) -> Int) -> Int {
    rows.lazy.filter { $0.depth == 0 }.reduce(0) { min($0 + figure($1), Self.mostCounted) }
  }

  /// Sums end here, so that they don't overflow.
  private static let mostCounted = 1 << 50

  /// The row of a layer, and those of the layers within it.
  private static func rows(
    of layer: AnyLayerConfiguration, reading input: Extents, _ field: ReceptiveField, path: String,
    depth: Int, strands: Int
  ) -> [Row] {
    var inner: [Row] = []
    for branch in layer.layer.branches {
      var (input, field) = (input, field)
      for (index, layer) in branch.layers.enumerated() {
        inner += Self.rows(
          of: layer, reading: input, field, path: "\(path).\(branch.path).\(index)",
          depth: depth + 1, strands: strands)
        input = layer.layer.soundOutput(after: input)
        field = layer.layer.receptiveField(after: field)
      }
    }
    let all = layer.layer.parameterShapes(reading: input).reduce(0) {
      min($0 + $1.count, mostCounted)
    }
    // Of a batch normalization half are a factor and an addend per channel.
    let statistics =
      layer.layer is BatchNormalization.Configuration
      ? all / 2
      : inner.lazy.filter { $0.depth == depth + 1 }.reduce(0) { $0 + $1.statistics }
    let row = Row(
      path: path, depth: depth, layer: layer, output: layer.layer.soundOutput(after: input),
      parameters: all - statistics, statistics: statistics,
      multiplyAdds: strands * min(layer.layer.multiplyAdds(reading: input), mostCounted),
      receptiveField: layer.layer.receptiveField(after: field).width)
    return [row] + inner
  }
}

extension NetworkConfiguration {
  /// The number of strands that a layer reads one by one: a global pooling joins those of the rule `pooled`.
  fileprivate func strandsRead(byLayer index: Int) -> Int {
    guard strands == .pooled, let poolingIndex else { return strands.strandCount }
    return index <= poolingIndex ? strands.strandCount : 1
  }
}
