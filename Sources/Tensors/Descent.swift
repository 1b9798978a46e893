internal import Kernels

/// What gradient descent with momentum is to do in one step.
public struct Descent: Sendable {
  public var rate: Float
  public var momentum: Float
  /// Whether the momentum is Nesterov's.
  public var isNesterov: Bool
  /// The penalties on absolute and on half the squared weights.
  public var l1: Float
  public var l2: Float

  public init(rate: Float, momentum: Float, isNesterov: Bool = true, l1: Float, l2: Float) {
    (self.rate, self.momentum, self.isNesterov) = (rate, momentum, isNesterov)
    (self.l1, self.l2) = (l1, l2)
  }

  /// `v ← μ v - η g`, `w ← w + v` (Polyak 1964), or with Nesterov's momentum `w ← w + μ v - η g` (Sutskever et al.
  /// 2013), with the penalties' slopes in `g`.
  ///
  /// - Parameter gradient: Numbers of which those from `first` on are the weights'.
  public func apply(
    _ gradient: [Float], from first: Int, to weights: inout Tensor, velocity: inout Tensor
  ) {
    precondition(first + weights.shape.count <= gradient.count && velocity.shape == weights.shape)
    var step = DescentStep(
      rate: rate, momentum: momentum, l1: l1, l2: l2, nesterov: isNesterov ? 1 : 0)
    gradient.withUnsafeBufferPointer { gradient in
      guard let own = gradient.baseAddress.map({ $0 + first }) else { return }
      descend(&step, Int64(weights.scalars.count), own, &velocity.scalars, &weights.scalars)
    }
  }
}

/// What Adam is to do in one step.
public struct Adam: Sendable {
  public var rate: Float
  /// The decay rates of the two moments.
  public var decays: (first: Float, second: Float)
  /// What makes up for moments that began at 0: `1 / (1 - decay^step)`.
  public var corrections: (first: Float, second: Float)
  public var l1: Float
  public var l2: Float
  /// Whether the penalties are taken from the weights themselves (Loshchilov & Hutter 2019), not added to the gradient.
  public var isDecoupled: Bool

  private static let epsilon: Float = 1e-8

  /// - Parameter step: Counted from 1.
  public init(
    rate: Float, decays: (first: Float, second: Float), step: Int, l1: Float, l2: Float,
    isDecoupled: Bool = true
  ) {
    self.rate = rate
    self.decays = decays
    corrections = (
      1 / (1 - power(decays.first, step)), 1 / (1 - power(decays.second, step))
    )
    (self.l1, self.l2, self.isDecoupled) = (l1, l2, isDecoupled)
  }

  /// Kingma & Ba 2015, algorithm 1.
  ///
  /// - Parameter gradient: Numbers of which those from `start` on are the weights'.
  public func apply(
    _ gradient: [Float], from start: Int, to weights: inout Tensor, moments first: inout Tensor,
    _ second: inout Tensor
  ) {
    precondition(
      start + weights.shape.count <= gradient.count && first.shape == weights.shape
        && second.shape == weights.shape)
    var step = AdamStep(
      rate: rate, first_decay: decays.first, second_decay: decays.second,
      first_correction: corrections.first, second_correction: corrections.second,
      epsilon: Self.epsilon, l1: isDecoupled ? l1 : 0, l2: isDecoupled ? l2 : 0,
      slope_l1: isDecoupled ? 0 : l1, slope_l2: isDecoupled ? 0 : l2)
    gradient.withUnsafeBufferPointer { gradient in
      guard let own = gradient.baseAddress.map({ $0 + start }) else { return }
      adapt(
        &step, Int64(weights.scalars.count), own, &first.scalars, &second.scalars,
        &weights.scalars)
    }
  }
}

/// What RMSprop is to do in one step.
public struct RootDescent: Sendable {
  public var rate: Float
  public var momentum: Float
  /// The decay rate of the mean square.
  public var decay: Float
  public var l1: Float
  public var l2: Float

  private static let epsilon: Float = 1e-8

  public init(rate: Float, momentum: Float, decay: Float, l1: Float, l2: Float) {
    (self.rate, self.momentum, self.decay) = (rate, momentum, decay)
    (self.l1, self.l2) = (l1, l2)
  }

  /// `s ← ρ s + (1 - ρ) g²`, `v ← μ v + g / (√s + ε)`, `w ← w - η v` (Tieleman & Hinton 2012), with the penalties' slopes
  /// in `g`.
  ///
  /// - Parameter gradient: Numbers of which those from `first` on are the weights'.
  public func apply(
    _ gradient: [Float], from first: Int, to weights: inout Tensor, velocity: inout Tensor,
    squares: inout Tensor
  ) {
    precondition(
      first + weights.shape.count <= gradient.count && velocity.shape == weights.shape
        && squares.shape == weights.shape)
    var step = RootStep(
      rate: rate, momentum: momentum, decay: decay, epsilon: Self.epsilon, l1: l1, l2: l2)
    gradient.withUnsafeBufferPointer { gradient in
      guard let own = gradient.baseAddress.map({ $0 + first }) else { return }
      descend_by_root(
        &step, Int64(weights.scalars.count), own, &velocity.scalars, &squares.scalars,
        &weights.scalars)
    }
  }
}

/// `base` to a whole power, by squaring: the same on every machine.
private func power(_ base: Float, _ exponent: Int) -> Float {
  var (result, factor, rest) = (Float(1), base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= factor }
    factor *= factor
    rest >>= 1
  }
  return result
}
