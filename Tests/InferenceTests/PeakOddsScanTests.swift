import Genomics
import GenomicsIO
import Inference
import Layers
import Models
import Networks
import TestSupport
import Testing

@Suite struct PeakOddsScanTests {
  private let distribution = ScoreDistribution(
    scores: (0..<1000).map { Float($0) / 1000 }, rare: [RareScore(score: 8, chance: 1e-6)])

  /// The mean over the sites that score as high, in Double; bins make it larger by a step of the line at most.
  @Test func falseSharesAreMeans() throws {
    let odds = PeakOdds(slope: 1.5, intercept: -4, bases: 1, peaks: 1, peakOutputs: [])
    var random = RandomStream(seed: 1, .background)
    let outputs = (0..<2000).map { _ -> Float in 8 * random.uniform() }.sorted(by: >)
    var counts = OutputCounts(against: distribution)
    counts.add(outputs, threads: 1)
    let shares = FalseShares(counts, odds: odds)
    var sum = 0.0
    for (rank, output) in outputs.enumerated() {
      sum += 1 - odds.probability(ofOutput: output)
      let share = sum / Double(rank + 1)
      // Sites of one bin count together.
      if rank > 100 { #expect(abs(shares[output] - share) < 0.01) }
    }
    #expect(shares.least == shares[outputs[0]])
    let least = try #require(shares.leastOutput(atRate: 0.2))
    #expect(shares[least.nextUp] <= 0.2 && shares[least - 0.01] > 0.2)
    #expect(shares.leastOutput(atRate: 0.5) == -.infinity)
    #expect(shares.leastOutput(atRate: 0) == nil)
    #expect(FalseShares(OutputCounts(against: distribution), odds: odds).least == nil)
  }

  /// Peaks are where the model scores highest, on the part that is scanned; so a high output means a peak and a
  /// low one none, and peaks elsewhere don't count.
  @Test func oddsFollowThePeaks() throws {
    let bases = randomBases(60_000, seed: 3)
    let folder = TemporaryFolder()
    let path = folder.write(
      String(decoding: fasta([(name: "a", bases: bases)]), as: UTF8.self), to: "g.fa")
    let genome = try Genome(path: path)
    let plain = try toyModel(windowLength: 30, tasks: 1)
    let model = plain.with(
      background: backgroundDistributions(
        of: plain.ensemble, sources: [bases], from: .genome, length: 30, seed: 1, threads: 2))
    let scores = model.ensemble.windowScores(bases.codes, length: 30).outputs
    let best = scores.indices.sorted { scores[$0] > scores[$1] }.prefix(40)
    let peaks = best.map { GenomicInterval("a", start: $0, end: $0 + 30) }
    let part = GenomicInterval("a", start: 0, end: 50_000)
    let measured = try model.withPeakOdds(
      from: [part], peaks: [peaks], genome: genome, threads: 2)
    let odds = try #require(measured.peakOdds.first)
    #expect(odds.bases == 50_000 && odds.peaks == peaks.count { $0.start < 50_000 })
    #expect(odds.probability(ofOutput: scores.max() ?? 0) > 0.7)
    let median = scores.sorted()[scores.count / 2]
    #expect(odds.probability(ofOutput: median) < 0.2)
    #expect(odds.recoveredShare(from: -.infinity) > 0.9)
    // Where no site lies in a peak, none is likely to, whatever it scores.
    let none = try model.withPeakOdds(from: [part], peaks: [[]], genome: genome, threads: 2)
    #expect(none.peakOdds[0].probability(ofOutput: 100) < 0.01)
    let again = try model.withPeakOdds(from: [part], peaks: [peaks], genome: genome, threads: 1)
    #expect(again.peakOdds == measured.peakOdds)
    #expect(
      try model.withPeakOdds(from: [], peaks: [peaks], genome: genome, threads: 1).peakOdds.isEmpty)
  }

  /// Windows of a network of filters share what they read; those of a deeper one are each read anew, and a scan for the
  /// odds would take hours.
  @Test func deepNetworksAreNotScanned() throws {
    func canMeasure(_ layers: [AnyLayerConfiguration]) throws -> Bool {
      let network = try Network(
        NetworkConfiguration(layers: layers, strands: .forward), taskCount: 1, seed: 1)
      return Model(
        ensemble: Ensemble(network), objective: .binary, tasks: ["a"], windowLength: 600,
        provenance: Provenance(version: "", seed: 0, inputs: []), background: []
      ).canMeasurePeakOdds
    }
    let filters: [AnyLayerConfiguration] = [.convolution(filters: 64, width: 16), .rectifier]
    #expect(try canMeasure(filters + [.globalPooling(.max), .dense(units: 32), .rectifier]))
    #expect(
      try !canMeasure(
        filters + [.convolution(filters: 64, width: 7), .rectifier, .globalPooling(.max)]))
  }
}
