public import Genomics
public import Tensors

/// Sets a random share of the features to 0 in training, and scales the others up so that their
/// mean stays (Srivastava et al. 2014). In inference it changes nothing.
public struct Dropout: AffineLayer {
  /// The chance that a feature is dropped, `0..<1`.
  public let rate: Float

  public init(rate: Float) {
    self.rate = rate
  }

  /// - Parameter input: `[batch, …]`.
  /// - Returns: The same shape, and what each feature was multiplied by; `nil` if all were kept.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Tensor?) {
    guard let pass = pass.training, rate > 0, !input.scalars.isEmpty else {
      return (input, nil)
    }
    let factors = Tensor(dropping: rate, shape: input.shape) { pass.stream(.dropout, row: $0) }
    return (input * factors, factors)
  }

  public func backward(_ gradient: Tensor, saved factors: Tensor?, wantsInput: Bool)
    -> LayerGradient
  {
    LayerGradient(input: wantsInput ? factors.map { gradient * $0 } ?? gradient : nil)
  }
}

/// `{"dropout": {"rate": 0.2}}`
extension Dropout: LayerConfiguration {
  public static let kind = "dropout"
  public static let example = Dropout(rate: 0.2)

  public func output(after input: Extents) throws(ConfigurationError) -> Extents {
    guard (0..<1).contains(rate) else {
      throw ConfigurationError(description: "rate is \(rate); take 0 to below 1")
    }
    return input
  }

  public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
    self
  }
}

extension AnyLayerConfiguration {
  public static func dropout(rate: Float) -> AnyLayerConfiguration {
    AnyLayerConfiguration(Dropout(rate: rate))
  }
}
