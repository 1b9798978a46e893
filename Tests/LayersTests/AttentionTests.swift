import Foundation
import Genomics
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct AttentionTests {
  /// The definition in plain Double loops, with biases of distances.
  @Test(arguments: [(1, 1, 1, 1), (2, 5, 3, 2)])
  func followsItsDefinition(batch: Int, positions: Int, heads: Int, distance: Int) {
    let (channels, size) = (3, 2)
    let features = heads * size
    let layer = SelfAttention(
      weight: scattered([channels, 3 * features], seed: 1),
      bias: scattered([3 * features], seed: 2),
      outputWeight: scattered([features, channels], seed: 3),
      outputBias: scattered([channels], seed: 4),
      distanceBias: scattered([heads, 2 * distance + 1], seed: 5))
    let input = scattered([batch, positions, channels])
    let output = layer.forward(input, in: .inference).output
    let plain = PlainAttention(
      layer: layer, input: input, positions: positions, channels: channels, heads: heads,
      size: size, distance: distance)
    for n in 0..<batch {
      for i in 0..<positions {
        for c in 0..<channels {
          let own = Double(output.scalars[(n * positions + i) * channels + c])
          #expect(abs(own - plain.output(n, i, c)) < 1e-6)
        }
      }
    }
  }

  @Test(arguments: [(1, 1), (1, 4), (3, 5)])
  func gradientsMatchCentralDifferences(batch: Int, positions: Int) {
    let input = scattered([batch, positions, 4])
    for distance in [nil, 0, 2] {
      let configuration = SelfAttention.Configuration(heads: 2, size: 3, distance: distance)
      var random = RandomStream(seed: 3, .initialization)
      let layer = configuration.makeLayer(
        reading: .positions(positions, channels: 4), using: &random)
      #expect(error(of: layer, at: input) < 1e-3)
    }
    #expect(error(of: AttentionPooling(weight: scattered([4, 1])), at: input) < 1e-3)
    #expect(error(of: AttentionPooling(weight: Tensor(zeros: [4, 1])), at: input) < 1e-3)
  }

  private func error(of layer: some Layer, at input: Tensor) -> Double {
    worstGradientError(of: layer, at: input)
  }

  /// Without scores that differ, the pooling is the mean.
  @Test func poolsTheMeanWithoutWeights() {
    let input = scattered([2, 5, 3])
    let pooled = AttentionPooling(weight: Tensor(zeros: [3, 1])).forward(input, in: .inference)
    let mean = GlobalPooling(.mean).forward(input, in: .inference)
    #expect(worst(pooled.output, mean.output) < 1e-6)
  }
}

/// Self-attention by its definition.
private struct PlainAttention {
  let layer: SelfAttention
  let input: Tensor
  let positions, channels, heads, size, distance: Int

  private var features: Int { heads * size }

  /// A number of the query, the key or the value of position `p` of sequence `n`.
  private func part(_ n: Int, _ p: Int, _ column: Int) -> Double {
    (0..<channels).reduce(Double(layer.bias.scalars[column])) {
      $0 + Double(input.scalars[(n * positions + p) * channels + $1])
        * Double(layer.weight.scalars[$1 * 3 * features + column])
    }
  }

  /// Number `k` of what a head reads at position `i`.
  private func read(_ n: Int, _ i: Int, _ head: Int, _ k: Int) -> Double {
    let scores = (0..<positions).map { j -> Double in
      let product = (0..<size).reduce(0.0) {
        $0 + part(n, i, head * size + $1) * part(n, j, features + head * size + $1)
      }
      let place = distance + min(max(j - i, -distance), distance)
      return product / Double(size).squareRoot()
        + Double(layer.distanceBias.scalars[head * (2 * distance + 1) + place])
    }
    let sum = scores.reduce(0) { $0 + exp($1) }
    return (0..<positions).reduce(0) {
      $0 + exp(scores[$1]) / sum * part(n, $1, 2 * features + head * size + k)
    }
  }

  /// Channel `c` of position `i` of sequence `n`.
  func output(_ n: Int, _ i: Int, _ c: Int) -> Double {
    (0..<features).reduce(Double(layer.outputBias.scalars[c])) {
      $0 + read(n, i, $1 / size, $1 % size)
        * Double(layer.outputWeight.scalars[$1 * channels + c])
    }
  }
}
