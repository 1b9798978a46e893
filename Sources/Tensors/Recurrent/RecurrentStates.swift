internal import Kernels

/// The states of a recurrent layer at all positions, positions outermost: what a cell computes step by step.
///
/// A cell sums up what the input and the states before add, several sums per unit, and makes the next states of them.
public protocol RecurrentStates: Sendable {
  /// The number of sums per unit.
  static var sumsPerUnit: Int { get }
  /// Whether the cell keeps what the states before add apart from what the input adds.
  static var keepsProducts: Bool { get }

  /// - Parameters:
  ///   - sums: What the input adds, `[position, batch, sum]`.
  ///   - productBias: `[sum]`, added to what the states before add; empty unless the cell keeps that apart.
  init(sums: Tensor, productBias: Tensor)

  /// The hidden states of the positions that were stepped over, `[position, batch, unit]`.
  var hidden: Tensor { get }

  /// Adds what the states before a position add: their product with weights, `[unit, sum]`.
  mutating func addProduct(with weight: PackedMatrix, at position: Int)

  /// Makes the states of a position.
  mutating func step(at position: Int)

  /// Carries the gradient of a position's hidden states back to its sums, and to the states before as far as it
  /// doesn't flow through the product.
  func stepBack(at position: Int, _ flow: inout RecurrentFlow)
}

/// The gradients of a loss with respect to what a recurrent layer computes.
public struct RecurrentFlow: Sendable {
  /// That of the hidden states, `[position, batch, unit]`.
  public var hidden: Tensor
  /// That of the sums, `[position, batch, sum]`.
  public var sums: Tensor
  /// That of what the states before add; empty if it is that of the sums.
  var ownProducts: Tensor
  /// That of what a cell keeps besides hidden states, from the position behind, `[batch, unit]`.
  var cells: Tensor

  /// - Parameter hidden: The gradient of the hidden states, as far as it comes from the layer behind.
  public init<States: RecurrentStates>(hidden: Tensor, of states: States.Type) {
    self.hidden = hidden
    let (positions, batch, units) = (hidden.shape[0], hidden.shape[1], hidden.shape[2])
    sums = Tensor(zeros: [positions, batch, States.sumsPerUnit * units])
    ownProducts = Tensor(zeros: States.keepsProducts ? sums.shape : [0])
    cells = Tensor(zeros: [batch, units])
  }

  /// That of what the states before add.
  public var products: Tensor { ownProducts.shape.count > 0 ? ownProducts : sums }

  /// Carries the gradient of what the states before a position add back to them.
  ///
  /// - Parameter weight: The transposed weights, `[sum, unit]`.
  /// - Precondition: The position isn't the first.
  public mutating func passBack(through weight: PackedMatrix, at position: Int) {
    let batch = hidden.shape[1]
    hidden.addProduct(
      products.rows(position * batch..<(position + 1) * batch), weight,
      toRowsFrom: (position - 1) * batch)
  }
}

extension RecurrentStep {
  /// - Parameter hidden: `[position, batch, unit]`
  init(of hidden: Tensor, at position: Int) {
    self.init(
      rows: Int64(hidden.shape[1]), units: Int64(hidden.shape[2]), position: Int64(position))
  }
}

extension Tensor {
  /// Adds the product of the states before a position and weights to the sums of that position.
  mutating func addProduct(before position: Int, _ hidden: Tensor, _ weight: PackedMatrix) {
    let batch = hidden.shape[1]
    addProduct(
      hidden.rows((position - 1) * batch..<position * batch), weight,
      toRowsFrom: position * batch)
  }
}
