package import Datasets
package import Genomics
public import Layers
public import Tensors

/// What the visible units of a machine are.
public enum VisibleUnits: String, Codable, Sendable {
  /// Groups of four of which one is on: the bases of a sequence.
  case bases
  /// Units of their own, on or off: the hidden units of a machine below.
  case binary
}

/// A restricted Boltzmann machine: visible and hidden units, coupled with each other and not among themselves (Smolensky 1986;
/// Hinton 2002).
///
/// The energy is `E(v, h) = -b·v - c·h - v·W·h`, the probability `exp(-E) / Z`. Given one side the units of the other side are
/// independent: `P(h_j = 1 | v) = sigmoid(c_j + (v·W)_j)`, and the bases of a position have the softmax of `b + W·h` over its four
/// units.
public struct RestrictedBoltzmannMachine: ParameterHolder, Equatable, Sendable {
  public let units: VisibleUnits
  public var weight: Tensor  // [visible, hidden]
  public var visibleBias: Tensor  // [visible]
  public var hiddenBias: Tensor  // [hidden]

  public init(units: VisibleUnits, weight: Tensor, visibleBias: Tensor, hiddenBias: Tensor) {
    precondition(
      weight.shape == [visibleBias.scalars.count, hiddenBias.scalars.count],
      "weights of \(weight.shape)")
    precondition(units == .binary || visibleBias.scalars.count % 4 == 0, "bases of four units")
    self.units = units
    (self.weight, self.visibleBias, self.hiddenBias) = (weight, visibleBias, hiddenBias)
  }

  /// A machine with small random weights (Hinton 2010, section 8).
  ///
  /// - Parameter means: How often each visible unit is on; the visible biases start there.
  public init(units: VisibleUnits, means: [Double], hidden: Int, seed: UInt64) {
    let visible = means.count
    var random = RandomStream(seed: seed, .energyTraining, hidden)
    self.init(
      units: units,
      weight: Tensor(
        shape: [visible, hidden],
        scalars: (0..<visible * hidden).map { _ in Float(0.01 * random.normal()) }),
      visibleBias: Tensor(
        shape: [visible],
        scalars: means.map { mean in
          let share = min(max(mean, 1e-3), 1 - 1e-3)
          return Float(
            portableLogarithm(share) - (units == .binary ? portableLogarithm(1 - share) : 0))
        }),
      hiddenBias: Tensor(zeros: [hidden]))
  }

  public var visibleCount: Int { visibleBias.scalars.count }
  public var hiddenCount: Int { hiddenBias.scalars.count }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("weight", .weight, &weight)
    try visit("visibleBias", .bias, &visibleBias)
    try visit("hiddenBias", .bias, &hiddenBias)
  }

  /// What the hidden units have for logits, `[batch, hidden]`.
  ///
  /// - Parameter visible: `[batch, visible]`.
  public func hiddenLogits(_ visible: Tensor) -> Tensor {
    visible.mapped(weight: weight, bias: hiddenBias)
  }

  /// The probabilities that hidden units are on, `[batch, hidden]`.
  public func hiddenMeans(_ visible: Tensor) -> Tensor {
    hiddenLogits(visible).applying(.sigmoid)
  }

  /// The logits of the visible units, `[batch, visible]`.
  ///
  /// A row has the same bits whatever stands beside it, so that a chain does too.
  public func visibleLogits(_ hidden: Tensor) -> Tensor {
    var logits = Tensor(repeating: visibleBias, count: hidden.shape[0])
    logits.addProduct(hidden.asIs, weight.transposed, order: .sameForEachRow)
    return logits
  }

  /// The probabilities of the visible units, `[batch, visible]`.
  public func visibleMeans(_ hidden: Tensor) -> Tensor {
    visibleLogits(hidden).means(of: units)
  }

  /// The free energy of each row, `F(v) = -b·v - Σ_j log(1 + exp(c_j + (v·W)_j))`: `P(v) = exp(-F(v)) / Z`.
  ///
  /// - Parameter visible: `[batch, visible]`.
  public func freeEnergies(_ visible: Tensor) -> [Double] {
    let (logits, count) = (hiddenLogits(visible).scalars, hiddenCount)
    return (0..<visible.shape[0]).map { row in
      var energy = 0.0
      for unit in 0..<visibleCount {
        energy -=
          Double(visible.scalars[row * visibleCount + unit])
          * Double(visibleBias.scalars[unit])
      }
      for unit in 0..<count { energy -= softplus(Double(logits[row * count + unit])) }
      return energy
    }
  }
}

extension SequenceBatch {
  /// Sequences of one length with four numbers per base, `[batch, 4 · length]`; an unknown base is 0.25 of each.
  package var visibleUnits: Tensor {
    let oneHot = oneHot()
    return oneHot.reshaped([oneHot.shape[0], oneHot.shape[1] * oneHot.shape[2]])
  }
}

extension Tensor {
  /// The sequences whose bases are the largest of each four numbers, of `[batch, 4 · length]`.
  package var sequences: [EncodedSequence] {
    let width = shape.lastExtent
    return stride(from: 0, to: scalars.count, by: max(1, width)).map { first in
      EncodedSequence(
        codes: stride(from: first, to: first + width, by: 4).map { position in
          UInt8((0..<4).max { scalars[position + $0] < scalars[position + $1] } ?? 0)
        })
    }
  }
}
