import Genomics
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct MutagenesisTests {
  private static let table: KmerTable = {
    var random = RandomStream(seed: 5, .initialization)
    return KmerTable(
      scalars: Tensor(
        shape: [1 << 20, 2],
        scalars: (0..<1 << 21).map { _ in Float(random.normal()) }),
      bias: Tensor(shape: [2], scalars: [0.25, -1]))
  }()

  /// An ensemble like the default recipe's: pooled strands, maxima and means, a k-mer table.
  private func ensemble(
    front: Front = .motifConvolution(
      filters: 20, width: 16, pooling: .maxAndMean, meanScale: 4),
    layers: [AnyLayerConfiguration] = [.dense(units: 8), .rectifier], strands: StrandRule = .pooled,
    windows: WindowRule? = nil
  ) throws -> Ensemble {
    let configuration = NetworkConfiguration(
      front: front, layers: layers, strands: strands, windows: windows)
    let networks = try (1...2).map {
      try Network(configuration, taskCount: 2, seed: UInt64($0))
    }
    return Ensemble(
      networks: networks, kmers: Self.table,
      weights: Tensor(shape: [3, 2], scalars: [0.5, 0.25, 0.75, 1, 0.1, 0.3]),
      intercept: Tensor(shape: [2], scalars: [0.1, -0.2]))
  }

  /// The oracle is each sequence read anew; every bit must agree.
  @Test(arguments: [1, 9, 10, 16, 40, 231]) func equalsFullRecomputation(length: Int) throws {
    let ensemble = try ensemble()
    let sequence = randomBases(length, seed: 7, unknownRuns: true)
    let incremental = ensemble.substitutionOutputs(sequence, threads: 2)
    let full = ensemble.outputs(sequence.substitutions, threads: 2)
    #expect(incremental.shape == [length, 4, 2])
    #expect(incremental.scalars == full.scalars)
  }

  @Test func equalsFullRecomputationOfOtherNetworks() throws {
    let sequence = randomBases(60, seed: 8)
    for strands in [StrandRule.max, .mean, .forward] {
      for front in [
        Front.motifConvolution(filters: 5, width: 4, pooling: .max),
        .motifConvolution(filters: 5, width: 4, pooling: .maxAndMean, padding: 3),
        .motifConvolution(filters: 5, width: 4, pooling: .max, padding: 3),
      ] {
        for windows in [
          nil, WindowRule(length: 20), WindowRule(length: 80),
          WindowRule(length: 20, reduction: .average),
        ] {
          let ensemble = try ensemble(front: front, strands: strands, windows: windows)
          #expect(
            ensemble.substitutionOutputs(sequence, threads: 1).scalars
              == ensemble.outputs(sequence.substitutions, threads: 2).scalars)
        }
      }
    }
    let deep = try ensemble(
      front: .oneHot, layers: [.convolution(filters: 3, width: 5), .globalPooling(.mean)],
      strands: .max)
    #expect(
      deep.substitutionOutputs(sequence, threads: 1).scalars
        == deep.outputs(sequence.substitutions, threads: 2).scalars)
  }

  @Test func deltasAreDifferencesFromTheSequence() throws {
    let model = try model(windowLength: 50)
    let sequence = randomBases(50, seed: 9)
    let mutations = Mutagenesis(of: sequence, by: model, threads: 1)
    let reference = model.ensemble.outputs([sequence], threads: 1).scalars
    for task in 0..<2 {
      let deltas = mutations.deltas(of: task)
      for (position, code) in sequence.codes.enumerated() {
        #expect(deltas[4 * position + Int(code)] == 0)
        let changed = sequence.replacing(position, by: (code + 1) % 4)
        let output = model.ensemble.outputs([changed], threads: 1).scalars[task]
        #expect(deltas[4 * position + Int((code + 1) % 4)] == output - reference[task])
      }
    }
  }

  /// Each base of a longer sequence is mutated in the window around it, cut out by hand.
  @Test func longSequencesAreMutatedByWindows() throws {
    let model = try model(windowLength: 21)
    let sequence = randomBases(60, seed: 10, unknownRuns: true)
    let deltas = Mutagenesis(of: sequence, by: model, threads: 2).deltas(of: 1)
    for position in 0..<60 {
      let start = [position - 10, 0, 39].sorted()[1]
      let window = sequence[start..<start + 21]
      let base = UInt8(position % 4)
      let changed = window.replacing(position - start, by: base)
      let outputs = model.ensemble.outputs([window, changed], threads: 1).scalars
      #expect(deltas[4 * position + Int(base)] == outputs[3] - outputs[1])
    }
  }

  private func model(windowLength: Int) throws -> Model {
    Model(
      ensemble: try ensemble(), objective: .binary, tasks: ["a", "b"],
      windowLength: windowLength, provenance: Provenance(version: "", seed: 0, inputs: []),
      background: [])
  }
}

extension EncodedSequence {
  fileprivate func replacing(_ position: Int, by code: UInt8) -> EncodedSequence {
    var codes = codes
    codes[position] = code
    return EncodedSequence(codes: codes)
  }
}
