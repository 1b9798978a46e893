public import Tensors

/// Sets a random share of the features to 0 in training, and scales the others up so that their
/// mean stays (Srivastava et al. 2014). In inference it changes nothing.
public struct Dropout: Layer {
  /// The chance that a feature is dropped, `0..<1`.
  public let rate: Float

  public init(rate: Float) {
    precondition((0..<1).contains(rate), "a dropout rate of \(rate)")
    self.rate = rate
  }

  /// - Parameter input: `[batch, …]`.
  /// - Returns: The same shape, and what each feature was multiplied by; `nil` where all were kept.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Tensor?) {
    guard case .training(let pass) = pass, rate > 0, !input.scalars.isEmpty else {
      return (input, nil)
    }
    let factors = Tensor(dropping: rate, shape: input.shape) { pass.stream(.dropout, row: $0) }
    return (input * factors, factors)
  }

  public func backward(_ outputGradient: Tensor, saved factors: Tensor?) -> LayerGradient {
    LayerGradient(input: factors.map { outputGradient * $0 } ?? outputGradient)
  }
}
