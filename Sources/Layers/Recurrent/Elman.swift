public import Tensors

/// A simple recurrent network (Elman 1990), `h = tanh(input · inputWeight + h' · recurrentWeight + bias)`. In JSON
/// `{"elman": {"units": 64}}`.
public typealias Elman = Recurrent<ElmanStates>

extension ElmanStates: RecurrentKind {
  public static var kind: String { "elman" }
}

extension AnyLayerConfiguration {
  public static func elman(units: Int, output: RecurrentOutput? = nil) -> AnyLayerConfiguration {
    AnyLayerConfiguration(Elman.Configuration(units: units, output: output))
  }
}
