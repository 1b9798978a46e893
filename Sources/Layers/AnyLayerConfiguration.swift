package import Genomics
package import Tensors

/// A layer's configuration of any kind.
public struct AnyLayerConfiguration: Hashable, Sendable {
  public let layer: any LayerConfiguration

  public init(_ layer: some LayerConfiguration) {
    self.layer = layer
  }

  /// The kinds of layers that a network can be made of.
  public static let kinds: [any LayerConfiguration.Type] = [
    Convolution.Configuration.self,
    TransposedConvolution.Configuration.self,
    Upsampling.self,
    ChannelDense.Configuration.self,
    Dense.Configuration.self,
    Rectifier.self,
    LeakyRectifier.self,
    Sigmoid.self,
    Tanh.self,
    Softplus.self,
    Exponential.self,
    GELU.self,
    SiLU.self,
    Softmax.self,
    GlobalPooling.Configuration.self,
    WindowPooling.Configuration.self,
    Flatten.self,
    SideInputs.self,
    Unflatten.self,
    Dropout.self,
    BatchNormalization.Configuration.self,
    LayerNormalization.Configuration.self,
    Elman.Configuration.self,
    Jordan.Configuration.self,
    LSTM.Configuration.self,
    GRU.Configuration.self,
    SelfAttention.Configuration.self,
    AttentionPooling.Configuration.self,
    Residual.Configuration.self,
    Sequential.Configuration.self,
    Parallel.Configuration.self,
    Bidirectional.Configuration.self,
  ]

  /// The name of the kind, such as `dense`.
  public var kind: String { type(of: layer).kind }

  public static func == (a: AnyLayerConfiguration, b: AnyLayerConfiguration) -> Bool {
    a.layer.equals(b.layer)
  }

  public func hash(into hasher: inout Hasher) {
    layer.hash(into: &hasher)
  }
}

extension LayerConfiguration {
  fileprivate func equals(_ other: any LayerConfiguration) -> Bool { other as? Self == self }
}

extension AnyLayerConfiguration: Codable {
  private struct Kind: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// - Throws: `ConfigurationError` if there is no such kind of layer; `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Kind.self)
    guard container.allKeys.count == 1, let key = container.allKeys.first else {
      throw ConfigurationError(
        description: "a layer has one key, its kind; the kinds are \(Self.kindNames)"
      ).under(decoder.codingPath.configurationPath)
    }
    guard let kind = Self.kinds.first(where: { $0.kind == key.stringValue }) else {
      throw ConfigurationError(
        description: "\(key.stringValue.quoted) is no kind of layer; the kinds are "
          + Self.kindNames
      ).under(decoder.codingPath.configurationPath)
    }
    layer = try kind.decoded(from: container, key)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    try layer.encode(to: &container, Kind(stringValue: kind))
  }

  private static var kindNames: String { kinds.map { $0.kind }.sorted().joined(separator: ", ") }
}

extension LayerConfiguration {
  fileprivate static func decoded<Key: CodingKey>(
    from container: KeyedDecodingContainer<Key>, _ key: Key
  ) throws -> any LayerConfiguration {
    try container.decode(Self.self, forKey: key)
  }

  fileprivate func encode<Key: CodingKey>(
    to container: inout KeyedEncodingContainer<Key>, _ key: Key
  ) throws {
    try container.encode(self, forKey: key)
  }
}

extension [any CodingKey] {
  /// The path of a value in JSON, such as `network.layers.2.dense`; places in lists count from 0.
  package var configurationPath: String {
    map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }
}

extension [AnyLayerConfiguration] {
  /// What layers make of what they read: the first element is that, then one per layer.
  ///
  /// - Parameter path: That of the list, for messages.
  /// - Throws: `ConfigurationError` that names the layer.
  package func extents(after input: Extents, path: String) throws(ConfigurationError) -> [Extents] {
    var extents = [input]
    for (index, configuration) in enumerated() {
      do throws(ConfigurationError) {
        extents.append(
          try checkFeatures(configuration.layer.output(after: extents[index])))
      } catch {
        throw error.under("\(path).\(index) (\(configuration.kind))")
      }
    }
    return extents
  }

  /// The layers, their parameters drawn one after the other.
  ///
  /// - Precondition: `extents(after: input)` doesn't throw.
  package func makeLayers(reading input: Extents, using random: inout RandomStream) -> [any Layer] {
    var (layers, input): ([any Layer], Extents) = ([], input)
    for configuration in self {
      layers.append(configuration.layer.makeLayer(reading: input, using: &random))
      input = configuration.layer.soundOutput(after: input)
    }
    return layers
  }

  /// The sum of a figure over the layers. Sums end at 2⁵⁰, so that those of many layers don't overflow.
  package func sum(reading input: Extents, _ figure: (any LayerConfiguration, Extents) -> Int)
    -> Int
  {
    var (sum, input) = (0, input)
    for configuration in self {
      sum = Swift.min(sum + Swift.min(figure(configuration.layer, input), 1 << 50), 1 << 50)
      input = configuration.layer.soundOutput(after: input)
    }
    return sum
  }

  /// The shapes of all parameters, in their order.
  package func parameterShapes(reading input: Extents) -> [Shape] {
    var (shapes, input): ([Shape], Extents) = ([], input)
    for configuration in self {
      shapes += configuration.layer.parameterShapes(reading: input)
      input = configuration.layer.soundOutput(after: input)
    }
    return shapes
  }

  /// Whether any layer, or one within it, is for sequences of one length.
  package var readOneLength: Bool {
    contains {
      type(of: $0.layer).readsOneLength || $0.layer.branches.contains(where: \.layers.readOneLength)
    }
  }

  /// Whether any layer, or one within it, joins the examples of a shard in training.
  package var joinExamples: Bool {
    contains {
      type(of: $0.layer).joinsExamples || $0.layer.branches.contains(where: \.layers.joinExamples)
    }
  }
}

extension LayerConfiguration {
  /// - Precondition: `output(after: input)` doesn't throw.
  package func soundOutput(after input: Extents) -> Extents {
    do {
      return try output(after: input)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
