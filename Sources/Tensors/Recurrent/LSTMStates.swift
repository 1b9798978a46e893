internal import Kernels

/// Those of a long short-term memory (Hochreiter & Schmidhuber 1997; Gers et al. 2000):
/// `c = f · c' + i · g`, `h = o · tanh c`, where the sums of the gates `i`, `f`, `o` go through the sigmoid and those of
/// the candidates `g` through tanh. A unit's sums stand in the order `i`, `f`, `g`, `o`, all units' `i` first.
public struct LSTMStates: RecurrentStates {
  public static let sumsPerUnit = 4
  public static let keepsProducts = false

  private var gates: Tensor  // [position, batch, 4 · unit]
  private var cells: Tensor  // [position, batch, unit]
  public private(set) var hidden: Tensor

  public init(sums: Tensor, productBias: Tensor) {
    gates = sums
    hidden = Tensor(zeros: [sums.shape[0], sums.shape[1], sums.shape[2] / Self.sumsPerUnit])
    cells = hidden
  }

  public mutating func addProduct(with weight: PackedMatrix, at position: Int) {
    gates.addProduct(before: position, hidden, weight)
  }

  public mutating func step(at position: Int) {
    var step = RecurrentStep(of: hidden, at: position)
    lstm_step(&step, &gates.scalars, &cells.scalars, &hidden.scalars)
  }

  public func stepBack(at position: Int, _ flow: inout RecurrentFlow) {
    var step = RecurrentStep(of: hidden, at: position)
    lstm_step_gradient(
      &step, gates.scalars, cells.scalars, flow.hidden.scalars, &flow.cells.scalars,
      &flow.sums.scalars)
  }
}
