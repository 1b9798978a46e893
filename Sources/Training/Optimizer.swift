public import Layers
public import Tensors

/// How parameters follow their gradients.
public enum OptimizerKind: String, NamedCase, Sendable {
  /// Stochastic gradient descent with Nesterov momentum (Sutskever et al. 2013).
  case sgd
  /// Stochastic gradient descent with classical momentum (Polyak 1964).
  case momentum
  /// RMSprop (Tieleman & Hinton 2012), with momentum.
  case rmsprop
  /// Adam (Kingma & Ba 2015), penalties taken from the weights themselves (AdamW; Loshchilov & Hutter 2019).
  case adam
  /// Adam with the penalties in the gradient.
  case adamL2

  /// The number of tensors that it remembers per parameter.
  var memoriesPerParameter: Int {
    switch self {
    case .sgd, .momentum: 1
    case .rmsprop, .adam, .adamL2: 2
    }
  }
}

/// An optimizer and what it remembers of the steps before.
public struct Optimizer: Sendable {
  public let kind: OptimizerKind
  /// The momentum, or Adam's first decay rate.
  public let momentum: Float
  /// Adam's second decay rate, or that of RMSprop.
  public let secondMomentum: Float
  /// The penalties on absolute and on squared weights (half their sum of squares): added to the
  /// gradient; with `adam` taken from the weights themselves, scaled by the learning rate. Parameters of another role
  /// than `weight` carry none.
  public let l1: Float
  public let l2: Float
  /// The factors of the learning rates of the trained parameters, in their order; empty if all are 1. A parameter with 0 stays
  /// as it is.
  let rateFactors: [Float]
  /// Steps taken.
  public internal(set) var step = 0
  /// For each trained parameter the velocity or the first moment; behind those of all parameters the mean squares, if
  /// the kind has some.
  public internal(set) var memory: [Tensor]

  /// - Parameters:
  ///   - rateFactors: One per trained parameter, or none.
  ///   - holder: What is to be trained.
  public init(
    _ kind: OptimizerKind, momentum: Float, secondMomentum: Float = 0.999, l1: Float, l2: Float,
    rateFactors: [Float] = [], training holder: some ParameterHolder
  ) {
    self.rateFactors = rateFactors
    self.kind = kind
    self.momentum = momentum
    self.secondMomentum = secondMomentum
    self.l1 = l1
    self.l2 = l2
    var (zeros, copy): ([Tensor], _) = ([], holder)
    copy.updateParameters { role, parameter in
      if role != .statistic { zeros.append(Tensor(zeros: parameter.shape)) }
    }
    memory = [[Tensor]](repeating: zeros, count: kind.memoriesPerParameter).flatMap { $0 }
  }

  /// Takes one step: changes the trained parameters of what holds some.
  ///
  /// - Parameter gradient: That of every trained parameter, one after the other; what is behind them is left
  ///   alone.
  public mutating func update(
    _ holder: inout some ParameterHolder, gradient: [Float], learningRate: Float
  ) {
    step += 1
    var (index, first) = (0, 0)
    holder.updateParameters { role, parameter in
      guard role != .statistic else { return }
      let factor = rateFactors.isEmpty ? 1 : rateFactors[index]
      if factor > 0 {
        move(
          &parameter, Slopes(gradient: gradient, first: first), index,
          rate: factor * learningRate, penalized: role == .weight)
      }
      index += 1
      first += parameter.scalars.count
    }
  }

  /// The gradient of a parameter among those of all.
  private struct Slopes {
    let gradient: [Float]
    let first: Int
  }

  /// - Parameter index: The parameter's place among the trained ones.
  private mutating func move(
    _ parameter: inout Tensor, _ slopes: Slopes, _ index: Int, rate: Float, penalized: Bool
  ) {
    let (l1, l2) = penalized ? (l1, l2) : (0, 0)
    let second = memory.count / 2 + index
    var squares = Tensor(zeros: [0])
    if kind.memoriesPerParameter == 2 { swap(&squares, &memory[second]) }
    switch kind {
    case .sgd, .momentum:
      Descent(rate: rate, momentum: momentum, isNesterov: kind == .sgd, l1: l1, l2: l2).apply(
        slopes.gradient, from: slopes.first, to: &parameter, velocity: &memory[index])
    case .rmsprop:
      RootDescent(rate: rate, momentum: momentum, decay: secondMomentum, l1: l1, l2: l2).apply(
        slopes.gradient, from: slopes.first, to: &parameter, velocity: &memory[index],
        squares: &squares)
    case .adam, .adamL2:
      Adam(
        rate: rate, decays: (momentum, secondMomentum), step: step, l1: l1, l2: l2,
        isDecoupled: kind == .adam
      ).apply(
        slopes.gradient, from: slopes.first, to: &parameter, moments: &memory[index], &squares)
    }
    if kind.memoriesPerParameter == 2 { swap(&squares, &memory[second]) }
  }
}
