internal import Genomics
package import Layers

extension NetworkConfiguration: Codable {
  private enum Key: String, CodingKey {
    case layers, strands, alphabet, padding, length, windows
    /// Of earlier versions: what stood before `layers`.
    case front
  }

  /// Reads the layout that `encode` writes, and that of earlier versions, which had a `front` before its layers.
  ///
  /// - Throws: `ConfigurationError`, `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    layers = try container.decode([AnyLayerConfiguration].self, forKey: .layers)
    strands = try container.decode(StrandRule.self, forKey: .strands)
    alphabet = try container.decodeIfPresent(Alphabet.self, forKey: .alphabet) ?? .dna
    padding = try container.decodeIfPresent(Int.self, forKey: .padding)
    length = try container.decodeIfPresent(Int.self, forKey: .length)
    windows = try container.decodeIfPresent(WindowRule.self, forKey: .windows)
    if let front = try container.decodeIfPresent(Front.self, forKey: .front) {
      layers = try front.layers + layers
      padding = front.padding
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(layers, forKey: .layers)
    try container.encode(strands, forKey: .strands)
    // Files of DNA stay as they were.
    if alphabet != .dna { try container.encode(alphabet, forKey: .alphabet) }
    try container.encodeIfPresent(padding, forKey: .padding)
    try container.encodeIfPresent(length, forKey: .length)
    try container.encodeIfPresent(windows, forKey: .windows)
  }
}

/// What began a network in earlier versions.
package enum Front: Codable, Equatable, Sendable {
  case motifConvolution(
    filters: Int, width: Int, pooling: Pooling, window: Int? = nil, meanScale: Float? = nil,
    initialScale: Float? = nil, initialBias: Float? = nil, padding: Int? = nil)
  case oneHot

  /// The standard deviation of the weights unless it was given.
  private static let initialScale: Float = 0.1

  /// The layers that it stands for.
  ///
  /// - Throws: `ConfigurationError` for what earlier versions refused.
  package var layers: [AnyLayerConfiguration] {
    get throws(ConfigurationError) {
      guard
        case .motifConvolution(
          let filters, let width, let pooling, let window, let meanScale, let initialScale,
          let initialBias, let padding) = self
      else { return [] }
      guard window == nil || (meanScale == nil && padding == nil) else {
        throw ConfigurationError(
          description: "front: meanScale or padding with a window; leave one out")
      }
      let pool: AnyLayerConfiguration =
        window.map { .windowPooling(pooling, window: $0) }
        ?? .globalPooling(pooling, meanScale: meanScale)
      return [
        .convolution(
          filters: filters, width: width, initialScale: initialScale ?? Self.initialScale,
          initialBias: initialBias), .rectifier, pool,
      ]
    }
  }

  /// The number of unknown bases that are read before and behind each sequence.
  package var padding: Int? {
    if case .motifConvolution(_, _, _, _, _, _, _, let padding) = self { padding } else { nil }
  }
}
