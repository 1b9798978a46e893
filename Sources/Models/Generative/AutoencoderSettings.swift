public import Layers
internal import Networks

/// An autoencoder without its weights.
public struct AutoencoderSettings: Codable, Equatable, Sendable {
  /// The length of the sequences, in bases.
  public var length: Int
  /// The numbers that a sequence is squeezed into.
  public var latent: Int
  /// What reads the one-hot sequence and ends in features, `[batch, feature]`.
  public var encoder: [AnyLayerConfiguration]
  /// What reads the latent numbers and ends in four logits for each position, at least as many positions as
  /// the sequence has.
  public var decoder: [AnyLayerConfiguration]

  public init(
    length: Int, latent: Int, encoder: [AnyLayerConfiguration], decoder: [AnyLayerConfiguration]
  ) {
    (self.length, self.latent) = (length, latent)
    (self.encoder, self.decoder) = (encoder, decoder)
  }

  /// Two convolutions with pooling, and as many transposed convolutions.
  public static func convolutional(
    length: Int, latent: Int = 64, filters: Int = 64
  ) -> AutoencoderSettings {
    let positions = (length + 3) / 4
    let doubling = AnyLayerConfiguration.doubling(filters: filters)
    let halving = AnyLayerConfiguration(WindowPooling.Configuration(pooling: .max, window: 2))
    return AutoencoderSettings(
      length: length, latent: latent,
      encoder: [
        .centred(filters: filters, width: 11), .rectifier, halving,
        .centred(filters: filters, width: 5), .rectifier, halving,
        .flatten,
      ],
      decoder: [
        .dense(units: positions * filters), .rectifier, .unflatten(positions: positions), doubling,
        .rectifier, doubling, .rectifier, .centred(filters: 4, width: 5),
      ])
  }
}

extension AnyLayerConfiguration {
  /// A convolution that keeps the number of positions.
  static func centred(filters: Int, width: Int) -> AnyLayerConfiguration {
    AnyLayerConfiguration(
      Convolution.Configuration(filters: filters, width: width, padding: .same))
  }

  /// A transposed convolution that makes two positions of each.
  static func doubling(filters: Int) -> AnyLayerConfiguration {
    AnyLayerConfiguration(
      TransposedConvolution.Configuration(filters: filters, width: 4, stride: 2, padding: 1))
  }
}

extension LayerStack {
  /// Makes sure that it makes the logits of bases for sequences of a length.
  ///
  /// - Throws: `ConfigurationError`.
  func checkLogits(length: Int, name: String) throws {
    guard case .positions(let positions, channels: 4) = output, positions >= length else {
      throw ConfigurationError(
        description: "\(name) makes \(output); let it make 4 channels of at least "
          + "\(length) positions")
    }
  }
}
