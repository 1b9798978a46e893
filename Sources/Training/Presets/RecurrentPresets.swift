internal import Layers
internal import Networks

extension NetworkConfiguration {
  /// DanQ: filters, and an LSTM in both directions over their maxima (Quang & Xie 2016, figure 1).
  static var danQ: NetworkConfiguration { danQ(filters: 320, width: 26, window: 13, units: 320) }

  /// DanQ-JASPAR.
  static var danQJASPAR: NetworkConfiguration {
    danQ(filters: 1024, width: 30, window: 15, units: 512)
  }

  private static func danQ(filters: Int, width: Int, window: Int, units: Int)
    -> NetworkConfiguration
  {
    NetworkConfiguration(
      layers: [
        .convolution(filters: filters, width: width), .rectifier,
        .windowPooling(.max, window: window), .dropout(rate: 0.2),
        .bidirectional([.lstm(units: units)]), .dropout(rate: 0.5), .flatten, .dense(units: 925),
        .rectifier,
      ], strands: .forward)
  }

  /// 64 filters of width 15, an LSTM of 32 units in each direction over maxima of 5 positions, the larger state of each
  /// unit, a hidden layer of 32.
  static var convolutionalLSTM: NetworkConfiguration { convolutional(.lstm(units: 32)) }

  /// The same with a GRU.
  static var convolutionalGRU: NetworkConfiguration { convolutional(.gru(units: 32)) }

  private static func convolutional(_ recurrent: AnyLayerConfiguration) -> NetworkConfiguration {
    NetworkConfiguration(
      layers: [
        .convolution(filters: 64, width: 15), .rectifier, .windowPooling(.max, window: 5),
        .dropout(rate: 0.2), .bidirectional([recurrent]), .globalPooling(.max),
        .dense(units: 32), .rectifier, .dropout(rate: 0.3),
      ], strands: .mean)
  }
}
