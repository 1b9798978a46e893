public import Genomics
public import Tensors

extension RestrictedBoltzmannMachine {
  /// Draws hidden units given the visible ones, `[batch, hidden]`, each row by a stream of its own.
  ///
  /// - Parameter temperature: What logits are divided by.
  func drawnHidden(
    _ visible: Tensor, temperature: Float = 1, using streams: inout [RandomStream]
  ) -> Tensor {
    hiddenLogits(visible).tempered(temperature).means(of: .binary).drawn(.binary, using: &streams)
  }

  /// Draws visible units given the hidden ones, `[batch, visible]`.
  func drawnVisible(
    _ hidden: Tensor, temperature: Float = 1, using streams: inout [RandomStream]
  ) -> Tensor {
    visibleLogits(hidden).tempered(temperature).means(of: units).drawn(units, using: &streams)
  }

  /// Takes steps of Gibbs sampling: hidden units given visible ones, then visible ones given those.
  ///
  /// - Parameter streams: One per row.
  public func gibbs(
    _ visible: Tensor, steps: Int, temperature: Float = 1, using streams: inout [RandomStream]
  ) -> Tensor {
    var visible = visible
    for _ in 0..<steps {
      let hidden = drawnHidden(visible, temperature: temperature, using: &streams)
      visible = drawnVisible(hidden, temperature: temperature, using: &streams)
    }
    return visible
  }

  /// Rows that are drawn without regard to weights or biases, `[count, visible]`.
  package func chance(_ streams: inout [RandomStream]) -> Tensor {
    let shape: Shape = [streams.count, visibleCount]
    let share: Float = units == .bases ? 0.25 : 0.5
    let means = Tensor(shape: shape, scalars: [Float](repeating: share, count: shape.count))
    return means.drawn(units, using: &streams)
  }

  /// Draws by chains that start at chance, hot, and cool to a temperature in the first half of their steps (simulated annealing,
  /// Kirkpatrick, Gelatt & Vecchi 1983).
  ///
  /// - Parameter highest: The factor of the temperature at the start.
  public func dreams(
    steps: Int, temperature: Float = 1, highest: Float = 4, using streams: inout [RandomStream]
  ) -> Tensor {
    var visible = chance(&streams)
    for step in 0..<steps {
      let heat = max(0, 1 - 2 * Float(step) / Float(steps))
      visible = gibbs(
        visible, steps: 1, temperature: temperature * (1 + (highest - 1) * heat), using: &streams)
    }
    return visible
  }
}
