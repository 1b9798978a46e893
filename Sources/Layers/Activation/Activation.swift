public import Genomics
public import Tensors

/// A function without parameters that keeps the shape: its own configuration.
///
/// A new one takes a file with `kind`, `values` and `flow`, and a line in `AnyLayerConfiguration.kinds`.
public protocol Activation: Layer, LayerConfiguration where Saved == ActivationTrace {
  init()

  /// The function of the features.
  func values(_ input: Tensor) -> Tensor

  /// The gradient of what the function read, from that of its values.
  func flow(_ gradient: Tensor, _ trace: ActivationTrace) -> Tensor
}

/// What an activation read, and what it made of that.
public struct ActivationTrace: Sendable {
  public let input: Tensor
  public let values: Tensor
}

extension Activation {
  public static var example: Self { Self() }

  /// - Parameter input: Any shape.
  /// - Returns: The same shape.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: ActivationTrace) {
    let output = values(input)
    return (output, ActivationTrace(input: input, values: output))
  }

  public func backward(_ gradient: Tensor, saved: ActivationTrace, wantsInput: Bool)
    -> LayerGradient
  {
    LayerGradient(input: wantsInput ? flow(gradient, saved) : nil)
  }

  public func output(after input: Extents) throws(ConfigurationError) -> Extents { input }

  public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
    self
  }
}

/// A function of each feature alone.
public protocol FeatureActivation: Activation {}

extension FeatureActivation {
  /// The rescale rule.
  public func multipliers(
    _ outer: Tensor, at passage: LayerPassage, from reference: LayerPassage
  ) -> Tensor {
    outer.rescaled(
      by: (passage.input, passage.output), from: (reference.input, reference.output),
      gradient: inputGradientErased(outer, saved: passage.saved))
  }
}

/// A function of each feature alone that `Tensors` computes.
public protocol FunctionActivation: FeatureActivation {
  static var function: ElementFunction { get }
}

extension FunctionActivation {
  public func values(_ input: Tensor) -> Tensor { input.applying(Self.function) }

  public func flow(_ gradient: Tensor, _ trace: ActivationTrace) -> Tensor {
    gradient.gradient(through: Self.function, of: trace.input, values: trace.values)
  }
}
