import Datasets
import Genomics
import Layers
import Networks
import Tensors
import TestSupport
import Testing

/// A convolution that pads reads what one that doesn't reads of sequences that were padded by hand.
@Suite struct PaddingTests {
  private let batch: SequenceBatch = {
    var batch = SequenceBatch()
    batch.append([0, 1, 2, 3, 4, 0, 3])
    batch.append([3, 3, 0, 2, 1, 1, 0])
    return batch
  }()
  private let padded: SequenceBatch = {
    var batch = SequenceBatch()
    batch.append([4, 4, 0, 1, 2, 3, 4, 0, 3, 4, 4])
    batch.append([4, 4, 3, 3, 0, 2, 1, 1, 0, 4, 4])
    return batch
  }()

  private func motifs(padding: Int, strands: StrandRule) -> MotifConvolution {
    var random = RandomStream(seed: 3, .initialization)
    return MotifConvolution(
      weight: Tensor(normal: [3, 4, 5], scale: 1, using: &random),
      bias: Tensor(shape: [5], scalars: [0.1, -0.2, 0.3, 0, -0.4]), pooling: .maxAndMean,
      strands: strands, padding: padding)
  }

  @Test(arguments: StrandRule.allCases) func equalsPaddingByHand(strands: StrandRule) {
    let (padding, plain) = (
      motifs(padding: 2, strands: strands), motifs(padding: 0, strands: strands)
    )
    let (own, expected) = (padding.forward(batch), plain.forward(padded))
    #expect(own.output == expected.output)
    let flow = Tensor(
      shape: own.output.shape, scalars: own.output.scalars.indices.map { Float($0 % 7) - 3 })
    #expect(
      padding.backward(flow, saved: own.saved, batch: batch)
        == plain.backward(flow, saved: expected.saved, batch: padded))
    let gradient = padding.inputGradient(flow, saved: own.saved, batch: batch)
    let whole = plain.inputGradient(flow, saved: expected.saved, batch: padded)
    #expect(gradient.shape == [2, 7, 4])
    #expect(
      gradient.scalars == Array(whole.scalars[8..<36]) + Array(whole.scalars[44 + 8..<44 + 36]))
  }

  /// Each window is padded by itself. Windows shorter than a filter, and padding that is wider, make
  /// positions that windows can't share.
  @Test(arguments: StrandRule.allCases, [2, 3, 4, 7]) func windowsArePaddedOneByOne(
    strands: StrandRule, length: Int
  ) {
    let codes: [UInt8] = [0, 1, 2, 3, 4, 0, 3, 1, 1, 2, 0, 0, 3, 2, 4, 4, 1, 0, 2]
    for padding in [1, 2, 3] {
      let motifs = motifs(padding: padding, strands: strands)
      let expected = motifs.forward(SequenceBatch(windowsOf: codes, length: length)).output
      let found = motifs.windowFeatures(codes, length: length)
      #expect(found.shape == expected.shape)
      // A few roundings of numbers of size 1.
      #expect(zip(found.scalars, expected.scalars).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }
}
