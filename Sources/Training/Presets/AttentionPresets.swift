internal import Layers
internal import Networks

extension NetworkConfiguration {
  /// 64 filters of width 15, maxima of 5 positions, two blocks of a transformer (Vaswani et al. 2017) with four heads and
  /// biases of distances, and attention over the positions.
  static var attention: NetworkConfiguration {
    let block: [AnyLayerConfiguration] = [
      .residual([.layerNormalization, .selfAttention(heads: 4, distance: 32)]),
      .residual([
        .layerNormalization, .convolution(filters: 128, width: 1), .gelu,
        .convolution(filters: 64, width: 1), .dropout(rate: 0.2),
      ]),
    ]
    return NetworkConfiguration(
      layers: [
        .convolution(filters: 64, width: 15), .rectifier, .windowPooling(.max, window: 5),
        .dropout(rate: 0.2),
      ] + block + block + [.layerNormalization, .attentionPooling, .dropout(rate: 0.2)],
      strands: .mean)
  }
}
