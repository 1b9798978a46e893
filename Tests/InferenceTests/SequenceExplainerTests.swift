import Datasets
import Genomics
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct SequenceExplainerTests {
  /// A model like those of a preset, with drawn weights and a k-mer table.
  private func model(_ configuration: NetworkConfiguration, length: Int = 60) throws -> Model {
    let networks = try (1...2).map { seed in
      var network = try Network(
        configuration.reading(length: length), taskCount: 2, seed: UInt64(seed))
      network.parameters = network.parameters.enumerated().map { index, parameter in
        scattered(parameter.shape, seed: 10 * seed + index)
      }
      return network
    }
    let table = KmerTable(
      scalars: scattered([1 << 20, 2], seed: 7), bias: Tensor(shape: [2], scalars: [1, -1]))
    return Model(
      ensemble: Ensemble(
        networks: networks, kmers: table,
        weights: Tensor(shape: [3, 2], scalars: [0.5, 0.25, 0.75, 1, 0.4, 0.3]),
        intercept: Tensor(shape: [2], scalars: [0.1, -0.2])),
      objective: .binary, tasks: ["a", "b"], windowLength: length,
      provenance: Provenance(version: "", seed: 0, inputs: []), background: [])
  }

  static let presets: [NetworkConfiguration] = [
    .standard, .sites, .deepBind(), .deepBind(strands: .mean), .deepBind(strands: .forward),
    NetworkConfiguration(
      layers: [
        .convolution(filters: 8, width: 7), .gelu, .windowPooling(.max, window: 3),
        .residual([.convolution(filters: 8, width: 3, padding: .same), .rectifier]),
        .bidirectional([.gru(units: 4)]), .flatten, .dense(units: 5), .rectifier,
      ], strands: .max),
  ]

  /// Contributions add up to the output of `predict` less that of the shuffles; unknown bases included.
  @Test(arguments: presets, [AttributionMethod.deepLIFT, .integratedGradients])
  func addsUp(configuration: NetworkConfiguration, method: AttributionMethod) throws {
    let model = try model(configuration)
    let sequences = (1...6).map { randomBases(60, seed: UInt64($0), unknownRuns: $0 > 4) }
    let explainer = SequenceExplainer(model, by: method, references: 3)
    let explained = try explainer.explanations(of: sequences, task: 1, threads: 2).map {
      try $0.get()
    }
    let outputs = model.ensemble.outputs(sequences, threads: 1).scalars
    for (index, explanation) in explained.enumerated() {
      let difference = try #require(explanation.difference)
      #expect(abs(explanation.sum - difference) < 1e-4 * abs(difference))
      #expect(explanation.output == outputs[2 * index + 1])
    }
  }

  /// Deltas of saturation mutagenesis are the oracle, which another code computes.
  @Test func mutagenesisCentresTheOutputs() throws {
    let model = try model(.standard)
    let sequence = randomBases(60, seed: 3)
    let explained = try SequenceExplainer(model, by: .mutagenesis).explanations(
      of: [sequence], task: 0, threads: 1)[0].get()
    let deltas = Mutagenesis(of: sequence, by: model, threads: 1).deltas(of: 0)
    for position in 0..<60 {
      let four = deltas[4 * position..<4 * position + 4]
      let mean = four.reduce(0, +) / 4
      for (base, delta) in four.enumerated() {
        let found = explained.hypothetical.scalars[4 * position + base]
        #expect(abs(found - (delta - mean)) < 1e-5)
      }
    }
    #expect(explained.referenceOutput == nil)
  }

  /// The corrected gradient of the bases that are there is what places sites.
  @Test func gradientIsThatOfNetworks() throws {
    let model = try toyModel(windowLength: 40)
    let sequence = randomBases(40, seed: 3)
    let explained = try SequenceExplainer(model, by: .gradient).explanations(
      of: [sequence], task: 1, threads: 1)[0].get()
    let found = model.ensemble.contributions(.init([sequence]), task: 1).scalars
    #expect(zip(explained.contributions, found).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func isTheSameByAnyNumberOfThreads() throws {
    let model = try model(.standard)
    let sequences = (1...40).map { randomBases($0 % 2 == 0 ? 60 : 45, seed: UInt64($0)) }
    let explainer = SequenceExplainer(model, references: 2)
    let results = try [1, 3].map { threads in
      try explainer.explanations(of: sequences, task: 0, threads: threads).map {
        try $0.get().hypothetical
      }
    }
    #expect(results[0] == results[1])
    let rest = explainer.explanations(
      of: Array(sequences[10...]), task: 0, first: 10, threads: 1)
    #expect(try rest[0].get().hypothetical == results[0][10])
  }

  /// A sequence too short for a network is read with unknown bases around it, as `predict` does.
  @Test func readsShortAndLongSequences() throws {
    let model = try toyModel(windowLength: 40, width: 5)
    let long = randomBases(200, seed: 5)
    let explained = SequenceExplainer(model, references: 2).explanations(
      of: [long, EncodedSequence(codes: [])], task: 0, threads: 1)
    let best = try explained[0].get()
    let score = try SequenceScorer(model).scores(of: [long], threads: 1)[0].get()
    #expect(best.place == score.windows[0].place && best.isOfBestWindow)
    #expect(best.output == score.outputs[0])
    #expect(throws: UnscorableSequence.empty) { try explained[1].get() }
  }
}

@Suite struct ContributionTrackTests {
  /// Two that overlap by a base, one that touches them, one apart, one of another sequence; by hand.
  @Test func takesMeansWhereWindowsOverlap() {
    func place(_ name: String, _ start: Int, _ end: Int) -> GenomicInterval {
      GenomicInterval(name, start: start, end: end)
    }
    let track = ContributionTrack(
      [
        (place("b", 4, 6), [1, 2]), (place("a", 12, 14), [7, 8]), (place("a", 2, 4), [3, 1]),
        (place("a", 0, 3), [1, 2, 5]), (place("a", 4, 5), [9]),
      ], sequences: ["a", "b"])
    #expect(track.stretches.map(\.sequence) == ["a", "a", "b"])
    #expect(track.stretches.map(\.start) == [0, 12, 4])
    #expect(track.stretches.map(\.values) == [[1, 2, 4, 1, 9], [7, 8], [1, 2]])
  }
}
