import Genomics
import Inference
import Layers
import Models
import Motifs
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct FilterMotifsTests {
  /// A network of filters `[width, channel, filter]` without a layer behind them, but what pools
  /// windows.
  private func network(
    _ filters: Tensor, bias: [Float], output: [Float], strands: StrandRule = .max,
    window: Int? = nil, padding: Int? = nil, windows: WindowRule? = nil
  ) throws -> Network {
    var network = try Network(
      NetworkConfiguration(
        front: .motifConvolution(
          filters: bias.count, width: filters.shape[0], pooling: .max, window: window,
          padding: padding),
        layers: window == nil ? [] : [.globalPooling(.max)], strands: strands,
        windows: windows),
      taskCount: 1, seed: 0)
    network.parameters = [
      filters, Tensor(shape: [bias.count], scalars: bias),
      Tensor(shape: [bias.count, 1], scalars: output), Tensor(zeros: [1]),
    ]
    return network
  }

  /// Filter 0 is above zero, at 1, over `TGAC` alone: 4 matches of 1, less 3. Filter 1 never is.
  /// Filter 2 is 1 everywhere.
  private func threeFilters(window: Int? = nil, strands: StrandRule = .max) throws -> Network {
    var filters = Tensor(zeros: [4, 4, 3])
    for (tap, base) in EncodedSequence("TGAC")!.codes.enumerated() {
      for channel in 0..<4 {
        filters.scalars[(tap * 4 + channel) * 3] = channel == Int(base) ? 1 : -3
      }
    }
    return try network(
      filters, bias: [-3, -1, 1], output: [2, 5, 0.5], strands: strands, window: window)
  }

  private let positives = (0..<600).map { index in
    var codes = randomBases(30, seed: UInt64(index)).codes
    // Sites on both strands, and bases that nobody knows.
    if index % 3 == 0 { codes.replaceSubrange(5..<9, with: EncodedSequence("TGAC")!.codes) }
    if index % 3 == 1 { codes.replaceSubrange(20..<24, with: EncodedSequence("GTCA")!.codes) }
    codes[12] = EncodedSequence.unknown
    return EncodedSequence(codes: codes)
  }

  /// Counted letter by letter: every `TGAC` and every `GTCA`.
  @Test(arguments: [StrandRule.max, .pooled]) func countsSitesOnBothStrands(rule: StrandRule) throws
  {
    let found = try FilterMotifs(
      of: Ensemble(threeFilters(strands: rule)), positives: positives, threads: 2)
    let sites = positives.map { sequence in
      (0...26).count { ["TGAC", "GTCA"].contains(sequence[$0..<$0 + 4].text) }
    }
    let count = sites.reduce(0, +)
    #expect(count > 400)
    #expect(found.motifs.map(\.filter) == [0])
    #expect(found.dead == [1])
    #expect(found.uninformative == [2])
    let motif = try #require(found.motifs.first)
    #expect(motif.motif.name == "filter1" && motif.motif.alternateName == "TGAC")
    #expect(motif.motif.siteCount == count)
    for (column, base) in zip(motif.motif.probabilities.columns, [3, 2, 0, 1]) {
      let expected = (Double(count) + 0.25) / (Double(count) + 1)
      #expect(abs(column[base] - expected) < 1e-6)
    }
    // Without the filter a sequence that holds a site loses 2.
    let influence = 2 * Double(sites.count { $0 > 0 }) / Double(positives.count)
    #expect(abs(motif.influence - influence) < 1e-6)
    #expect(found.background == Background(counting: positives))
  }

  /// The maximum of the maxima of whole windows, 9 of 3 positions, is the maximum.
  @Test func windowsDoNotMatter() throws {
    let whole = try FilterMotifs(of: Ensemble(threeFilters()), positives: positives, threads: 1)
    #expect(
      try FilterMotifs(of: Ensemble(threeFilters(window: 3)), positives: positives, threads: 1)
        == whole)
  }

  @Test(arguments: 1...3) func threadsDoNotMatter(threads: Int) throws {
    let one = try FilterMotifs(of: Ensemble(threeFilters()), positives: positives, threads: 1)
    #expect(
      try FilterMotifs(of: Ensemble(threeFilters()), positives: positives, threads: threads) == one)
  }

  /// One site in 100 positives makes a motif, one in 101 doesn't.
  @Test(arguments: [(100, []), (101, [0])])
  func fewSitesMakeNoMotif(count: Int, rare: [Int]) throws {
    let network = try network(
      Tensor(shape: [1, 4, 1], scalars: [1, 0, 0, 0]), bias: [0], output: [1], strands: .forward)
    let positives = (0..<count).map { EncodedSequence($0 == 7 ? "TAT" : "TTT")! }
    let found = try FilterMotifs(of: Ensemble(network), positives: positives, threads: 1)
    #expect(found.rare == rare)
    #expect(found.motifs.count == 1 - rare.count)
  }

  /// One tap: A gives 1, C 0.75, G 0.5, T 0. Sites are what is above one half: 3 A and 2 C.
  @Test func sitesAreAboveHalfOfTheMaximum() throws {
    let network = try network(
      Tensor(shape: [1, 4, 1], scalars: [1, 0.75, 0.5, 0]), bias: [0], output: [1],
      strands: .forward)
    let found = try FilterMotifs(
      of: Ensemble(network), positives: [EncodedSequence("ATTGCAGGCAT")!], threads: 1)
    let motif = try #require(found.motifs.first?.motif)
    #expect(motif.siteCount == 5)
    let expected = SIMD4<Double>(3.25, 2.25, 0.25, 0.25) / 6
    for base in 0..<4 { #expect(abs(motif.probabilities.columns[0][base] - expected[base]) < 1e-6) }
  }

  /// `TGAC`, 1 a match and -1 a mismatch, and its beginnings and ends at the ends of sequences, where
  /// unknown bases count -0.5: TGA- and -GAC score 2.5 and make sites beside TGAC's 4, TG-- and --AC
  /// score 1 and are below half.
  @Test func sitesReachIntoThePadding() throws {
    var filters = Tensor(shape: [4, 4, 1], scalars: [Float](repeating: -1, count: 16))
    for (tap, base) in EncodedSequence("TGAC")!.codes.enumerated() {
      filters.scalars[4 * tap + Int(base)] = 1
    }
    let network = try network(
      filters, bias: [0], output: [2], strands: .forward, padding: 3,
      windows: WindowRule(length: 6))
    let positives = ["TTTGACTT", "CCCTGA", "GACTT", "TTTTTG", "ACTTT"].map { EncodedSequence($0)! }
    let found = try FilterMotifs(of: Ensemble(network), positives: positives, threads: 1)
    let motif = try #require(found.motifs.first)
    #expect(motif.motif.siteCount == 3)
    let expected: [SIMD4<Double>] = [
      [0.25, 0.25, 0.25, 2.25], [0, 0, 3, 0], [3, 0, 0, 0], [0.25, 2.25, 0.25, 0.25],
    ]
    for (column, counts) in zip(motif.motif.probabilities.columns, expected) {
      for base in 0..<4 { #expect(abs(column[base] - (counts[base] + 0.25) / 4) < 1e-6) }
    }
    // Twice what they score.
    let scores: [Double] = [4, 2.5, 2.5, 1, 1]
    #expect(abs(motif.influence - 2 * scores.reduce(0, +) / 5) < 1e-6)
  }

  /// The score of a sequence is its best window's: without the filter another one counts.
  @Test func influenceIsThatOnTheScore() throws {
    // A window scores 2 where it holds an A, less 3 where it holds a C.
    let network = try network(
      Tensor(shape: [1, 4, 2], scalars: [1, 0, 0, 1, 0, 0, 0, 0]), bias: [0, 0], output: [2, -3],
      strands: .forward, windows: WindowRule(length: 2))
    let positives = ["ACAAG", "CACAC"].map { EncodedSequence($0)! }
    let found = try FilterMotifs(of: Ensemble(network), positives: positives, threads: 1)
    #expect(found.motifs.map(\.filter) == [0, 1])
    // AA and AG score 2, without A's filter 0; AC and CA -1, without A's filter -3 and without C's 2.
    let withoutA: Double = (2 - 0) + (-1 + 3)
    let withoutC: Double = (2 - 2) + (-1 - 2)
    #expect(found.motifs.map(\.influence) == [withoutA / 2, withoutC / 2])
  }

  /// A filter that looks at its two middle taps only.
  @Test func trimsTheEnds() throws {
    var filters = Tensor(zeros: [6, 4, 1])
    filters.scalars[2 * 4 + 1] = 1
    filters.scalars[3 * 4 + 2] = 1
    let network = try network(filters, bias: [-1.5], output: [1], strands: .forward)
    let found = try FilterMotifs(of: Ensemble(network), positives: positives, threads: 1)
    #expect(found.motifs.first?.motif.alternateName == "CG")
  }

  @Test func sortsByInfluence() throws {
    // A, C and G, with outputs 1, 3 and 2, each silenced in every sequence.
    var filters = Tensor(zeros: [1, 4, 3])
    for filter in 0..<3 { filters.scalars[filter * 3 + filter] = 1 }
    let network = try network(
      filters, bias: [0, 0, 0], output: [1, 3, 2], strands: .forward)
    let found = try FilterMotifs(
      of: Ensemble(network), positives: [EncodedSequence("ACGTACGT")!], threads: 1)
    #expect(found.motifs.map(\.filter) == [1, 2, 0])
    #expect(found.motifs.map(\.influence) == [3, 2, 1])
  }

  @Test func needsLayersThatReadWindows() throws {
    let model = try toyModel(windowLength: 12, front: .oneHot)
    for layer in [1, 9] {
      #expect(throws: NoMotifsError(layer: layer)) {
        try FilterMotifs(of: model.ensemble, layer: layer, positives: positives, threads: 1)
      }
    }
    let dense = try Network(
      NetworkConfiguration(layers: [.flatten, .dense(units: 2)], length: 30), taskCount: 1, seed: 1)
    #expect(throws: NoMotifsError(layer: nil)) {
      try FilterMotifs(of: Ensemble(dense), positives: positives, threads: 1)
    }
  }
}
