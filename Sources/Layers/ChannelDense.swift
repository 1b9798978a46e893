public import Genomics
public import Tensors

/// A dense layer per channel, over its positions:
/// `output[n, c, u] = bias[c, u] + Σ_p input[n, p, c] · weight[p, c, u]`.
///
/// It is a convolution that spans all positions, with a group per channel.
public struct ChannelDense: Layer {
  public var weight: Tensor  // [positions, channels · units]
  public var bias: Tensor  // [channels · units]
  /// The number of outputs per channel.
  public let units: Int

  public init(weight: Tensor, bias: Tensor, units: Int) {
    precondition(
      weight.shape.rank == 2 && bias.shape == [weight.shape[1]] && bias.shape[0] % units == 0,
      "\(weight.shape), \(bias.shape), \(units) units")
    (self.weight, self.bias, self.units) = (weight, bias, units)
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("weight", .weight, &weight)
    try visit("bias", .bias, &bias)
  }

  private var channels: Int { bias.shape[0] / units }

  /// - Parameter input: `[batch, positions, channels]`.
  /// - Returns: `[batch, 1, channels · units]`, the units of a channel side by side, and what each channel's layer read.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: [Tensor]) {
    let batch = input.shape[0]
    let inputs = (0..<channels).map { channel in
      input.columns(channel..<channel + 1).reshaped([batch, input.shape[1]])
    }
    let outputs = zip(layers, inputs).map { $0.forward($1, in: pass).output }
    return (Tensor(joiningColumns: outputs).reshaped([batch, 1, bias.shape[0]]), inputs)
  }

  public func backward(_ gradient: Tensor, saved: [Tensor], wantsInput: Bool) -> LayerGradient {
    let parts = parts(of: gradient).enumerated().map { channel, part in
      layers[channel].backward(part, saved: saved[channel], wantsInput: wantsInput)
    }
    let inputs = parts.compactMap(\.input)
    return LayerGradient(
      input: wantsInput ? joined(inputs) : nil,
      parameters: [
        Tensor(joiningColumns: parts.map { $0.parameters[0] }),
        Tensor(joiningColumns: parts.map { $0.parameters[1] }),
      ])
  }

  public func inputGradient(_ gradient: Tensor, saved: [Tensor]) -> Tensor {
    joined(
      parts(of: gradient).enumerated().map { channel, part in
        layers[channel].inputGradient(part, saved: saved[channel])
      })
  }

  /// The dense layer of each channel.
  private var layers: [Dense] {
    (0..<channels).map { channel in
      let own = channel * units..<(channel + 1) * units
      return Dense(weight: weight.columns(own), bias: bias.columns(own))
    }
  }

  private func parts(of gradient: Tensor) -> [Tensor] {
    let flat = gradient.reshaped([gradient.shape[0], gradient.shape[2]])
    return (0..<channels).map { flat.columns($0 * units..<($0 + 1) * units) }
  }

  /// Makes `[batch, position, channel]` of a `[batch, position]` per channel.
  private func joined(_ inputs: [Tensor]) -> Tensor {
    let (batch, positions) = (inputs[0].shape[0], inputs[0].shape[1])
    return Tensor(joiningColumns: inputs.map { $0.reshaped([batch, positions, 1]) })
  }
}

extension ChannelDense {
  /// `{"channelDense": {"units": 100}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "channelDense"
    public static let example = Configuration(units: 100)
    public static let readsOneLength = true

    /// The number of outputs per channel.
    public var units: Int

    public init(units: Int) {
      self.units = units
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      let (positions, channels) = try input.requirePositions()
      try check(units, in: Limit.units, "units")
      try checkForPositions(positions)
      return .positions(1, channels: channels * units)
    }

    public func parameterShapes(reading input: Extents) -> [Shape] {
      [[input.count / input.channels, input.channels * units], [input.channels * units]]
    }

    public func multiplyAdds(reading input: Extents) -> Int {
      let (product, overflow) = input.count.multipliedReportingOverflow(by: units)
      return overflow ? .max : product
    }

    /// What each channel's layer reads.
    public func keptFeatures(reading input: Extents) -> Int { input.count }

    /// Draws weights from a normal distribution of variance `2 / positions` (He et al. 2015, eq. 10); biases are 0.
    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      let (positions, outputs) = (input.count / input.channels, input.channels * units)
      return ChannelDense(
        weight: Tensor(
          normal: [positions, outputs], scale: (2 / Float(positions)).squareRoot(), using: &random),
        bias: Tensor(zeros: [outputs]), units: units)
    }
  }
}

extension AnyLayerConfiguration {
  public static func channelDense(units: Int) -> AnyLayerConfiguration {
    AnyLayerConfiguration(ChannelDense.Configuration(units: units))
  }
}
