internal import Tensors

/// What a recurrent layer gives to the layer behind.
public enum RecurrentOutput: String, NamedCase, Sendable {
  /// The states of all positions.
  case all
  /// The state of the last position.
  case last

  /// - Parameter hidden: `[position, batch, unit]`
  func reading(_ hidden: Tensor) -> Tensor {
    switch self {
    case .all: hidden.swappingFirstAxes()
    case .last: hidden.row(hidden.shape[0] - 1)
    }
  }

  /// The gradient of the hidden states, `[position, batch, unit]`, from that of the output.
  func hiddenGradient(_ gradient: Tensor, positions: Int) -> Tensor {
    switch self {
    case .all: gradient.swappingFirstAxes()
    case .last: gradient.asRow(positions - 1, of: positions)
    }
  }

  func extents(positions: Int, units: Int) -> Extents {
    switch self {
    case .all: .positions(positions, channels: units)
    case .last: .vector(units)
    }
  }
}
