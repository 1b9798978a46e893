import Datasets
import Genomics
import Layers
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct OtherAlphabetTests {
  /// Proteins take the plain list of layers, with 20 channels: a dot product in Double, by the definition.
  @Test func readsProteinsLayerByLayer() throws {
    let configuration = NetworkConfiguration(
      layers: [.convolution(filters: 3, width: 4), .rectifier, .globalPooling(.max)],
      strands: .forward
    ).reading(.protein)
    let network = try Network(configuration, taskCount: 2, seed: 4)
    #expect(network.parameters[0].shape == [4, 20, 3] && network.stemSpan == 1)
    let sequence = try #require(EncodedSequence("MKXCWYACDV", alphabet: .protein))
    let (weight, bias) = (network.parameters[0].scalars, network.parameters[1].scalars)
    let features = (0..<3).map { filter in
      (0...6).map { start in
        (0..<4).reduce(Double(bias[filter])) { sum, offset in
          let code = Int(sequence.codes[start + offset])
          let own = (0..<20).map { Double(weight[(offset * 20 + $0) * 3 + filter]) }
          return sum + (code == 20 ? own.reduce(0, +) / 20 : own[code])
        }
      }.reduce(0) { max($0, $1) }
    }
    let outputs = network.outputs([sequence], threads: 1).scalars
    for task in 0..<2 {
      let expected = (0..<3).reduce(Double(network.parameters[3].scalars[task])) {
        $0 + features[$1] * Double(network.parameters[2].scalars[$1 * 2 + task])
      }
      #expect(abs(Double(outputs[task]) - expected) < 1e-5)
    }
  }

  /// RNA has the codes of DNA, and its kernels.
  @Test func readsRNAAsDNA() throws {
    let layers = NetworkConfiguration.deepBind(strands: .forward)
    let (dna, rna) = (
      try Network(layers, taskCount: 1, seed: 1),
      try Network(layers.reading(.rna), taskCount: 1, seed: 1)
    )
    let text = "GAUUACAGGCUAGCUAGGAUCCGAUUAGGC"
    let sequences = [Alphabet.dna, .rna].map { EncodedSequence(text, alphabet: $0)! }
    #expect(
      dna.outputs([sequences[0]], threads: 1) == rna.outputs([sequences[1]], threads: 1))
    #expect(rna.configuration.stemLayerCount == 3)
  }

  /// What stands beside a sequence moves the output by its weight: the difference of two outputs, by hand.
  @Test(arguments: [StrandRule.forward, .mean, .pooled]) func readsNumbersBesideSequences(
    strands: StrandRule
  ) throws {
    let side = SideInputs(names: ["a"], means: [1], deviations: [2])
    let configuration = NetworkConfiguration(
      layers: [.convolution(filters: 4, width: 5), .rectifier, .globalPooling(.max)],
      strands: strands
    ).reading(side)
    #expect(configuration.layers.count == 4 && configuration.sideInputs == side)
    let network = try Network(configuration, taskCount: 1, seed: 2)
    let sequences = [1, 5].map { (number: Float) in
      var sequence = EncodedSequence("GATTACAGGC")!
      sequence.side = [number]
      return sequence
    }
    let outputs = network.outputs(sequences, threads: 1).scalars
    let weight = network.parameters[2].scalars[4]
    #expect(abs(outputs[1] - outputs[0] - 2 * weight) < 1e-6 && weight != 0)
  }

  /// Before the first dense layer, behind the pooling.
  @Test func numbersStandBeforeTheHead() {
    let side = SideInputs(names: ["a"], means: [0], deviations: [1])
    let layers = NetworkConfiguration.deepBind().reading(side).layers
    #expect(layers.firstIndex { $0.layer is SideInputs } == 3)
    let again = SideInputs(names: ["b"], means: [0], deviations: [1])
    let replaced = NetworkConfiguration.deepBind().reading(side).reading(again)
    #expect(replaced.sideInputs == again && replaced.layers.count == layers.count)
  }
}
