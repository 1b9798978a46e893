package import Datasets
package import Genomics
internal import Layers
package import Tensors

/// The stem of networks that have no fused form: the one-hot tensor itself.
package struct OneHot: Stem {
  package let strands: StrandRule
  /// The number of unknown bases that are read before and behind each sequence.
  package let padding: Int
  package let alphabet: Alphabet

  package init(strands: StrandRule, padding: Int = 0, alphabet: Alphabet = .dna) {
    self.strands = strands
    self.padding = padding
    self.alphabet = alphabet
  }

  package var layerCount: Int { 0 }
  package var needsEqualLengths: Bool { true }

  /// - Returns: `[strands · batch, position, channel]`, the reverse strands in their own direction.
  package func forward(_ batch: SequenceBatch) -> (output: Tensor, saved: Bool) {
    let batch = padding == 0 ? batch : batch.padded(by: padding)
    let forward = batch.oneHot()
    guard strands != .forward else { return (forward, true) }
    let shape = forward.shape
    return (
      Tensor(
        shape: [2 * shape[0], shape[1], shape[2]],
        scalars: forward.scalars + batch.reverseComplement.oneHot().scalars), true
    )
  }

  package func backward(_ gradient: Tensor, saved: Bool, batch: SequenceBatch) -> [Tensor] { [] }

  package func inputGradient(_ outer: Tensor, saved: Bool, batch: SequenceBatch) -> Tensor {
    let (length, channels, rows) = (outer.shape[1], outer.shape[2], batch.count)
    let half = rows * length * channels
    var gradient = Tensor(shape: [rows, length, channels], scalars: Array(outer.scalars[..<half]))
    if strands != .forward {
      for row in 0..<rows {
        for position in 0..<length {
          for channel in 0..<channels {
            // The complement's base at the mirrored position is the same base pair.
            let mirrored =
              (row * length + length - 1 - position) * channels + channels - 1 - channel
            gradient.scalars[(row * length + position) * channels + channel] +=
              outer.scalars[half + mirrored]
          }
        }
      }
    }
    return gradient.droppingPositions(padding)
  }
}
