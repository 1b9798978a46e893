public import Tensors

/// What training changes: tensors in a fixed order.
public protocol Parameterized {
  /// Hands each parameter to a function, which may change its scalars.
  mutating func updateParameters(_ update: (inout Tensor) -> Void)
}

extension Parameterized {
  /// Nothing is learned.
  public mutating func updateParameters(_ update: (inout Tensor) -> Void) {}

  /// All parameters, in their order.
  ///
  /// - Precondition: Set to as many of the same shapes.
  public var parameters: [Tensor] {
    get {
      var copy = self
      var parameters: [Tensor] = []
      copy.updateParameters { parameters.append($0) }
      return parameters
    }
    set {
      var rest = newValue[...]
      updateParameters { parameter in
        precondition(rest.first?.shape == parameter.shape, "parameters of another network")
        parameter = rest.removeFirst()
      }
      precondition(rest.isEmpty, "parameters of another network")
    }
  }
}

extension [Tensor]: Parameterized {
  public mutating func updateParameters(_ update: (inout Tensor) -> Void) {
    for index in indices { update(&self[index]) }
  }
}
