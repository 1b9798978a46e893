public import Layers

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
    let doubling = AnyLayerConfiguration(
      TransposedConvolution.Configuration(filters: filters, width: 4, stride: 2, padding: 1))
    func convolution(_ filters: Int, _ width: Int) -> AnyLayerConfiguration {
      AnyLayerConfiguration(
        Convolution.Configuration(filters: filters, width: width, padding: .same))
    }
    let halving = AnyLayerConfiguration(WindowPooling.Configuration(pooling: .max, window: 2))
    return AutoencoderSettings(
      length: length, latent: latent,
      encoder: [
        convolution(filters, 11), .rectifier, halving, convolution(filters, 5), .rectifier, halving,
        .flatten,
      ],
      decoder: [
        .dense(units: positions * filters), .rectifier, .unflatten(positions: positions), doubling,
        .rectifier, doubling, .rectifier, convolution(4, 5),
      ])
  }
}
