public import Genomics
public import Tensors

extension SelfAttention {
  /// `{"selfAttention": {"heads": 8, "size": 32, "distance": 64}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "selfAttention"
    public static let example = Configuration(heads: 8, size: 32, distance: 64)

    public var heads: Int
    /// The extent of a head's queries, keys and values; by default the channels over the heads.
    public var size: Int?
    /// The largest distance that has a bias of its own. Without one, positions don't matter.
    public var distance: Int?

    public init(heads: Int, size: Int? = nil, distance: Int? = nil) {
      (self.heads, self.size, self.distance) = (heads, size, distance)
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      let (positions, channels) = try input.requirePositions()
      try check(heads, in: 1...1024, "heads")
      guard size != nil || channels % heads == 0 else {
        throw ConfigurationError(
          description: "\(channels) channels for \(heads) heads; take a number of heads that "
            + "divides them, or give size")
      }
      try check(size(input), in: Limit.width, "size")
      try check(distance ?? 0, in: 0...Limit.units.upperBound, "distance")
      try check(positions, in: 0...Limit.attendedPositions, "the number of positions")
      try checkForPositions(positions)
      return input
    }

    private func size(_ input: Extents) -> Int { size ?? input.channels / heads }

    public func parameterShapes(reading input: Extents) -> [Shape] {
      let (channels, features) = (input.channels, heads * size(input))
      return [[channels, 3 * features], [3 * features], [features, channels], [channels]]
        + (distance.map { [[heads, 2 * $0 + 1]] } ?? [])
    }

    public func multiplyAdds(reading input: Extents) -> Int {
      guard case .positions(let positions, let channels) = input else { return 0 }
      let (product, overflow) = positions.multipliedReportingOverflow(
        by: heads * size(input) * (4 * channels + 2 * positions))
      return overflow ? .max : product
    }

    /// The scores and their shares, and queries, keys and values.
    public func keptFeatures(reading input: Extents) -> Int {
      guard case .positions(let positions, _) = input else { return 0 }
      return heads * positions * (2 * positions + 4 * size(input))
    }

    /// Draws weights from normal distributions of variance `2 / (rows + columns)` of each of the four matrices (Glorot &
    /// Bengio 2010); biases are 0.
    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      let (channels, features) = (input.channels, heads * size(input))
      let scale = (2 / Float(channels + features)).squareRoot()
      return SelfAttention(
        weight: Tensor(normal: [channels, 3 * features], scale: scale, using: &random),
        bias: Tensor(zeros: [3 * features]),
        outputWeight: Tensor(normal: [features, channels], scale: scale, using: &random),
        outputBias: Tensor(zeros: [channels]),
        distanceBias: Tensor(zeros: [heads, distance.map { 2 * $0 + 1 } ?? 0]))
    }
  }
}

extension AnyLayerConfiguration {
  public static func selfAttention(heads: Int, size: Int? = nil, distance: Int? = nil)
    -> AnyLayerConfiguration
  {
    AnyLayerConfiguration(
      SelfAttention.Configuration(heads: heads, size: size, distance: distance))
  }
}
