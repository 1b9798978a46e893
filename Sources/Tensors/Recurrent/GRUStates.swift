internal import Kernels

/// Those of a gated recurrent unit (Cho et al. 2014): `h = (1 - z) · n + z · h'`, where the sums of the reset gate `r` and
/// of the update gate `z` go through the sigmoid, and `n = tanh(a + r · b)`, with `a` what the input adds and `b` what the
/// states before add. The reset gate stands behind the product, as in cuDNN, PyTorch and Keras. A unit's sums stand in
/// the order `r`, `z`, `n`, all units' `r` first.
public struct GRUStates: RecurrentStates {
  public static let sumsPerUnit = 3
  public static let keepsProducts = true

  private var gates: Tensor  // [position, batch, 3 · unit]
  private var products: Tensor  // [position, batch, 3 · unit]
  public private(set) var hidden: Tensor

  public init(sums: Tensor, productBias: Tensor) {
    gates = sums
    let (positions, batch) = (sums.shape[0], sums.shape[1])
    products = Tensor(repeating: productBias, count: positions * batch).reshaped(sums.shape)
    hidden = Tensor(zeros: [positions, batch, sums.shape[2] / Self.sumsPerUnit])
  }

  public mutating func addProduct(with weight: PackedMatrix, at position: Int) {
    products.addProduct(before: position, hidden, weight)
  }

  public mutating func step(at position: Int) {
    var step = RecurrentStep(of: hidden, at: position)
    gru_step(&step, &gates.scalars, products.scalars, &hidden.scalars)
  }

  public func stepBack(at position: Int, _ flow: inout RecurrentFlow) {
    var step = RecurrentStep(of: hidden, at: position)
    gru_step_gradient(
      &step, gates.scalars, products.scalars, hidden.scalars, &flow.hidden.scalars,
      &flow.sums.scalars, &flow.ownProducts.scalars)
  }
}
