public import Tensors

/// A long short-term memory; `LSTMStates` has the formulas. In JSON `{"lstm": {"units": 64}}`.
public typealias LSTM = Recurrent<LSTMStates>

extension LSTMStates: RecurrentKind {
  public static var kind: String { "lstm" }

  /// 1 for the forget gates, so that cells keep what they hold (Gers et al. 2000), and 0 for the others.
  public static func initialBias(units: Int) -> Tensor {
    Tensor(
      shape: [sumsPerUnit * units],
      scalars: (0..<sumsPerUnit * units).map { (units..<2 * units).contains($0) ? 1 : 0 })
  }
}

extension AnyLayerConfiguration {
  public static func lstm(units: Int, output: RecurrentOutput? = nil) -> AnyLayerConfiguration {
    AnyLayerConfiguration(LSTM.Configuration(units: units, output: output))
  }
}
