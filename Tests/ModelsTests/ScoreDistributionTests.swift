import Foundation
import Layers
import Models
import Networks
import Testing

@Suite struct ScoreDistributionTests {
  /// The scores 0, 1, …, 999 in another order: the quantiles are every tenth rank, rounded down
  /// (999 · i / 100), and the tail is 800…999.
  let distribution = ScoreDistribution(scores: (0..<1000).map { Float(($0 * 387) % 1000) })

  @Test func keepsQuantilesAndTail() {
    #expect(distribution.sampleCount == 1000)
    #expect(distribution.quantiles.count == 101)
    #expect(distribution.quantiles[..<3] == [0, 9, 19] && distribution.quantiles[100] == 999)
    #expect(distribution.tail == (800..<1000).map(Float.init))
  }

  /// By hand, `(r + 1) / (n + 1)`: in the tail `r` is exact.
  @Test func countsInTheTail() {
    #expect(distribution.pValue(of: 1000) == 1.0 / 1001)
    #expect(distribution.pValue(of: .infinity) == 1.0 / 1001)
    #expect(distribution.pValue(of: 999) == 2.0 / 1001)
    #expect(distribution.pValue(of: 998.5) == 2.0 / 1001)
    #expect(distribution.pValue(of: 900) == 101.0 / 1001)
    #expect(distribution.pValue(of: 800) == 201.0 / 1001)
  }

  /// Below the tail the ranks are interpolated, to one part in a hundred at worst.
  @Test func interpolatesBelowTheTail() {
    #expect(distribution.pValue(of: 0) == 1)
    #expect(distribution.pValue(of: -.infinity) == 1)
    for score in 0..<800 {
      let exact = Double(1000 - score + 1) / 1001
      #expect(abs(distribution.pValue(of: Float(score)) - exact) < 0.011)
    }
  }

  @Test func neverRises() {
    let values = stride(from: Float(-10), to: 1010, by: 0.37).map { distribution.pValue(of: $0) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
  }

  /// 5 of 6 scores are 1 or more, 3 are 2, none is above.
  @Test func tiesCountTogether() {
    let few = ScoreDistribution(scores: [2, 1, 2, 0, 1, 2])
    #expect(few.tail == [0, 1, 1, 2, 2, 2])
    #expect(few.pValue(of: 2) == 4.0 / 7)
    #expect(few.pValue(of: 1) == 6.0 / 7)
    #expect(few.pValue(of: 0) == 1)
    #expect(few.pValue(of: 2.5) == 1.0 / 7)
    #expect(ScoreDistribution(scores: [3]).pValue(of: 3) == 1)
  }

  /// Ties that begin below the tail are counted there too, to one part in a hundred.
  @Test func tiesReachBelowTheTail() {
    let equal = ScoreDistribution(scores: [Float](repeating: 1, count: 20_000))
    #expect(equal.pValue(of: 1) == 1)
    #expect(equal.pValue(of: 1.5) == 1.0 / 20_001)
    let half = ScoreDistribution(scores: (0..<20_000).map { $0 % 2 == 0 ? 0 : 1 })
    #expect(abs(half.pValue(of: 1) - 0.5) < 0.011)
    #expect(half.pValue(of: 0) == 1)
  }

  /// Between 900 and 904 the chance falls from 0.1 to 0.001, so at 902 it is 0.01; above all, the least.
  @Test func interpolatesRareScores() {
    let rare = ScoreDistribution(
      scores: (0..<1000).map(Float.init),
      rare: [RareScore(score: 900, chance: 0.1), RareScore(score: 904, chance: 0.001)])
    #expect(abs(rare.pValue(of: 902) - 0.01) < 1e-12)
    #expect(rare.pValue(of: 904) == 0.001 && rare.pValue(of: .infinity) == 0.001)
    #expect(abs(rare.pValue(of: 900) - 0.1) < 0.011)
    #expect(abs(rare.pValue(of: 500) - 0.5) < 0.011)
    let values = stride(from: Float(-1), to: 910, by: 0.5).map { rare.pValue(of: $0) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
  }

  /// The score that is found has the p-value, and the next lower one has a larger one.
  @Test(arguments: [0.9, 0.1, 0.05, 0.0011, 0.001]) func invertsPValues(pValue: Double) throws {
    let rare = ScoreDistribution(
      scores: (-500..<500).map(Float.init),
      rare: [RareScore(score: 400, chance: 0.1), RareScore(score: 404, chance: 0.001)])
    let score = try #require(rare.leastScore(ofPValue: pValue))
    #expect(rare.pValue(of: score) <= pValue && rare.pValue(of: score.nextDown) > pValue)
    #expect(rare.leastScore(ofPValue: 0.0009) == nil)
  }

  /// What version 0.1 wrote first, without rare scores.
  @Test func readsOldFiles() throws {
    let json = #"{"sampleCount":3,"quantiles":[0,1,2],"tail":[0,1,2]}"#
    let old = try JSONDecoder().decode(ScoreDistribution.self, from: Data(json.utf8))
    #expect(old.rare == nil && old.pValue(of: 3) == 0.25)
  }
}
