internal import Layers
internal import Networks

extension NetworkConfiguration {
  /// BPNet's trunk: 64 filters of width 25 and nine residual convolutions, each dilated twice as far as the one before; the
  /// mean over the positions is what its counts are predicted from (Avsec et al. 2021, figure 1).
  static var bpnet: NetworkConfiguration {
    let trunk: [AnyLayerConfiguration] = (1...9).map { layer in
      .residual([
        .convolution(filters: 64, width: 3, dilation: 1 << layer, padding: .same), .rectifier,
      ])
    }
    return NetworkConfiguration(
      layers: [.convolution(filters: 64, width: 25, padding: .same), .rectifier] + trunk
        + [.globalPooling(.mean)], strands: .forward)
  }

  /// 64 filters of width 15 and four residual blocks of two convolutions, maxima of 2 positions between them.
  static var residual: NetworkConfiguration {
    let block: [AnyLayerConfiguration] = [
      .residual([
        .convolution(filters: 64, width: 5, padding: .same), .batchNormalization(), .rectifier,
        .convolution(filters: 64, width: 5, padding: .same), .batchNormalization(),
      ]), .rectifier,
    ]
    let pool: [AnyLayerConfiguration] = [.windowPooling(.max, window: 2)]
    return NetworkConfiguration(
      layers: [.convolution(filters: 64, width: 15), .batchNormalization(), .rectifier] + pool
        + block + pool + block + pool + block + block
        + [.globalPooling(.maxAndMean), .dropout(rate: 0.3)],
      strands: .mean)
  }
}
