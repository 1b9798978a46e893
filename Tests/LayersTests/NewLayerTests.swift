import Genomics
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct ActivationTests {
  static let activations: [AnyLayerConfiguration] = [
    .tanh, .softplus, .exponential, .gelu, .silu, .sigmoid, .softmax, .leakyRectifier(slope: 0.2),
  ]

  @Test(arguments: activations, [[1, 1], [3, 5], [1, 1, 1], [2, 4, 3]])
  func gradientsMatchCentralDifferences(activation: AnyLayerConfiguration, extents: [Int]) {
    var random = RandomStream(seed: 1, .initialization)
    let layer = activation.layer.makeLayer(reading: .vector(1), using: &random)
    #expect(error(of: layer, at: scattered(Shape(extents), seed: 6)) < 1e-3)
  }

  private func error(of layer: some Layer, at input: Tensor) -> Double {
    worstGradientError(of: layer, at: input)
  }

  /// -2 and 3 with a slope of 1/4; by hand.
  @Test func leaks() {
    let input = Tensor(shape: [1, 3], scalars: [-2, 0, 3])
    #expect(
      LeakyRectifier(slope: 0.25).forward(input, in: .inference).output.scalars == [-0.5, 0, 3])
  }
}

@Suite struct LayerNormalizationTests {
  @Test(arguments: [[1, 2], [3, 5], [1, 1, 4], [2, 3, 20]])
  func gradientsMatchCentralDifferences(extents: [Int]) {
    let channels = extents[extents.count - 1]
    let layer = LayerNormalization(
      gain: scattered([channels], seed: 7), shift: scattered([channels], seed: 8))
    let input = scattered(Shape(extents), seed: 3)
    #expect(worstGradientError(of: layer, at: input) < 2e-3)
  }

  /// 1, 3 and 5 have mean 3 and variance 8/3; by hand.
  @Test func normalizesARow() {
    let layer = LayerNormalization(
      gain: Tensor(shape: [3], scalars: [1, 2, 1]), shift: Tensor(shape: [3], scalars: [0, 1, 10]))
    let output = layer.forward(Tensor(shape: [1, 3], scalars: [1, 3, 5]), in: .inference).output
    let expected = Tensor(shape: [1, 3], scalars: [-1.2247426, 1, 11.2247426])
    #expect(worst(output, expected) < 1e-5)
  }
}

@Suite struct ResamplingTests {
  /// Two positions of two channels; by hand.
  @Test func upsamplingRepeatsPositions() {
    let input = Tensor(shape: [1, 2, 2], scalars: [1, 2, 3, 4])
    let output = Upsampling(factor: 2).forward(input, in: .inference).output
    #expect(output == Tensor(shape: [1, 4, 2], scalars: [1, 2, 1, 2, 3, 4, 3, 4]))
  }

  /// Features are positions one after the other, as `flatten` lays them.
  @Test func unflattenIsTheInverseOfFlatten() {
    let input = Tensor(shape: [2, 6], scalars: (0..<12).map { Float($0) })
    let layer = Unflatten(positions: 3)
    let (output, saved) = layer.forward(input, in: .inference)
    #expect(output == Tensor(shape: [2, 3, 2], scalars: input.scalars))
    #expect(Flatten().forward(output, in: .inference).output == input)
    #expect(layer.backward(output, saved: saved, wantsInput: true).input == input)
    #expect(throws: ConfigurationError.self) { try layer.output(after: .vector(7)) }
  }

  /// Filter (1, 10, 100) at every second place of the output, of inputs 1 and 2, with a bias of 5; by hand.
  @Test func transposedConvolutionAddsFilters() {
    let layer = TransposedConvolution(
      weight: Tensor(shape: [3, 1, 1], scalars: [1, 10, 100]),
      bias: Tensor(shape: [1], scalars: [5]), placement: FilterPlacement(stride: 2))
    let input = Tensor(shape: [1, 2, 1], scalars: [1, 2])
    let output = layer.forward(input, in: .inference).output
    #expect(output == Tensor(shape: [1, 5, 1], scalars: [6, 15, 107, 25, 205]))
  }

  /// Sums of 3 and 1, of -1 and -2; by hand.
  @Test func sumsWindows() {
    let input = Tensor(shape: [1, 3, 2], scalars: [3, -1, 1, -2, 3, -3])
    let output = WindowPooling(.sum, window: 2).forward(input, in: .inference).output
    #expect(output == Tensor(shape: [1, 1, 2], scalars: [4, -3]))
  }

  @Test(arguments: [(1, 1, 1), (1, 4, 4), (2, 3, 2), (3, 4, 1)])
  func gradientsMatchCentralDifferences(batch: Int, positions: Int, width: Int) {
    let input = scattered([batch, positions, 4])
    #expect(worstGradientError(of: Upsampling(factor: width), at: input) < 1e-3)
    for (stride, dilation) in [(1, 1), (2, 1), (3, 2)] {
      let placement = FilterPlacement(
        stride: stride, dilation: dilation, padding: (width - 1) * dilation / 2)
      let layer = TransposedConvolution(
        weight: scattered([width, 2, 4], seed: 1), bias: scattered([2]), placement: placement)
      #expect(worstGradientError(of: layer, at: input) < 1e-3)
    }
    for groups in [2, 4] {
      let layer = Convolution(
        weight: scattered([width, 4 / groups, 8], seed: 1), bias: scattered([8]), groups: groups)
      if positions >= width { #expect(worstGradientError(of: layer, at: input) < 1e-3) }
    }
  }
}

@Suite struct ParallelTests {
  private let dense = Dense(weight: scattered([4, 2], seed: 1), bias: scattered([2], seed: 2))

  @Test(arguments: [1, 3]) func gradientsMatchCentralDifferences(batch: Int) {
    let layer = Parallel([[dense, Sigmoid()], [], [Sequential([dense])]])
    #expect(worstGradientError(of: layer, at: scattered([batch, 4])) < 1e-3)
    let other = Parallel([
      [Convolution(weight: scattered([1, 3, 2], seed: 1), bias: scattered([2]))],
      [Residual([BatchNormalization(channels: 3)])],
    ])
    #expect(worstGradientError(of: other, at: scattered([batch, 4, 3])) < 2e-3)
    #expect(
      other.parameterPaths == [
        "branches.0.0.weight", "branches.0.0.bias", "branches.1.0.inner.0.gain",
        "branches.1.0.inner.0.shift", "branches.1.0.inner.0.mean",
        "branches.1.0.inner.0.variance",
      ])
  }

  /// Two dropouts side by side draw apart.
  @Test func branchesDrawDifferently() {
    let pass = Pass.training(TrainingPass(seed: 1, step: 2, firstExample: 0, exampleCount: 1))
    let ones = Tensor(shape: [1, 400], scalars: [Float](repeating: 1, count: 400))
    let output = Parallel([[Dropout(rate: 0.5)], [Dropout(rate: 0.5)]])
      .forward(ones, in: pass).output
    #expect(output.columns(0..<400) != output.columns(400..<800))
  }

  @Test func listsMustAgree() {
    let parallel = Parallel.Configuration(layers: [[.convolution(filters: 2, width: 3)], []])
    #expect(
      throws: ConfigurationError(
        description: "its lists make 8 × 2, 10 × 4, which can't stand side by side; let them keep "
          + "as many positions, such as by \"padding\": \"same\"")
    ) { try parallel.output(after: .positions(10, channels: 4)) }
    #expect(
      throws: ConfigurationError(description: "branches has no list; give one or more")
    ) { try Parallel.Configuration(layers: []).output(after: .vector(3)) }
  }
}

@Suite struct ChannelDenseTests {
  private let layer = ChannelDense(
    weight: scattered([5, 6], seed: 2), bias: scattered([6], seed: 3), units: 2)

  /// A convolution as wide as the sequence, with a group per channel.
  @Test func equalsAGroupedConvolution() {
    let input = scattered([4, 5, 3], seed: 4)
    let convolution = Convolution(
      weight: Tensor(shape: [5, 1, 6], scalars: layer.weight.scalars), bias: layer.bias, groups: 3)
    let output = layer.forward(input, in: .inference).output
    #expect(worst(output, convolution.forward(input, in: .inference).output) < 1e-6)
  }

  @Test(arguments: [1, 4]) func gradientsMatchCentralDifferences(batch: Int) {
    #expect(worstGradientError(of: layer, at: scattered([batch, 5, 3], seed: 5)) < 1e-3)
    let narrow = ChannelDense(weight: scattered([1, 1]), bias: scattered([1]), units: 1)
    #expect(worstGradientError(of: narrow, at: scattered([batch, 1, 1], seed: 5)) < 1e-3)
  }

  @Test func gradientOfARowIsThatInABatch() {
    let (input, gradient) = (scattered([3, 5, 3], seed: 6), scattered([3, 1, 6], seed: 7))
    let whole = layer.inputGradient(gradient, saved: layer.forward(input, in: .inference).saved)
    let row = Tensor(shape: [1, 5, 3], scalars: Array(input.scalars[15..<30]))
    let own = layer.inputGradient(
      Tensor(shape: [1, 1, 6], scalars: Array(gradient.scalars[6..<12])),
      saved: layer.forward(row, in: .inference).saved)
    #expect(own.scalars == Array(whole.scalars[15..<30]))
  }
}
