public import Tensors

/// Gated recurrent units; `GRUStates` has the formulas. In JSON `{"gru": {"units": 64}}`.
public typealias GRU = Recurrent<GRUStates>

extension GRUStates: RecurrentKind {
  public static var kind: String { "gru" }
}

extension AnyLayerConfiguration {
  public static func gru(units: Int, output: RecurrentOutput? = nil) -> AnyLayerConfiguration {
    AnyLayerConfiguration(GRU.Configuration(units: units, output: output))
  }
}
