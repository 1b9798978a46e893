public import Networks
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
  /// Adam's second decay rate.
  public let secondMomentum: Float
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

  public init(
    _ kind: OptimizerKind, momentum: Float, secondMomentum: Float = 0.999, l1: Float, l2: Float,
    parameters: [Tensor]
  ) {
    self.kind = kind
    self.momentum = momentum
    self.secondMomentum = secondMomentum
    self.l1 = l1
    self.l2 = l2
    let zeros = parameters.map { Tensor(zeros: $0.shape) }
    memory = kind == .adam ? zeros + zeros : zeros
  }

  /// Takes one step: changes the parameters of a network, or of whatever has some.
  ///
  /// - Parameter gradients: In the order of the parameters.
  public mutating func update(
    _ network: inout some Parameterized, gradients: [Tensor], learningRate: Float
  ) {
    step += 1
    var index = 0
    network.updateParameters { parameter in
      let isPenalized = parameter.shape.rank > 1
      let (l1, l2) = isPenalized ? (l1, l2) : (0, 0)
      switch kind {
      case .sgd:
        Descent(rate: learningRate, momentum: momentum, l1: l1, l2: l2)
          .apply(gradients[index], to: &parameter, velocity: &memory[index])
      case .adam:
        let second = gradients.count + index
        var moment = memory[second]
        memory[second].scalars = []
        Adam(
          rate: learningRate, decays: (momentum, secondMomentum), step: step, l1: l1, l2: l2
        ).apply(gradients[index], to: &parameter, moments: &memory[index], &moment)
        memory[second] = moment
      }
      index += 1
    }
  }
}
