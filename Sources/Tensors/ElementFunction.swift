internal import Kernels

/// A function of one number that layers apply to each feature.
public enum ElementFunction: CaseIterable, Sendable {
  /// `e^x`
  case exponential
  /// `tanh x`
  case tanh
  /// `1 / (1 + e^-x)`
  case sigmoid
  /// `log(1 + e^x)`
  case softplus
  /// `x · Φ(x)`, where `Φ` is the distribution function of the standard normal distribution (Hendrycks & Gimpel
  /// 2016): the exact form, not the one with `tanh`.
  case gelu
  /// `x / (1 + e^-x)` (Elfwing et al. 2018)
  case silu

  fileprivate var kernel: ActivationFunction {
    switch self {
    case .exponential: ACTIVATION_EXPONENTIAL
    case .tanh: ACTIVATION_TANH
    case .sigmoid: ACTIVATION_SIGMOID
    case .softplus: ACTIVATION_SOFTPLUS
    case .gelu: ACTIVATION_GELU
    case .silu: ACTIVATION_SILU
    }
  }
}

extension Tensor {
  /// A function of each scalar. A scalar has the same bits whatever stands beside it.
  public func applying(_ function: ElementFunction) -> Tensor {
    let values = [Float](count: scalars.count) { output in
      activate(function.kernel, scalars, Int64(scalars.count), output)
    }
    return Tensor(shape: shape, scalars: values)
  }

  /// Applies a function to some of the scalars in their place.
  mutating func apply(_ function: ElementFunction, from first: Int, count: Int) {
    precondition(first + count <= scalars.count, "\(count) from \(first) of \(shape)")
    scalars.withUnsafeMutableBufferPointer { scalars in
      guard let own = scalars.baseAddress.map({ $0 + first }) else { return }
      activate(function.kernel, own, Int64(count), own)
    }
  }

  /// The gradient of a loss with respect to what a function read, from that with respect to its values.
  ///
  /// - Parameter values: The function of each scalar of `input`.
  public func gradient(through function: ElementFunction, of input: Tensor, values: Tensor)
    -> Tensor
  {
    precondition(
      shape == input.shape && shape == values.shape, "\(shape) of \(input.shape), \(values.shape)")
    let flow = [Float](count: scalars.count) { output in
      activation_gradient(
        function.kernel, input.scalars, values.scalars, scalars, Int64(scalars.count), output)
    }
    return Tensor(shape: shape, scalars: flow)
  }
}
