public import Tensors

/// How parameters follow their gradients.
public enum OptimizerKind: String, Codable, Sendable, CaseIterable {
  /// Stochastic gradient descent with Nesterov momentum (Sutskever et al. 2013).
  case sgd
  /// Adam (Kingma & Ba 2015).
  case adam
}

/// An optimizer and what it remembers of the steps before.
public struct Optimizer: Sendable {
  public let kind: OptimizerKind
  /// The momentum, or Adam's first decay rate.
  public let momentum: Float
  /// The penalties on absolute and on squared weights (half their sum of squares): added to the
  /// gradient with SGD; with Adam taken from the weights themselves, scaled by the learning rate
  /// (Loshchilov & Hutter 2019). Biases, of rank 1, carry none.
  public let l1: Float
  public let l2: Float
  /// Steps taken.
  public internal(set) var step = 0
  /// For each parameter the velocity (SGD), or the two moments (Adam), moments of all parameters
  /// first.
  public internal(set) var memory: [Tensor]

  private static let secondDecay: Float = 0.999
  private static let epsilon: Float = 1e-8

  public init(
    _ kind: OptimizerKind, momentum: Float, l1: Float, l2: Float, parameters: [Tensor]
  ) {
    self.kind = kind
    self.momentum = momentum
    self.l1 = l1
    self.l2 = l2
    let zeros = parameters.map { Tensor(zeros: $0.shape) }
    memory = kind == .adam ? zeros + zeros : zeros
  }

  /// Takes one step.
  public mutating func update(
    _ parameters: inout [Tensor], gradients: [Tensor], learningRate: Float
  ) {
    step += 1
    for index in parameters.indices {
      let penalized = parameters[index].shape.rank > 1
      let (l1, l2) = penalized ? (l1, l2) : (0, 0)
      let parameterCount = parameters.count
      switch kind {
      case .sgd:
        Self.descend(
          &parameters[index].scalars, gradients[index].scalars, &memory[index].scalars,
          rate: learningRate, momentum: momentum, l1: l1, l2: l2)
      case .adam:
        var second = memory[parameterCount + index].scalars
        memory[parameterCount + index].scalars = []
        adapt(
          &parameters[index].scalars, gradients[index].scalars, &memory[index].scalars, &second,
          rate: learningRate, l1: l1, l2: l2)
        memory[parameterCount + index].scalars = second
      }
    }
  }

  private static func descend(
    _ weights: inout [Float], _ gradient: [Float], _ velocity: inout [Float], rate: Float,
    momentum: Float, l1: Float, l2: Float
  ) {
    for index in weights.indices {
      let weight = weights[index]
      let slope = gradient[index] + l2 * weight + l1 * weight.sign
      velocity[index] = momentum * velocity[index] - rate * slope
      weights[index] += momentum * velocity[index] - rate * slope
    }
  }

  private func adapt(
    _ weights: inout [Float], _ gradient: [Float], _ first: inout [Float], _ second: inout [Float],
    rate: Float, l1: Float, l2: Float
  ) {
    let firstCorrection = 1 / (1 - power(momentum, step))
    let secondCorrection = 1 / (1 - power(Self.secondDecay, step))
    for index in weights.indices {
      let slope = gradient[index]
      first[index] = momentum * first[index] + (1 - momentum) * slope
      second[index] = Self.secondDecay * second[index] + (1 - Self.secondDecay) * slope * slope
      let weight = weights[index]
      let stride =
        first[index] * firstCorrection
        / ((second[index] * secondCorrection).squareRoot() + Self.epsilon)
      weights[index] = weight - rate * (stride + l2 * weight + l1 * weight.sign)
    }
  }
}

extension Float {
  /// -1, 0 or 1.
  fileprivate var sign: Float { self > 0 ? 1 : self < 0 ? -1 : 0 }
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
