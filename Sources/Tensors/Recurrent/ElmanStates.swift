/// Those of a simple recurrent network (Elman 1990): `h = tanh(sum)`.
public struct ElmanStates: RecurrentStates {
  public static let sumsPerUnit = 1
  public static let keepsProducts = false

  /// The sums of the positions ahead, and the states of those behind.
  public private(set) var hidden: Tensor

  public init(sums: Tensor, productBias: Tensor) {
    hidden = sums
  }

  /// The number of states of a position.
  private var size: Int { hidden.shape[1] * hidden.shape[2] }

  public mutating func addProduct(with weight: PackedMatrix, at position: Int) {
    let batch = hidden.shape[1]
    let before = hidden.row(position - 1)
    hidden.addProduct(before.asIs, weight, toRowsFrom: position * batch)
  }

  public mutating func step(at position: Int) {
    hidden.apply(.tanh, from: position * size, count: size)
  }

  public func stepBack(at position: Int, _ flow: inout RecurrentFlow) {
    let states = hidden.row(position)
    // The slope of tanh follows from its value alone.
    let sums = flow.hidden.row(position)
      .gradient(through: .tanh, of: states, values: states)
    flow.sums.scalars.replaceSubrange(
      position * size..<(position + 1) * size, with: sums.scalars)
  }
}
