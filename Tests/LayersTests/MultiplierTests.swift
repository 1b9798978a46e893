import Genomics
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct MultiplierTests {
  /// Layers of every kind, with keys that make them differ most from others.
  static let layers: [AnyLayerConfiguration] =
    ActivationTests.activations + [
      .rectifier, .dropout(rate: 0.5), .layerNormalization, .batchNormalization(),
      .upsampling(factor: 2), .convolution(filters: 4, width: 3, dilation: 2, padding: .same),
      .convolution(filters: 4, width: 3, stride: 2, groups: 2),
      .transposedConvolution(filters: 3, width: 3, stride: 2), .flatten,
      .windowPooling(.max, window: 3), .windowPooling(.sum, window: 3),
      .windowPooling(.maxAndMean, window: 4), .globalPooling(.max), .globalPooling(.mean),
      .globalPooling(.maxAndMean, meanScale: 3), .lstm(units: 3), .gru(units: 3),
      .elman(units: 3, output: .last), .jordan(units: 3, outputs: 2), .attentionPooling,
      .selfAttention(heads: 2, size: 3, distance: 2),
      .sequential([.convolution(filters: 5, width: 3), .rectifier, .globalPooling(.max)]),
      .residual([.convolution(filters: 4, width: 3, padding: .same), .rectifier]),
      .parallel([[.rectifier], [], [.tanh]]), .bidirectional([.gru(units: 2)]),
    ]

  /// The property that defines multipliers: they pass on the whole difference of the outputs, example by example.
  @Test(arguments: layers) func passOnTheDifference(of configuration: AnyLayerConfiguration) {
    var random = RandomStream(seed: 4, .initialization)
    let layer = configuration.layer.makeLayer(
      reading: .positions(9, channels: 4), using: &random)
    let (input, start) = (scattered([3, 9, 4], seed: 1), scattered([3, 9, 4], seed: 2))
    let (passage, reference) = (layer.passage(of: input), layer.passage(of: start))
    let outer = scattered(passage.output.shape, seed: 5)
    let multipliers = layer.multipliers(outer, at: passage, from: reference)
    for example in 0..<3 {
      let read = weighted(multipliers, input, start, example)
      let made = weighted(outer, passage.output, reference.output, example)
      #expect(abs(read - made) < 2e-5 * max(1, abs(made)), "\(configuration.kind)")
    }
  }

  /// `Σ multiplier · (now - before)` of an example.
  private func weighted(_ multipliers: Tensor, _ now: Tensor, _ before: Tensor, _ example: Int)
    -> Double
  {
    let size = now.scalars.count / now.shape[0]
    return (example * size..<(example + 1) * size).reduce(0) {
      $0 + Double(multipliers.scalars[$1]) * (Double(now.scalars[$1]) - Double(before.scalars[$1]))
    }
  }

  /// From -1 to 3, from 2 to -2, from -1 to -2, from 1 to 2, both at 1; by hand.
  @Test func rectifierRescales() {
    let now = Tensor(shape: [1, 5], scalars: [3, -2, -2, 2, 1])
    let before = Tensor(shape: [1, 5], scalars: [-1, 2, -1, 1, 1])
    let layer = Rectifier()
    let multipliers = layer.multipliers(
      Tensor(shape: [1, 5], scalars: [4, 4, 4, 4, 4]), at: layer.passage(of: now),
      from: layer.passage(of: before))
    #expect(multipliers.scalars == [3, 2, 0, 4, 4])
  }

  /// A maximum that rises from 2 to 5 where it was 1 before: 3 of 4. One that falls from 6 to 4, from a place that
  /// falls to 1: 2 of 5. By hand.
  @Test func maximumGoesToOnePlace() {
    let now = Tensor(shape: [1, 3, 2], scalars: [5, 1, 0, 4, 1, 3])
    let before = Tensor(shape: [1, 3, 2], scalars: [1, 6, 0, 2, 2, 3])
    let layer = GlobalPooling(.max)
    let multipliers = layer.multipliers(
      Tensor(shape: [1, 2], scalars: [1, 1]), at: layer.passage(of: now),
      from: layer.passage(of: before))
    #expect(multipliers.scalars == [0.75, 0.4, 0, 0, 0, 0])
  }
}
