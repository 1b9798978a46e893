public import Genomics
public import Tensors

extension Convolution {
  /// `{"convolution": {"filters": 64, "width": 16}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "convolution"
    public static let example = Configuration(
      filters: 64, width: 15, stride: 1, dilation: 1, padding: .same, groups: 1, initialScale: 0.1,
      initialBias: 0)

    public var filters: Int
    public var width: Int
    /// The positions from one output to the next; by default 1.
    public var stride: Int?
    /// The positions from one tap to the next; by default 1.
    public var dilation: Int?
    /// The zeros that are read before and behind the positions; by default none.
    public var padding: Padding?
    /// The number of equal parts of the channels, each of which has filters of its own; by default 1.
    public var groups: Int?
    /// The standard deviation of the weights that training starts from; by default the square root of
    /// `2 / (width · channels)`, the channels those of a group (He et al. 2015, eq. 10).
    public var initialScale: Float?
    /// The biases that training starts from; by default 0.
    public var initialBias: Float?

    public init(
      filters: Int, width: Int, stride: Int? = nil, dilation: Int? = nil, padding: Padding? = nil,
      groups: Int? = nil, initialScale: Float? = nil, initialBias: Float? = nil
    ) {
      (self.filters, self.width, self.stride) = (filters, width, stride)
      (self.dilation, self.padding, self.groups) = (dilation, padding, groups)
      (self.initialScale, self.initialBias) = (initialScale, initialBias)
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      let (positions, channels) = try input.requirePositions()
      try check(filters, in: Limit.filters, "filters")
      try check(width, in: Limit.width, "width")
      guard (initialScale ?? 1) > 0, (initialScale ?? 1).isFinite else {
        throw ConfigurationError(description: "initialScale is \(initialScale ?? 0); take above 0")
      }
      guard (initialBias ?? 0).isFinite else {
        throw ConfigurationError(description: "initialBias is no finite number")
      }
      try check(stride ?? 1, in: Limit.width, "stride")
      try check(dilation ?? 1, in: Limit.dilation, "dilation")
      if case .positions(let count)? = padding {
        try check(count, in: 0...span - 1, "padding")
      }
      try check(groups ?? 1, in: Limit.filters, "groups")
      guard channels % (groups ?? 1) == 0, filters % (groups ?? 1) == 0 else {
        throw ConfigurationError(
          description:
            "groups is \(groups ?? 1) of \(channels) channels and \(filters) filters; take "
            + "a number that divides both")
      }
      guard padding != .same || (width % 2 == 1 && stride ?? 1 == 1) else {
        throw ConfigurationError(
          description:
            "padding is \"same\" with width \(width) and stride \(stride ?? 1); take an odd "
            + "width and stride 1")
      }
      let starts = positions + 2 * paddingCount - span
      guard starts >= 0 else {
        throw ConfigurationError(
          description: "\(positions) positions are left for filters that span \(span); take longer "
            + "sequences, or less pooling before it",
          isForLength: true)
      }
      return .positions(starts / (stride ?? 1) + 1, channels: filters)
    }

    /// The positions from the first tap to the last.
    public var span: Int { (width - 1) * (dilation ?? 1) + 1 }

    /// The zeros that are read at each end.
    public var paddingCount: Int {
      switch padding {
      case nil: 0
      case .positions(let count)?: count
      case .same?: (span - 1) / 2
      }
    }

    /// Whether there is neither stride, dilation, padding nor more than one group.
    package var isPlain: Bool {
      stride ?? 1 == 1 && dilation ?? 1 == 1 && paddingCount == 0 && groups ?? 1 == 1
    }

    public func parameterShapes(reading input: Extents) -> [Shape] {
      [[width, channels(of: input), filters], [filters]]
    }

    public func multiplyAdds(reading input: Extents) -> Int {
      let (product, overflow) = soundOutput(after: input).count.multipliedReportingOverflow(
        by: width * channels(of: input))
      return overflow ? .max : product
    }

    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      let channels = channels(of: input)
      let scale = initialScale ?? (2 / Float(width * channels)).squareRoot()
      return Convolution(
        weight: Tensor(normal: [width, channels, filters], scale: scale, using: &random),
        bias: Tensor(
          shape: [filters], scalars: [Float](repeating: initialBias ?? 0, count: filters)),
        placement: FilterPlacement(
          stride: stride ?? 1, dilation: dilation ?? 1, padding: paddingCount), groups: groups ?? 1)
    }

    /// The channels that a filter reads.
    private func channels(of input: Extents) -> Int { input.channels / (groups ?? 1) }
  }
}

extension Convolution {
  /// The zeros that a convolution reads before and behind the positions; in JSON a number, or `"same"`.
  public enum Padding: Codable, Hashable, Sendable {
    case positions(Int)
    /// As many as keep the number of positions.
    case same

    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let count = try? container.decode(Int.self) {
        self = .positions(count)
      } else if (try? container.decode(String.self)) == "same" {
        self = .same
      } else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "a whole number or \"same\"")
      }
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .positions(let count): try container.encode(count)
      case .same: try container.encode("same")
      }
    }
  }
}

extension AnyLayerConfiguration {
  public static func convolution(
    filters: Int, width: Int, stride: Int? = nil, dilation: Int? = nil,
    padding: Convolution.Padding? = nil, groups: Int? = nil, initialScale: Float? = nil,
    initialBias: Float? = nil
  ) -> AnyLayerConfiguration {
    AnyLayerConfiguration(
      Convolution.Configuration(
        filters: filters, width: width, stride: stride, dilation: dilation, padding: padding,
        groups: groups, initialScale: initialScale, initialBias: initialBias))
  }
}

extension Tensor {
  /// Numbers from a normal distribution of mean 0 and standard deviation `scale`.
  package init(normal shape: Shape, scale: Float, using random: inout RandomStream) {
    self.init(
      shape: shape, scalars: (0..<shape.count).map { _ in Float(random.normal()) * scale })
  }
}
