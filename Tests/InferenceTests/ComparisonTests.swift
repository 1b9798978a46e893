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

/// Two outputs on one scale, by a model whose answers can be counted: `A` is the largest number of As in four bases, `B`
/// that of Cs, and both less 2.
@Suite final class ComparisonTests {
  private let folder = TemporaryFolder()

  private func model(priors: [Double] = [0.5, 0.5], windowLength: Int = 12) throws -> Model {
    var network = try Network(
      NetworkConfiguration(
        layers: [.convolution(filters: 2, width: 4), .rectifier, .globalPooling(.max)],
        strands: .forward), taskCount: 2, seed: 1)
    // [width, base, filter], a bias per filter, [filter, task], a bias per task.
    let filters = (0..<4).flatMap { _ in [1, 0, 0, 1, 0, 0, 0, 0] as [Float] }
    network.parameters = [
      Tensor(shape: [4, 4, 2], scalars: filters), Tensor(zeros: [2]),
      Tensor(shape: [2, 2], scalars: [1, 0, 0, 1]), Tensor(shape: [2], scalars: [-2, -2]),
    ]
    var model = Model(
      ensemble: Ensemble(network), objective: .binary, tasks: ["A", "B"],
      windowLength: windowLength, provenance: Provenance(version: "", seed: 0, inputs: []),
      background: (0..<2).map { _ in
        // Of 1,000 background windows 9 reach 2.
        ScoreDistribution(scores: (0..<1000).map { $0 < 991 ? 0 : 2 })
      })
    model.priors = priors
    return model
  }

  private func pair(_ models: [Model], scale: OutputPair.Scale = .logOdds) -> OutputPair {
    OutputPair(
      models: models,
      outputs: [
        .init(model: 0, task: 0, name: "A"), .init(model: models.count - 1, task: 1, name: "B"),
      ], scale: scale)
  }

  private func genome(_ bases: String) throws -> Genome {
    try Genome(path: folder.write(">g\n\(bases)\n", to: "g.fa"))
  }

  private let bases = "GTGTGTGTGTAAAAGTGTGTGTGTGTCCGTGTGTGTGT"

  private func compared(_ pair: OutputPair, _ regions: [Range<Int>]) throws -> [ComparedRegion] {
    let peaks = regions.map {
      Peak(interval: GenomicInterval("g", start: $0.lowerBound, end: $0.upperBound))
    }
    return try pair.compared(peaks, in: genome(bases), threads: 1).map { try $0.get() }
  }

  /// `AAAA` and no C: 4 - 2 and 0 - 2. Two Cs and no A: -2 and 0. A prior of 1/5 makes log odds for one half higher by
  /// log 4.
  @Test(arguments: [1, 2]) func logOddsHoldForOneHalf(modelCount: Int) throws {
    let models = [Model](repeating: try model(priors: [0.2, 0.5]), count: modelCount)
    let found = try compared(pair(models), [4..<20, 20..<34])
    let shift = log(4.0)
    for (region, expected) in zip(found, [[2 + shift, -2], [-2 + shift, 0]]) {
      for (value, wanted) in zip(region.values, expected) { #expect(abs(value - wanted) < 1e-5) }
      #expect(abs(region.difference - (expected[0] - expected[1])) < 1e-5)
    }
    // Outputs of 2 are reached by 9 of 1,000, counted as 10 of 1,001; -2 by all.
    #expect(found[0].isCalled(atPValue: 0.01) == [true, false])
    #expect(abs(try #require(found[0].pValues)[0] - 10.0 / 1001) < 1e-9)
  }

  /// -log10 of the same p-values, whatever the prior.
  @Test func ranksAreOfBackground() throws {
    let found = try compared(pair([model(priors: [0.2, 0.5])], scale: .rank), [4..<20])
    #expect(abs(found[0].values[0] + log10(10.0 / 1001)) < 1e-6)
    #expect(abs(found[0].values[1]) < 1e-6)
  }

  /// What can't be read stays in its row, with the reason.
  @Test func regionsOffTheGenomeSaySo() throws {
    let peaks = [("g", 4, 20), ("x", 4, 20), ("g", 30, 90)].map {
      Peak(interval: GenomicInterval($0, start: $1, end: $2))
    }
    let comparison = try pair([model()]).comparison(
      of: peaks, in: genome(bases), callingPValue: 0.01, threads: 1)
    #expect(
      comparison.rows.map { $0.problem?.description } == [
        nil, "no such sequence in the genome", "off the end of the sequence",
      ])
    #expect(comparison.calls(comparison.rows[0]) == [true, false])
    #expect(comparison.null == nil && comparison.rows[0].pValue == nil)
  }

  /// Both outputs have one site of 2 or more, found where it stands: `AAAA` at 10, and no four Cs.
  @Test func sitesOfEitherAreCompared() throws {
    let text = bases + String(repeating: "GT", count: 20) + "CCCC" + bases
    let comparison = try pair([model()]).comparison(
      ofSitesIn: genome(text), callingPValue: 0.01, threads: 2)
    #expect(
      comparison.rows.map(\.region) == [
        GenomicInterval("g", start: 10, end: 14), GenomicInterval("g", start: 78, end: 82),
        GenomicInterval("g", start: 92, end: 96),
      ])
    #expect(comparison.rows.map { $0.compared?.values } == [[2, -2], [-2, 2], [2, -2]])
  }

  /// `AAAA` to `AACA`: A falls from 4 to 3 of four, B rises from 0 to 1.
  @Test func variantsChangeBoth() throws {
    let scorer = PairedVariantScorer(
      pair([try model()]), genome: try genome(bases))
    let outcomes = try scorer.score([
      Variant(sequence: "g", position: 12, reference: "A", alternates: ["C", "<DEL>"]),
      Variant(sequence: "x", position: 12, reference: "A", alternates: ["C"]),
    ])
    let allele = try outcomes[0][0].get()
    #expect(allele.changes == [-1, 1] && allele.difference == -2)
    #expect(outcomes[0][1] == .failure(.symbolic) && outcomes[1] == [.failure(.noSuchSequence)])
  }

  /// Silenced, the filter of As costs A 4 and B nothing in the one window with `AAAA`, 0 in the other.
  @Test func filtersAddToTheirTask() throws {
    let regions = [4..<20, 20..<34].map {
      GenomicInterval("g", start: $0.lowerBound, end: $0.upperBound)
    }
    let filters = try pair([model()]).filters(in: regions, of: genome(bases), threads: 1)
    let first = try #require(filters.first { $0.motif.filter == 0 })
    #expect(first.influences == [2, 0] && first.difference == 2)
    let ofTwo = try pair([model(), model()]).filters(in: regions, of: genome(bases), threads: 1)
    #expect(ofTwo.first { $0.model == 0 && $0.motif.filter == 0 }?.influences == [2, nil])
  }
}

@Suite struct DifferenceNullTests {
  private func regions(_ differences: [Double]) -> [Result<ComparedRegion, IncomparableRegion>] {
    differences.map { .success(ComparedRegion(values: [$0, 0], pValues: [1, 1])) }
  }

  /// Regions that are bound alike tell the null if they are given, else those that are compared: -10…10 have the standard
  /// deviation 7.413 about 0, and 0, 10, …, 200 one of 74.13 about 100. By hand, 2 p-values in the first case.
  @Test func theNullIsOfRegionsBoundAlike() throws {
    let alike = regions((-10...10).map(Double.init))
    let peaks = (0..<21).map { Peak(interval: GenomicInterval("g", start: $0, end: $0 + 1)) }
    let compared = regions((0...20).map { 10 * Double($0) })
    let given = Comparison(peaks, compared, shared: alike, callingPValue: 0.1)
    #expect(given.null?.center == 0 && abs((given.null?.spread ?? 0) - 7.413) < 1e-9)
    #expect(given.rows[0].pValue == 1 && given.rows[0].qValue == 1)
    // 10 / 7.413 = 1.349 standard deviations: 0.1773; the second largest of 21.
    #expect(abs((given.rows[1].pValue ?? 0) - 0.1773) < 1e-4)
    #expect(abs((given.rows[1].qValue ?? 0) - 0.1773 * 21 / 20) < 1e-4)
    let own = Comparison(peaks, compared, shared: nil, callingPValue: 0.1)
    #expect(own.null?.center == 100 && abs((own.null?.spread ?? 0) - 74.13) < 1e-9)
  }

  /// Of -10…10 the median is 0, and that of the distances 5; one standard deviation off is a p-value of 0.3173 (tables of
  /// the normal distribution), two 0.0455.
  @Test func isNormalAboutTheMedian() throws {
    let null = try #require(DifferenceNull(of: (-10...10).map(Double.init).reversed()))
    #expect(null.center == 0 && abs(null.spread - 7.413) < 1e-9 && null.regions == 21)
    #expect(abs(null.pValue(of: 7.413) - 0.3173) < 1e-4)
    #expect(abs(null.pValue(of: -14.826) - 0.0455) < 1e-4)
    #expect(null.pValue(of: 0) == 1)
  }

  /// A few sites that differ widely change little: the median moves by half a step.
  @Test func aFewThatDifferHardlyCount() throws {
    let null = try #require(DifferenceNull(of: (-10...10).map(Double.init) + [1e6]))
    #expect(null.center == 0.5 && null.spread < 9)
  }

  @Test func tooFewOrEqualSaysNothing() {
    #expect(DifferenceNull(of: (0..<19).map(Double.init)) == nil)
    #expect(DifferenceNull(of: [Double](repeating: 3, count: 40)) == nil)
  }

  /// By hand: 0.01 · 4 / 1, 0.03 · 4 / 2, 0.04 · 4 / 3, 0.5 · 4 / 4, each at most the next.
  @Test func ratesAreThoseOfBenjaminiAndHochberg() {
    let rates = benjaminiHochberg([0.01, 0.04, 0.03, 0.5])
    for (rate, expected) in zip(rates, [0.04, 0.16 / 3, 0.16 / 3, 0.5]) {
      #expect(abs(rate - expected) < 1e-12)
    }
    #expect(benjaminiHochberg([]).isEmpty)
  }
}
