import Genomics
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct RecurrentTests {
  /// One unit of one channel, by hand: sums of 0 and log 3 make gates of 1/2 and 3/4; the candidate of a sum of
  /// (log 3) / 2 is 1/2. So the first cell is i · g = 3/8, and the second, with a forget gate of 1/2, 9/16.
  @Test func lstmKeepsCells() {
    let (log3, half) = (Float(1.0986123), Float(0.5493061))
    let lstm = LSTM(
      inputWeight: Tensor(shape: [1, 4], scalars: [log3, 0, half, 0]),
      recurrentWeight: Tensor(zeros: [1, 4]), bias: Tensor(zeros: [4]))
    let output = lstm.forward(Tensor(shape: [1, 2, 1], scalars: [1, 1]), in: .inference).output
    // tanh(3/8) / 2 and tanh(9/16) / 2.
    let expected = Tensor(shape: [1, 2, 1], scalars: [0.1791787, 0.2549150])
    #expect(worst(output, expected) < 1e-6)
  }

  /// A reset gate of 1/2, an update gate of 3/4, a candidate of 1/2: the first state is 1/8, the second 7/32; by hand.
  @Test func gruMovesTowardsTheCandidate() {
    let (log3, half) = (Float(1.0986123), Float(0.5493061))
    let gru = GRU(
      inputWeight: Tensor(shape: [1, 3], scalars: [0, log3, half]),
      recurrentWeight: Tensor(zeros: [1, 3]), bias: Tensor(zeros: [3]),
      recurrentBias: Tensor(zeros: [3]))
    let output = gru.forward(Tensor(shape: [1, 2, 1], scalars: [1, 1]), in: .inference).output
    #expect(worst(output, Tensor(shape: [1, 2, 1], scalars: [0.125, 0.21875])) < 1e-6)
  }

  /// Batch 1, one position, one channel and one unit too.
  @Test(
    arguments: ["lstm", "gru", "elman", "jordan", "bidirectional"],
    [(1, 1, 1, 1), (1, 5, 2, 3), (3, 4, 1, 2)])
  func gradientsMatchCentralDifferences(kind: String, extents: (Int, Int, Int, Int)) {
    let (batch, positions, channels, units) = extents
    for output in [RecurrentOutput.all, .last] {
      let layers: [String: AnyLayerConfiguration] = [
        "lstm": .lstm(units: units, output: output), "gru": .gru(units: units, output: output),
        "elman": .elman(units: units, output: output),
        "jordan": .jordan(units: units, outputs: 2, output: output),
        "bidirectional": .bidirectional([.lstm(units: units), .gru(units: units, output: output)]),
      ]
      var random = RandomStream(seed: 3, .initialization)
      let layer = layers[kind]!.layer.makeLayer(
        reading: .positions(positions, channels: channels), using: &random)
      #expect(error(of: layer, at: scattered([batch, positions, channels], seed: 4)) < 1e-3)
    }
  }

  private func error(of layer: some Layer, at input: Tensor) -> Double {
    worstGradientError(of: layer, at: input)
  }

  /// The last state is that of the last position.
  @Test func lastIsTheLastOfAll() {
    let input = scattered([3, 6, 2])
    var random = RandomStream(seed: 3, .initialization)
    let layer =
      GRU.Configuration(units: 4, output: .last).makeLayer(
        reading: .positions(6, channels: 2), using: &random) as? GRU
    let all = GRU(
      inputWeight: layer!.inputWeight, recurrentWeight: layer!.recurrentWeight, bias: layer!.bias,
      recurrentBias: layer!.recurrentBias)
    let states = all.forward(input, in: .inference).output
    let last = layer!.forward(input, in: .inference).output
    for example in 0..<3 {
      #expect(
        last.scalars[example * 4..<(example + 1) * 4]
          == states.scalars[(example * 6 + 5) * 4..<(example * 6 + 6) * 4])
    }
  }

  /// What the reverse list makes is what the forward list makes of the positions turned round.
  @Test func readsBothDirections() {
    let input = scattered([2, 5, 3])
    func layer(_ seed: UInt64) -> any Layer {
      var random = RandomStream(seed: seed, .initialization)
      return LSTM.Configuration(units: 4).makeLayer(
        reading: .positions(5, channels: 3), using: &random)
    }
    let both = Bidirectional(forward: [layer(1)], reverse: [layer(2)])
    let output = both.forward(input, in: .inference).output
    let forward = Sequential([layer(1)]).forward(input, in: .inference).output
    let reverse = Sequential([layer(2)]).forward(input.reversingPositions(), in: .inference).output
    #expect(output.columns(0..<4) == forward)
    #expect(output.columns(4..<8).reversingPositions() == reverse)
    #expect(both.parameterPaths.first == "forward.0.inputWeight")
    #expect(both.parameterPaths.last == "reverse.0.bias")
  }
}

/// In inference an example has the same bits whatever stands beside it.
@Suite struct RowBitsTests {
  static let layers: [AnyLayerConfiguration] = [
    .lstm(units: 40), .gru(units: 33, output: .last), .elman(units: 50),
    .jordan(units: 40, outputs: 7), .bidirectional([.lstm(units: 20)]),
    .selfAttention(heads: 2, size: 20, distance: 3), .attentionPooling, .layerNormalization,
    .softmax, .gelu, .convolution(filters: 6, width: 3, groups: 2),
    .transposedConvolution(filters: 5, width: 4, stride: 2, padding: 1), .upsampling(factor: 2),
    .parallel([[.lstm(units: 3)], []]),
  ]

  @Test(arguments: layers) func areTheSameAlone(configuration: AnyLayerConfiguration) {
    var random = RandomStream(seed: 3, .initialization)
    let layer = configuration.layer.makeLayer(
      reading: .positions(30, channels: 36), using: &random)
    check(layer, on: scattered([37, 30, 36]))
  }

  private func check(_ layer: some Layer, on input: Tensor) {
    let (output, saved) = layer.forward(input, in: .inference)
    let gradient = layer.inputGradient(scattered(output.shape, seed: 2), saved: saved)
    for example in [0, 20, 36] {
      let own = Tensor(stacking: [input.row(example)])
      let (alone, savedAlone) = layer.forward(own, in: .inference)
      #expect(alone.row(0) == output.row(example))
      let flow = Tensor(stacking: [scattered(output.shape, seed: 2).row(example)])
      #expect(layer.inputGradient(flow, saved: savedAlone).row(0) == gradient.row(example))
    }
  }
}
