import Genomics
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct BackgroundScoresTests {
  private let positives = (0..<30).map { randomBases(30, seed: UInt64($0)) }

  @Test func dependsOnTheSeedOnly() throws {
    let network = try toyModel(windowLength: 30).ensemble
    func distributions(seed: UInt64, threads: Int) -> [ScoreDistribution] {
      backgroundDistributions(
        of: network, sources: positives, from: .sequences, length: 30, seed: seed, threads: threads)
    }
    let first = distributions(seed: 1, threads: 1)
    #expect(first.count == 2 && first.allSatisfy { $0.sampleCount == 20_000 })
    #expect(distributions(seed: 1, threads: 3) == first)
    #expect(distributions(seed: 2, threads: 1) != first)
  }

  /// Shuffles keep first and last base and every dinucleotide: `ACACAC` has one only.
  @Test func shufflesThePositives() throws {
    let network = try toyModel(windowLength: 6, tasks: 1).ensemble
    let only = EncodedSequence("ACACAC")!
    let distribution = backgroundDistributions(
      of: network, sources: [only], from: .sequences, length: 6, seed: 1, threads: 1)
    let score = network.outputs([only], threads: 1).scalars[0]
    // Rows at different places of a batch may be rounded differently.
    #expect(distribution[0].quantiles.allSatisfy { abs($0 - score) < 1e-5 })
  }

  /// What is cut off or filled up changes nothing else.
  @Test func takesTheMiddle() throws {
    let network = try toyModel(windowLength: 20).ensemble
    func distributions(_ positives: [EncodedSequence]) -> [ScoreDistribution] {
      backgroundDistributions(
        of: network, sources: positives, from: .sequences, length: 20, seed: 1, threads: 2)
    }
    let short = positives.map { $0[0..<9] }
    #expect(distributions(positives) == distributions(positives.map { $0[5..<25] }))
    #expect(distributions(short) == distributions(short.map { $0.padded(to: 20) }))
  }

  @Test func nothingComesOfNothing() throws {
    let network = try toyModel(windowLength: 30).ensemble
    #expect(
      backgroundDistributions(
        of: network, sources: [], from: .sequences, length: 30, seed: 1, threads: 1
      ).isEmpty)
  }
}
