import Datasets
import Genomics
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct SitePlacementTests {
  /// One filter that reads `ACGGT`, 1 a match and -1 a mismatch, and a logit that is its maximum.
  private func model(strands: StrandRule, length: Int = 40, padding: Int? = nil) throws -> Model {
    let configuration = NetworkConfiguration(
      front: .motifConvolution(filters: 1, width: 5, pooling: .max, padding: padding), layers: [],
      strands: strands, windows: padding.map { _ in WindowRule(length: length) })
    var network = try Network(configuration, taskCount: 1, seed: 1)
    let motif = EncodedSequence("ACGGT")!.codes
    var weight = [Float](repeating: -1, count: 20)
    for (position, code) in motif.enumerated() { weight[4 * position + Int(code)] = 1 }
    network.parameters = [
      Tensor(shape: [5, 4, 1], scalars: weight), Tensor(zeros: [1]),
      Tensor(shape: [1, 1], scalars: [1]), Tensor(zeros: [1]),
    ]
    return Model(
      ensemble: Ensemble(network), objective: .binary, tasks: ["t"], windowLength: length,
      provenance: Provenance(version: "", seed: 0, inputs: []), background: [])
  }

  /// `ACGGT` or, on the other strand, `ACCGT`, among T's that hold neither, wherever it stands.
  @Test(arguments: [StrandRule.max, .pooled], [0, 7, 35])
  func placesSitesOnTheMotif(rule: StrandRule, place: Int) throws {
    let placer = SitePlacer(try model(strands: rule))
    #expect(placer.width == 5)
    for (motif, strand) in [("ACGGT", Strand.forward), ("ACCGT", .reverse)] {
      let text =
        String(repeating: "T", count: place) + motif + String(repeating: "T", count: 35 - place)
      let candidate = SiteCandidate(
        sequence: "s", start: 100, codes: EncodedSequence(text)!.codes, task: 0, output: 5)
      let sites = try placer.place([candidate], threads: 1)
      #expect(
        sites == [
          BindingSite(
            interval: GenomicInterval("s", start: 100 + place, end: 105 + place), strand: strand,
            window: 100..<140, task: 0, output: 5)
        ])
    }
  }

  /// Three bases of the motif at an end of a window, the other two in its padding: silencing one by an
  /// unknown base takes 1 for the match and adds the mean of 1 and three times -1.
  @Test(arguments: [
    ("GGTTTTT", Strand.forward, 0..<3), ("TTTTACG", .forward, 4..<7), ("CGTAAAA", .reverse, 0..<3),
    ("AAAAACC", .reverse, 4..<7), ("TACGGTT", .forward, 1..<6),
  ])
  func placesSitesThatReachIntoThePadding(text: String, strand: Strand, bases: Range<Int>) throws {
    let model = try model(strands: .max, length: 7, padding: 4)
    let sequence = try #require(EncodedSequence(text))
    let found = model.ensemble.contributions(SequenceBatch([sequence]), task: 0).scalars
    let output = model.ensemble.outputs([sequence], threads: 1).scalars[0]
    #expect(output == (bases.count == 3 ? 2 : 5))
    for position in 0..<7 {
      var codes = sequence.codes
      codes[position] = EncodedSequence.unknown
      let without = model.ensemble.outputs([EncodedSequence(codes: codes)], threads: 1).scalars[0]
      #expect(found[position] == output - without)
      #expect(found[position] == (bases.contains(position) ? 1.5 : 0))
    }
    let candidate = SiteCandidate(
      sequence: "s", start: 10, codes: sequence.codes, task: 0, output: output)
    let sites = try SitePlacer(model).place([candidate], threads: 1)
    let start = bases.lowerBound == 4 ? 2 : bases.lowerBound
    #expect(sites.map(\.interval) == [GenomicInterval("s", start: 10 + start, end: 15 + start)])
    #expect(sites.map(\.strand) == [strand])
  }

  /// Where no rectifier is at 0 the means are linear: what a base contributes is what all of its
  /// substitutions take away, a quarter of each.
  @Test(arguments: [StrandRule.mean, .forward, .pooled])
  func contributionsOfMeansAreDifferences(strands: StrandRule) throws {
    var network = try toyModel(
      windowLength: 9, tasks: 1, strands: strands, padding: 4
    ).ensemble.networks[0]
    network.parameters[1].scalars = [8, 9, 10, 11]
    // The maxima, the first four features, count for nothing; the hidden units stay above 0.
    let hidden = network.parameters[2].shape[1]
    for index in 0..<4 * hidden { network.parameters[2].scalars[index] = 0 }
    network.parameters[3].scalars = [Float](repeating: 50, count: hidden)
    let ensemble = Ensemble(network)
    let sequence = randomBases(9, seed: 6)
    let found = ensemble.contributions(SequenceBatch([sequence]), task: 0).scalars
    let outputs = ensemble.outputs([sequence] + sequence.substitutions, threads: 1).scalars
    for position in 0..<9 {
      let changed = outputs[1 + 4 * position..<5 + 4 * position]
      let difference = changed.reduce(0) { $0 + (outputs[0] - $1) / 4 }
      // Outputs of 50 to 100 are rounded to 1e-5.
      #expect(abs(found[position] - difference) < 5e-5)
      #expect(abs(difference) > 1e-3)
    }
  }

  @Test func takesTheWholeWindowWhereNothingContributes() throws {
    let placer = SitePlacer(try model(strands: .max))
    let unknown = [UInt8](repeating: EncodedSequence.unknown, count: 40)
    let sites = try placer.place(
      [SiteCandidate(sequence: "s", start: 3, codes: unknown, task: 0, output: 0)], threads: 1)
    #expect(sites.map(\.interval) == [GenomicInterval("s", start: 3, end: 43)])
  }

  /// The order of the candidates stays, whatever their tasks.
  @Test func placesTasksTogether() throws {
    let model = try toyModel(windowLength: 30, tasks: 3)
    let candidates = (0..<100).map { index in
      SiteCandidate(
        sequence: "s", start: index, codes: randomBases(30, seed: UInt64(index)).codes,
        task: index * 7 % 3, output: Float(index))
    }
    let placer = SitePlacer(model)
    let together = try placer.place(candidates, threads: 2)
    #expect(try together == candidates.flatMap { try placer.place([$0], threads: 1) })
    #expect(together.map(\.output) == candidates.map(\.output))
  }

  /// The definition: the gradient at the base less the mean of the four.
  @Test func contributionsAreCentredGradients() throws {
    let ensemble = try toyModel(windowLength: 30).ensemble
    let batch = SequenceBatch([
      randomBases(30, seed: 1), randomBases(30, seed: 2, unknownRuns: true),
    ])
    let found = ensemble.contributions(batch, task: 1).scalars
    let gradient = ensemble.networks[0].inputGradient(batch, task: 1).scalars
    for (position, code) in batch.codes.enumerated() {
      let own = Array(gradient[4 * position..<4 * position + 4])
      let expected =
        code == 4 ? 0 : own[Int(code)] - (own[0] + own[1] + own[2] + own[3]) / 4
      #expect(abs(found[position] - expected) < 1e-5)
    }
  }

  /// What the bases of a sequence contribute to the k-mer table's score is that score but for the bias.
  @Test func contributionsOfTheKmerTableAddUp() throws {
    let network = try toyModel(windowLength: 30, tasks: 1).ensemble.networks[0]
    var random = RandomStream(seed: 5, .initialization)
    let table = KmerTable(
      scalars: Tensor(
        shape: [1 << 20, 1], scalars: (0..<1 << 20).map { _ in 2 * random.uniform() - 1 }),
      bias: Tensor(shape: [1], scalars: [0.5]))
    let ensemble = Ensemble(
      networks: [network], kmers: table, weights: Tensor(shape: [2, 1], scalars: [0, 3]),
      intercept: Tensor(zeros: [1]))
    let bases = randomBases(30, seed: 1)
    let contributions = ensemble.contributions(SequenceBatch([bases]), task: 0).scalars
    let score = table.outputs([bases], threads: 1).scalars[0] - 0.5
    #expect(abs(contributions.reduce(0, +) - 3 * score) < 1e-4)
  }
}
