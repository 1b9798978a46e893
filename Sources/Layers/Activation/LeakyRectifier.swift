public import Tensors

/// `x` above 0, and `slope · x` below (Maas et al. 2013); in JSON `{"leakyRectifier": {"slope": 0.01}}`.
public struct LeakyRectifier: FeatureActivation {
  public static let kind = "leakyRectifier"
  public static let example = LeakyRectifier(slope: 0.01)

  /// The slope below 0; by default 0.01.
  public var slope: Float?

  public init() {}

  public init(slope: Float?) {
    self.slope = slope
  }

  private var slopeBelowZero: Float { slope ?? 0.01 }

  public func output(after input: Extents) throws(ConfigurationError) -> Extents {
    guard (0...1).contains(slopeBelowZero) else {
      throw ConfigurationError(description: "slope is \(slopeBelowZero); take 0 to 1")
    }
    return input
  }

  public func values(_ input: Tensor) -> Tensor {
    let slope = slopeBelowZero
    return input.map { max($0, 0) + slope * min($0, 0) }
  }

  public func flow(_ gradient: Tensor, _ trace: ActivationTrace) -> Tensor {
    let slope = slopeBelowZero
    return gradient * trace.input.map { $0 > 0 ? 1 : slope }
  }
}

extension AnyLayerConfiguration {
  public static func leakyRectifier(slope: Float? = nil) -> AnyLayerConfiguration {
    AnyLayerConfiguration(LeakyRectifier(slope: slope))
  }
}
