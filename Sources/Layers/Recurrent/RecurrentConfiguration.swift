public import Genomics
public import Tensors

extension Recurrent {
  /// `{"lstm": {"units": 64, "output": "all"}}`, and likewise for the other kinds.
  public struct Configuration: LayerConfiguration {
    public static var kind: String { States.kind }
    public static var example: Configuration { Configuration(units: 64, output: .all) }

    /// The number of hidden states per position.
    public var units: Int
    /// By default the states of all positions.
    public var output: RecurrentOutput?

    public init(units: Int, output: RecurrentOutput? = nil) {
      (self.units, self.output) = (units, output)
    }

    private var sums: Int { States.sumsPerUnit * units }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      let positions = try input.requirePositions().positions
      try check(units, in: Limit.units, "units")
      try checkForPositions(positions)
      return (output ?? .all).extents(positions: positions, units: units)
    }

    public func parameterShapes(reading input: Extents) -> [Shape] {
      [[input.channels, sums], [units, sums], [sums]] + (States.keepsProducts ? [[sums]] : [])
    }

    public func multiplyAdds(reading input: Extents) -> Int {
      guard case .positions(let positions, let channels) = input else { return 0 }
      let (product, overflow) = positions.multipliedReportingOverflow(by: (channels + units) * sums)
      return overflow ? .max : product
    }

    /// The sums and their gradients, and the states.
    public func keptFeatures(reading input: Extents) -> Int {
      guard case .positions(let positions, _) = input else { return 0 }
      let (product, overflow) = positions.multipliedReportingOverflow(by: 2 * (sums + units))
      return overflow ? .max : product
    }

    /// Draws the weights of the input from a normal distribution of variance `2 / (channels + units)` (Glorot & Bengio
    /// 2010), those of the states of variance `1 / units`, as an orthogonal matrix has.
    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      let scale = (2 / Float(input.channels + units)).squareRoot()
      return Recurrent(
        inputWeight: Tensor(normal: [input.channels, sums], scale: scale, using: &random),
        recurrentWeight: Tensor(
          normal: [units, sums], scale: (1 / Float(units)).squareRoot(), using: &random),
        bias: States.initialBias(units: units),
        recurrentBias: Tensor(zeros: [States.keepsProducts ? sums : 0]), output: output ?? .all)
    }
  }
}
