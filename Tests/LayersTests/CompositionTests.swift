import Genomics
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct CompositionTests {
  private let dense = Dense(weight: scattered([4, 4], seed: 1), bias: scattered([4], seed: 2))

  /// The input and what the inner layers make of it, worked one by one.
  @Test func residualAddsTheInput() {
    let input = scattered([3, 4])
    let inner = Rectifier().forward(
      dense.forward(input, in: .inference).output, in: .inference
    ).output
    let output = Residual([dense, Rectifier()]).forward(input, in: .inference).output
    for index in output.scalars.indices {
      #expect(output.scalars[index] == inner.scalars[index] + input.scalars[index])
    }
    let sequential = Sequential([dense, Rectifier()]).forward(input, in: .inference).output
    #expect(sequential == inner)
  }

  /// Inference saves nothing, and works in place where it can: to the bit what `forward` makes, and the input stays.
  @Test func outputsAreThoseOfTheForwardPass() {
    let input = scattered([3, 4], seed: 3)
    let before = input.scalars
    let layers: [any Layer] = [
      Rectifier(), Residual([Rectifier(), dense]), Residual([Sequential([dense, Rectifier()])]),
      Sequential([dense, Rectifier(), Residual([Rectifier()])]),
    ]
    for layer in layers {
      let output = layer.output(of: input, in: .inference)
      #expect(output == layer.forwardErased(input, in: .inference).output)
      #expect(input.scalars == before)
    }
  }

  @Test(arguments: [1, 2, 5]) func gradientsMatchCentralDifferences(batch: Int) {
    let layers: [any Layer] = [dense, Sigmoid(), dense]
    let input = scattered([batch, 4], seed: 5)
    #expect(worstGradientError(of: Residual(layers), at: input) < 1e-3)
    #expect(worstGradientError(of: Sequential(layers), at: input) < 1e-3)
    let nested = Residual([Sequential([dense, Residual([dense, Sigmoid()])])])
    #expect(worstGradientError(of: nested, at: input) < 1e-3)
  }

  @Test func parametersHavePaths() {
    let nested = Residual([Sequential([Rectifier(), dense]), BatchNormalization(channels: 4)])
    #expect(
      nested.parameterPaths == [
        "inner.0.inner.1.weight", "inner.0.inner.1.bias", "inner.1.gain", "inner.1.shift",
        "inner.1.mean", "inner.1.variance",
      ])
    #expect(nested.parameterRoles == [.weight, .bias, .bias, .bias, .statistic, .statistic])
  }

  /// Each of two dropouts in one layer draws by its own place.
  @Test func nestedDropoutsDrawDifferently() {
    let pass = Pass.training(TrainingPass(seed: 1, step: 2, firstExample: 0, exampleCount: 1))
    let ones = Tensor(shape: [1, 400], scalars: [Float](repeating: 1, count: 400))
    func kept(_ layer: some Layer) -> [Bool] {
      layer.forward(ones, in: pass).output.scalars.map { $0 > 0 }
    }
    let first = kept(Sequential([Dropout(rate: 0.5), Sequential([])]))
    let second = kept(Sequential([Sequential([]), Dropout(rate: 0.5)]))
    let third = kept(Sequential([Sequential([]), Sequential([Dropout(rate: 0.5)])]))
    #expect(first != second && second != third && first != third)
    // Two at a rate of a half keep a quarter, not a half: 400 draws, a standard deviation of 9.
    let both = kept(Sequential([Dropout(rate: 0.5), Dropout(rate: 0.5)]))
    #expect(abs(both.count { $0 } - 100) < 40)
  }

  /// The gradient of the input that nobody reads isn't computed.
  @Test func sparesTheInputsGradient() {
    let input = scattered([2, 4])
    let chain = LayerChain([dense, Sigmoid(), dense])
    let (output, saved) = chain.forward(input, in: .inference)
    #expect(chain.backward(output, saved: saved, wantsInput: false).input == nil)
    let all = chain.backward(output, saved: saved, wantsInput: true)
    #expect(all.input?.shape == input.shape)
    #expect(
      chain.backward(output, saved: saved, wantsInput: false).parameters == all.parameters)
  }
}

@Suite struct BatchNormalizationTests {
  private func layer() -> BatchNormalization {
    var layer = BatchNormalization(channels: 3)
    layer.gain = scattered([3], seed: 7)
    layer.shift = scattered([3], seed: 8)
    layer.mean = scattered([3], seed: 9)
    layer.variance = Tensor(shape: [3], scalars: [0.5, 2, 1])
    return layer
  }

  private let training = Pass.training(
    TrainingPass(seed: 1, step: 1, firstExample: 0, exampleCount: 4))

  /// The definition in Double, with the shard's figures in training and the running ones in inference.
  @Test(arguments: [true, false]) func followsItsDefinition(isTraining: Bool) {
    let (layer, input) = (layer(), scattered([4, 5, 3], seed: 3))
    let output = layer.forward(input, in: isTraining ? training : .inference).output
    for channel in 0..<3 {
      let column = stride(from: channel, to: 60, by: 3).map { Double(input.scalars[$0]) }
      let mean = isTraining ? column.reduce(0, +) / 20 : Double(layer.mean.scalars[channel])
      let variance =
        isTraining
        ? column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20
        : Double(layer.variance.scalars[channel])
      for (row, value) in column.enumerated() {
        let expected =
          Double(layer.gain.scalars[channel]) * (value - mean) / (variance + 1e-5).squareRoot()
          + Double(layer.shift.scalars[channel])
        #expect(abs(Double(output.scalars[row * 3 + channel]) - expected) < 1e-5)
      }
    }
  }

  @Test func gradientsMatchCentralDifferences() {
    #expect(worstGradientError(of: layer(), at: scattered([4, 5, 3], seed: 3)) < 2e-3)
    #expect(worstGradientError(of: layer(), at: scattered([6, 3], seed: 4)) < 2e-3)
  }

  /// A tenth of the way from the running figures to the shard's; 20 numbers per channel, so the variance of the
  /// population is 20/19 of theirs.
  @Test func settlesRunningMeans() {
    var settled = layer()
    let input = scattered([4, 5, 3], seed: 3)
    let (output, saved) = settled.forward(input, in: training)
    let statistics = settled.backward(output, saved: saved, wantsInput: false).statistics
    let before = settled
    settled.settle(statistics)
    for channel in 0..<3 {
      let column = stride(from: channel, to: 60, by: 3).map { Double(input.scalars[$0]) }
      let mean = column.reduce(0, +) / 20
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19
      let expected = (
        0.9 * Double(before.mean.scalars[channel]) + 0.1 * mean,
        0.9 * Double(before.variance.scalars[channel]) + 0.1 * variance
      )
      #expect(abs(Double(settled.mean.scalars[channel]) - expected.0) < 1e-6)
      #expect(abs(Double(settled.variance.scalars[channel]) - expected.1) < 1e-6)
    }
  }
}

@Suite struct LayerConfigurationTests {
  static let kinds = AnyLayerConfiguration.kinds.map { $0.kind }

  /// Every kind's example has a value for every key, and comes back from JSON as it was.
  @Test func examplesComeBackFromJSON() throws {
    #expect(Set(Self.kinds).count == Self.kinds.count)
    for kind in AnyLayerConfiguration.kinds {
      try check(kind.example)
    }
  }

  private func check(_ example: some LayerConfiguration) throws {
    let configuration = AnyLayerConfiguration(example)
    #expect(configuration.kind == type(of: example).kind)
    for child in Mirror(reflecting: example).children {
      let isNil =
        Mirror(reflecting: child.value).displayStyle == .optional
        && Mirror(reflecting: child.value).children.isEmpty
      #expect(!isNil, "\(configuration.kind): \(child.label ?? "")")
    }
  }

  /// Extents and shapes that a configuration tells are those that its layer makes.
  @Test func extentsAreThoseOfTheLayers() throws {
    let input = Extents.positions(40, channels: 6)
    let layers: [AnyLayerConfiguration] = [
      .convolution(filters: 5, width: 4), .convolution(filters: 5, width: 3, padding: .same),
      .convolution(filters: 5, width: 3, stride: 2, dilation: 4, padding: .positions(3)),
      .windowPooling(.maxAndMean, window: 7), .globalPooling(.maxAndMean, meanScale: 2),
      .globalPooling(.mean), .flatten, .rectifier, .sigmoid, .dropout(rate: 0.5),
      .batchNormalization(), .residual([.convolution(filters: 6, width: 5, padding: .same)]),
      .sequential([.globalPooling(.max), .dense(units: 3)]),
      .convolution(filters: 9, width: 3, groups: 3), .globalPooling(.sum),
      .transposedConvolution(filters: 5, width: 4, stride: 3, dilation: 2, padding: 2),
      .upsampling(factor: 3), .channelDense(units: 3), .softmax, .leakyRectifier(), .gelu,
      .layerNormalization,
      .lstm(units: 4), .gru(units: 3, output: .last), .elman(units: 2),
      .jordan(units: 4, outputs: 2), .bidirectional([.lstm(units: 3), .gru(units: 2)]),
      .bidirectional([.lstm(units: 3, output: .last)]), .selfAttention(heads: 2),
      .selfAttention(heads: 2, size: 5, distance: 3), .attentionPooling,
      .parallel([[.convolution(filters: 2, width: 1)], [.rectifier], []]),
    ]
    for configuration in layers {
      var random = RandomStream(seed: 1, .initialization)
      let layer = configuration.layer.makeLayer(reading: input, using: &random)
      let output = shape(of: layer, reading: [2, 40, 6])
      switch try configuration.layer.output(after: input) {
      case .positions(let positions, let channels):
        #expect(output == [2, positions, channels], "\(configuration.kind)")
      case .vector(let count): #expect(output == [2, count], "\(configuration.kind)")
      }
      #expect(
        configuration.layer.parameterShapes(reading: input) == layer.parameters.map(\.shape),
        "\(configuration.kind)")
    }
  }

  private func shape(of layer: some Layer, reading shape: Shape) -> Shape {
    layer.forward(scattered(shape), in: .inference).output.shape
  }
}
