public import Layers
public import Tensors

/// How parameters follow their gradients.
public enum OptimizerKind: String, NamedCase, Sendable {
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
  /// Adam's second decay rate.
  public let secondMomentum: Float
  /// The penalties on absolute and on squared weights (half their sum of squares): added to the
  /// gradient with SGD; with Adam taken from the weights themselves, scaled by the learning rate
  /// (Loshchilov & Hutter 2019). Parameters of another role than `weight` carry none.
  public let l1: Float
  public let l2: Float
  /// Steps taken.
  public internal(set) var step = 0
  /// For each trained parameter the velocity (SGD), or the two moments (Adam), moments of all parameters
  /// first.
  public internal(set) var memory: [Tensor]

  /// - Parameter holder: What is to be trained.
  public init(
    _ kind: OptimizerKind, momentum: Float, secondMomentum: Float = 0.999, l1: Float, l2: Float,
    training holder: some ParameterHolder
  ) {
    self.kind = kind
    self.momentum = momentum
    self.secondMomentum = secondMomentum
    self.l1 = l1
    self.l2 = l2
    var (zeros, copy): ([Tensor], _) = ([], holder)
    copy.updateParameters { role, parameter in
      if role != .statistic { zeros.append(Tensor(zeros: parameter.shape)) }
    }
    memory = kind == .adam ? zeros + zeros : zeros
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
    let count = kind == .adam ? memory.count / 2 : memory.count
    holder.updateParameters { role, parameter in
      guard role != .statistic else { return }
      let (l1, l2) = role == .weight ? (l1, l2) : (0, 0)
      switch kind {
      case .sgd:
        Descent(rate: learningRate, momentum: momentum, l1: l1, l2: l2)
          .apply(gradient, from: first, to: &parameter, velocity: &memory[index])
      case .adam:
        let second = count + index
        var moment = memory[second]
        memory[second].scalars = []
        Adam(
          rate: learningRate, decays: (momentum, secondMomentum), step: step, l1: l1, l2: l2
        ).apply(gradient, from: first, to: &parameter, moments: &memory[index], &moment)
        memory[second] = moment
      }
      index += 1
      first += parameter.scalars.count
    }
  }
}
