import Foundation
import Genomics
import GenomicsIO
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

/// A model of two filters, `GATTACA` and `CCGGTTC`, whose matches raise the output, and two motifs of the same words.
@Suite struct AlleleSitesTests {
  private static let words = ["GATTACA", "CCGGTTC"]
  private static let flank = "TGTGTGTGAATGTGTGTGAATGTGTGTGTGAATGTG"

  private static func model(withFilters: Bool = true, raising: Bool = true) throws -> Model {
    let configuration = NetworkConfiguration(
      layers: [.convolution(filters: 2, width: 7), .rectifier, .globalPooling(.max)],
      strands: .pooled)
    var network = try Network(configuration, taskCount: 1, seed: 1)
    network.parameters = [
      Tensor(
        shape: [7, 4, 2],
        scalars: (0..<7).flatMap { position in
          (0..<4).flatMap { base in
            words.map { Array($0)[position] == Array("ACGT")[base] ? 1 : -1 }
          }
        }),
      Tensor(shape: [2], scalars: [-1, -1]), Tensor(shape: [2, 1], scalars: [0.5, 0.25]),
      Tensor(shape: [1], scalars: [-2]),
    ].map { $0 as Tensor }
    network.prepare()
    var model = Model(
      ensemble: Ensemble(network), objective: .binary, tasks: ["t"], windowLength: 41,
      provenance: Provenance(version: "", seed: 0, inputs: []), background: [])
    model.motifs = words.enumerated().map { index, word in
      let bases: [SIMD4<Float>] = EncodedSequence(word)!.codes.map { code in
        var column = SIMD4<Float>.zero
        column[Int(code)] = 20
        return column
      }
      return LearnedMotif(
        name: "motif\(index + 1)", match: nil, task: 0, isPositive: raising, siteCount: 20,
        counts: bases, contributions: bases)
    }
    return model
  }

  private func score(
    _ bases: String, _ position: Int, _ reference: String, _ alternate: String, raising: Bool = true
  ) throws -> AlleleScore {
    let folder = TemporaryFolder()
    let genome = try Genome(
      path: folder.write(Gzip.member(">s\n\(bases)\n".utf8), to: "g.fa.gz"))
    let model = try Self.model(raising: raising)
    let scorer = VariantScorer(model: model, genome: genome, sites: AlleleSiteFinder(model))
    let scored = try scorer.score([
      Variant(
        sequence: "s", position: position, reference: reference, alternates: [alternate])
    ])
    guard case .scored(let score) = scored[0].outcomes[0] else { throw MissingScore() }
    return score
  }

  private struct MissingScore: Error {}

  /// A site on the reverse strand is broken, by a substitution of its fourth base, T>G on its own strand: the filter's
  /// score falls from 6 to 4, half of which is the whole difference. Each of the 20 counts and a quarter makes a base
  /// that is there 20.25 of 21.
  @Test func aBrokenSiteIsNamed() throws {
    let bases = Self.flank + "TGTAATC" + Self.flank
    let score = try score(bases, Self.flank.count + 3, "A", "C")
    #expect(abs(score.centred.difference(task: 0) + 1) < 1e-5)
    let sites = try #require(score.sites)
    #expect(sites.count == 1 && sites[0].count == 1)
    let site = sites[0][0]
    #expect(site.motif == 0 && !site.isGained)
    let there = 4 * (20.25 / 21 * 20 + 0.25 * 0.1) / 20.1
    let other = 4 * (0.25 / 21 * 20 + 0.25 * 0.1) / 20.1
    #expect(abs(site.referenceBits - 7 * log2(there)) < 0.1)
    #expect(abs(site.alternateBits - 6 * log2(there) - log2(other)) < 0.1)
    #expect(abs((site.effect ?? .nan) + 1) < 1e-5)
    #expect(sites[0].leading(in: -1) == site && sites[0].leading(in: 1) == nil)
  }

  /// A deletion makes the second motif's site of its halves, with nothing else there.
  @Test func aSiteMadeByADeletionIsNamed() throws {
    let bases = Self.flank + "CCGGAATTC" + Self.flank
    let score = try score(bases, Self.flank.count + 3, "GAA", "G")
    let site = try #require(score.sites?[0].first)
    #expect(score.sites?[0].count == 1 && site.motif == 1 && site.isGained)
    let difference = score.centred.difference(task: 0)
    #expect(difference > 0 && abs((site.effect ?? .nan) - difference) < 1e-5)
  }

  /// Where both motifs overlap, the parts of both add up to the difference, and the one that loses is named.
  @Test func twoSitesShareADifference() throws {
    let bases = Self.flank + "CCGGTTCATTACA" + Self.flank
    let score = try score(bases, Self.flank.count + 6, "C", "G")
    let sites = try #require(score.sites?[0])
    #expect(sites.map(\.motif) == [0, 1] && sites.map(\.isGained) == [true, false])
    let difference = score.centred.difference(task: 0)
    #expect(abs(sites.reduce(0) { $0 + ($1.effect ?? .nan) } - difference) < 1e-5)
    #expect(difference > 0 && sites.leading(in: difference)?.motif == 0)
    #expect(sites.leading(in: -difference)?.motif == 1)
  }

  /// A site that is made is no reason for a rise if its motif lowers the output, though its filter makes the rise.
  @Test func aSiteThatWorksTheOtherWayIsNotNamed() throws {
    let bases = Self.flank + "CCGGAATTC" + Self.flank
    for raising in [true, false] {
      let score = try score(bases, Self.flank.count + 3, "GAA", "G", raising: raising)
      let (sites, difference) = (score.sites?[0] ?? [], score.centred.difference(task: 0))
      #expect(sites.count == 1 && sites[0].effect ?? 0 > 0 && difference > 0)
      #expect((sites.leading(in: difference) != nil) == raising)
    }
  }

  /// Of a deletion longer than the window the model reads the middle: a site beyond isn't one, though its bases are deleted.
  @Test func whatTheModelDoesNotReadIsNoSite() throws {
    let filler = String(repeating: "TG", count: 40)
    let far = "GATTACA" + filler
    let near = filler.prefix(37) + "GATTACA" + filler.suffix(43)
    for (deleted, isRead) in [(far, false), (String(near), true)] {
      let bases = Self.flank + deleted + Self.flank
      let before = String(Self.flank.suffix(1))
      let score = try score(bases, Self.flank.count - 1, before + deleted, before)
      #expect(score.sites?[0].contains { $0.motif == 0 } == isRead, "\(score.sites ?? [])")
    }
  }

  /// No match over the change, no site; a match that the change leaves as it is isn't one either.
  @Test func nothingIsNamedElsewhere() throws {
    let bases = Self.flank + "GATTACA" + Self.flank
    #expect(try score(bases, 10, "T", "C").sites == [[]])
    #expect(try score(bases, Self.flank.count - 1, "G", "C").sites == [[]])
    var model = try Self.model()
    model.motifs = []
    #expect(AlleleSiteFinder(model) == nil)
  }
}
