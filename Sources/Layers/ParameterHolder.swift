public import Tensors

/// What training does with a parameter.
public enum ParameterRole: String, Sendable {
  /// Trained, and decayed by the penalties `l1` and `l2`.
  case weight
  /// Trained, and not decayed.
  case bias
  /// Not trained: a figure that the layer keeps of the batches that it has seen, such as a running mean.
  case statistic
}

/// What holds parameters: tensors, each with a path and a role.
///
/// A path, such as `layers.3.inner.0.weight`, names a parameter in model files and checkpoints.
public protocol ParameterHolder {
  /// Hands each parameter to a function, in a fixed order. The function may change its scalars, not its shape.
  mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void) rethrows

  /// The same without paths, which take longer to make than a small layer to update.
  mutating func updateParameters(_ update: (ParameterRole, inout Tensor) -> Void)
}

extension ParameterHolder {
  /// There are none.
  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {}

  public mutating func updateParameters(_ update: (ParameterRole, inout Tensor) -> Void) {
    visitParameters { update($1, &$2) }
  }

  /// All parameters, in their order.
  ///
  /// - Precondition: Set to as many of the same shapes.
  public var parameters: [Tensor] {
    get {
      var copy = self
      var parameters: [Tensor] = []
      copy.updateParameters { parameters.append($1) }
      return parameters
    }
    set {
      var rest = newValue[...]
      updateParameters { _, parameter in
        precondition(rest.first?.shape == parameter.shape, "parameters of another network")
        parameter = rest.removeFirst()
      }
      precondition(rest.isEmpty, "parameters of another network")
    }
  }

  /// The path of each parameter, in their order.
  public var parameterPaths: [String] { listed { path, _ in path } }

  /// The role of each parameter, in their order.
  public var parameterRoles: [ParameterRole] { listed { _, role in role } }

  private func listed<Value>(_ value: (String, ParameterRole) -> Value) -> [Value] {
    var copy = self
    var values: [Value] = []
    copy.visitParameters { path, role, _ in values.append(value(path, role)) }
    return values
  }
}
