internal import Layers
internal import Networks

extension NetworkConfiguration {
  /// 10 filters of width 15, the maximum of each 5 positions, and a weight per window and filter.
  static var lecture: NetworkConfiguration {
    NetworkConfiguration(
      layers: [
        .convolution(filters: 10, width: 15), .rectifier, .windowPooling(.max, window: 5), .flatten,
      ], strands: .forward)
  }

  /// Basset: three convolutions and two hidden layers, each normalized (Kelley et al. 2016, figure 1).
  static var basset: NetworkConfiguration {
    func block(filters: Int, width: Int, window: Int) -> [AnyLayerConfiguration] {
      [
        .convolution(filters: filters, width: width), .batchNormalization(), .rectifier,
        .windowPooling(.max, window: window),
      ]
    }
    let hidden: [AnyLayerConfiguration] = [
      .dense(units: 1000), .batchNormalization(), .rectifier, .dropout(rate: 0.3),
    ]
    return NetworkConfiguration(
      layers: block(filters: 300, width: 19, window: 3) + block(filters: 200, width: 11, window: 4)
        + block(filters: 200, width: 7, window: 4) + [.flatten] + hidden + hidden,
      strands: .forward)
  }

  /// DeepSEA: three convolutions and a hidden layer (Zhou & Troyanskaya 2015, supplementary note).
  static var deepSEA: NetworkConfiguration {
    NetworkConfiguration(
      layers: [
        .convolution(filters: 320, width: 8), .rectifier, .windowPooling(.max, window: 4),
        .dropout(rate: 0.2),
        .convolution(filters: 480, width: 8), .rectifier, .windowPooling(.max, window: 4),
        .dropout(rate: 0.2),
        .convolution(filters: 960, width: 8), .rectifier, .dropout(rate: 0.5),
        .flatten, .dense(units: 925), .rectifier,
      ], strands: .forward)
  }

  /// ExplaiNN: 100 networks of one filter each, whose outputs a linear layer weighs (Novakovsky et al. 2023, figure 1).
  ///
  /// A network is a filter of width 19, normalized, its exponential, maxima of 7 positions, a hidden layer of 100 units and
  /// an output. All stand side by side as groups of channels.
  static var explaiNN: NetworkConfiguration {
    let networks = 100
    return NetworkConfiguration(
      layers: [
        .convolution(filters: networks, width: 19, initialScale: 0.1), .batchNormalization(),
        .exponential,
        .windowPooling(.max, window: 7),
        .channelDense(units: 100), .batchNormalization(), .rectifier, .dropout(rate: 0.3),
        .convolution(filters: networks, width: 1, groups: networks), .batchNormalization(),
        .rectifier, .flatten,
      ], strands: .forward)
  }
}

extension TrainingConfiguration {
  static var lecture: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.batchSize = 1000
    return configuration
  }
}
