import Genomics
import Inference
import Layers
import Models
import Motifs
import Networks
import Tensors
import TestSupport
import Testing

/// Motifs of the channels of layers that have no look-up tables, or lie deeper.
@Suite struct LayerMotifsTests {
  /// A network of a strand rule with drawn weights, those of its first convolution given: filter 0 counts the matches of
  /// `TGACGT` less its mismatches, filter 1 is 0 everywhere.
  private func network(
    _ layers: [AnyLayerConfiguration], strands: StrandRule, padding: Int? = nil
  ) throws -> Network {
    var network = try Network(
      NetworkConfiguration(
        layers: [.convolution(filters: 2, width: 6, padding: padding.map { .positions($0) })]
          + layers, strands: strands), taskCount: 1, seed: 3)
    network.visitParameters { path, _, parameter in
      if path == "layers.0.weight" {
        parameter = Tensor(zeros: parameter.shape)
        for (tap, base) in EncodedSequence("TGACGT")!.codes.enumerated() {
          for channel in 0..<4 {
            parameter.scalars[(tap * 4 + channel) * 2] = channel == Int(base) ? 1 : -1
          }
        }
      }
      if path == "layers.0.bias" { parameter.scalars = [-3, -1] }
    }
    return network
  }

  /// A site in each sequence, on either strand, at any place.
  private let positives = (0..<300).map { index in
    var codes = randomBases(40, seed: UInt64(index)).codes
    let site = index % 2 == 0 ? "TGACGT" : "ACGTCA"
    let start = 3 + index * 7 % 28
    codes.replaceSubrange(start..<start + 6, with: EncodedSequence(site)!.codes)
    return EncodedSequence(codes: codes)
  }

  private func expectSite(_ motifs: FilterMotifs, named name: String = "filter1") throws {
    let motif = try #require(motifs.motifs.first { $0.motif.name == name }).motif
    #expect(motif.probabilities.consensus.contains("TGACGT"))
    let sites = motif.probabilities.columns.count { $0.max() > 0.95 }
    #expect(sites == 6)
    #expect(motif.siteCount == 300)
  }

  /// The first convolution with padding, or with a normalization behind it: no look-up tables, but the same sites.
  @Test(arguments: [StrandRule.max, .pooled], [nil, 2])
  func normalizedFiltersHaveMotifs(rule: StrandRule, padding: Int?) throws {
    let network = try network(
      [.batchNormalization(), .rectifier, .globalPooling(.max)], strands: rule, padding: padding)
    #expect(network.motifs == nil)
    let found = try FilterMotifs(of: Ensemble(network), positives: positives, threads: 2)
    try expectSite(found)
    #expect(found.dead == [1])
    #expect(
      try FilterMotifs(of: Ensemble(network), layer: 0, positives: positives, threads: 1) == found)
  }

  /// A second convolution, behind maxima of four positions, that gives each channel on: a window of hers begins up to three
  /// bases before the site's, so that only aligned windows agree.
  @Test(arguments: [StrandRule.max, .pooled]) func deepWindowsAreAligned(rule: StrandRule) throws {
    var network = try network(
      [
        .rectifier, .windowPooling(.max, window: 4), .convolution(filters: 2, width: 1), .rectifier,
        .globalPooling(.max),
      ], strands: rule)
    network.visitParameters { path, _, parameter in
      if path == "layers.3.weight" { parameter.scalars = [0, 1, 0, 0] }
    }
    let found = try FilterMotifs(
      of: Ensemble(network), layer: 3, positives: positives, threads: 2)
    try expectSite(found, named: "filter2")
    #expect(found.dead == [0])
    #expect(
      try FilterMotifs(of: Ensemble(network), layer: 3, positives: positives, threads: 1) == found)
  }

  /// A channel of a deep layer that is the same everywhere: all best windows are the first ones, with nothing in common.
  @Test func windowsWithNothingInCommonMakeNoMotif() throws {
    var network = try network(
      [
        .rectifier, .windowPooling(.max, window: 4), .convolution(filters: 2, width: 1), .rectifier,
        .globalPooling(.max),
      ], strands: .forward)
    network.visitParameters { path, _, parameter in
      if path == "layers.3.weight" { parameter.scalars = [0, 0, 0, 0] }
      if path == "layers.3.bias" { parameter.scalars = [1, 0] }
    }
    let random = (0..<300).map { randomBases(40, seed: UInt64($0)) }
    let found = try FilterMotifs(of: Ensemble(network), layer: 3, positives: random, threads: 1)
    #expect(found.motifs.isEmpty && found.uninformative == [0] && found.dead == [1])
  }

  /// Where each position reads can't be told behind layers that make several positions of one.
  @Test func layersBehindUpsamplingHaveNoWindows() throws {
    let network = try network(
      [.rectifier, .windowPooling(.max, window: 2)]
        + [AnyLayerConfiguration(Upsampling(factor: 2)), .globalPooling(.max)], strands: .forward)
    #expect(throws: NoMotifsError(layer: 3)) {
      try FilterMotifs(of: Ensemble(network), layer: 3, positives: positives, threads: 1)
    }
    let pooled = try FilterMotifs(of: Ensemble(network), layer: 2, positives: positives, threads: 1)
    #expect(pooled.motifs.map(\.filter) == [0])
  }

  /// Two networks, numbered on; a layer that reads every second base of padded sequences.
  @Test func networksAreNumberedOn() throws {
    let layers: [AnyLayerConfiguration] = [.batchNormalization(), .rectifier, .globalPooling(.max)]
    let networks = try [0, 2].map { try network(layers, strands: .max, padding: $0) }
    let both = try FilterMotifs(
      of: Ensemble(
        networks: networks, kmers: nil, weights: Tensor(shape: [2, 1], scalars: [0.5, 0.5]),
        intercept: Tensor(zeros: [1])), positives: positives, threads: 2)
    #expect(both.motifs.map(\.filter).sorted() == [0, 2] && both.dead.sorted() == [1, 3])
  }

  /// What the outputs fall by, where the rest of the network is linear: the weight times the maximum.
  @Test func influenceIsTheOutputsFall() throws {
    var network = try network(
      [.batchNormalization(), .rectifier, .globalPooling(.max)], strands: .pooled)
    network.visitParameters { path, _, parameter in
      if path == "output.weight" { parameter.scalars = [2, 1] }
    }
    let found = try FilterMotifs(of: Ensemble(network), positives: positives, threads: 1)
    // Six matches less 3, normalized by a mean of 0 and a variance of 1.
    #expect(abs(try #require(found.motifs.first).influence - 2 * 3) < 1e-3)
  }
}
