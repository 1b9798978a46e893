public import Genomics
public import Tensors

extension TransposedConvolution {
  /// `{"transposedConvolution": {"filters": 64, "width": 4, "stride": 2, "padding": 1}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "transposedConvolution"
    public static let example = Configuration(
      filters: 64, width: 4, stride: 2, dilation: 1, padding: 1)

    public var filters: Int
    public var width: Int
    /// The outputs from one position to the next; by default 1.
    public var stride: Int?
    /// The outputs from one tap to the next; by default 1.
    public var dilation: Int?
    /// The outputs that are left out at each end; by default none.
    public var padding: Int?

    public init(
      filters: Int, width: Int, stride: Int? = nil, dilation: Int? = nil, padding: Int? = nil
    ) {
      (self.filters, self.width) = (filters, width)
      (self.stride, self.dilation, self.padding) = (stride, dilation, padding)
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      let positions = try input.requirePositions().positions
      try check(filters, in: Limit.filters, "filters")
      try check(width, in: Limit.width, "width")
      try check(stride ?? 1, in: Limit.width, "stride")
      try check(dilation ?? 1, in: Limit.dilation, "dilation")
      try check(padding ?? 0, in: 0...(width - 1) * (dilation ?? 1), "padding")
      try check(positions, in: 0...Limit.length, "the number of positions")
      let outputs = placement.inputCount(outputs: positions, width: width)
      guard positions > 0, outputs > 0 else {
        throw ConfigurationError(
          description: "nothing is left of \(positions) positions; take less padding, or longer "
            + "sequences", isForLength: true)
      }
      return .positions(outputs, channels: filters)
    }

    private var placement: FilterPlacement {
      FilterPlacement(stride: stride ?? 1, dilation: dilation ?? 1, padding: padding ?? 0)
    }

    public func parameterShapes(reading input: Extents) -> [Shape] {
      [[width, filters, input.channels], [filters]]
    }

    public func multiplyAdds(reading input: Extents) -> Int {
      let (product, overflow) = input.count.multipliedReportingOverflow(by: width * filters)
      return overflow ? .max : product
    }

    /// Draws weights from a normal distribution of variance `2 · stride / (width · channels)`: an output sums up the
    /// channels of `width / stride` positions (He et al. 2015, eq. 10).
    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      let terms = Float(width * input.channels) / Float(min(stride ?? 1, width))
      return TransposedConvolution(
        weight: Tensor(
          normal: [width, filters, input.channels], scale: (2 / terms).squareRoot(), using: &random),
        bias: Tensor(zeros: [filters]), placement: placement)
    }
  }
}

extension AnyLayerConfiguration {
  public static func transposedConvolution(
    filters: Int, width: Int, stride: Int? = nil, dilation: Int? = nil, padding: Int? = nil
  ) -> AnyLayerConfiguration {
    AnyLayerConfiguration(
      TransposedConvolution.Configuration(
        filters: filters, width: width, stride: stride, dilation: dilation, padding: padding))
  }
}
