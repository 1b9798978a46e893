import Genomics
import Inference
import Layers
import Models
import Networks
import Testing

@Suite struct QValuesTests {
  /// Scores 0 to 10 whose chance falls tenfold a unit.
  private let distribution = ScoreDistribution(
    scores: (0..<1000).map { Float($0) / 1000 },
    rare: (1...10).map { RareScore(score: Float($0), chance: pow10(-$0)) })

  private static func pow10(_ exponent: Int) -> Double {
    (0..<abs(exponent)).reduce(1.0) { value, _ in exponent < 0 ? value / 10 : value * 10 }
  }

  /// Benjamini and Hochberg by the definition: the least of p · m / rank over all windows with p as large.
  /// Bins make it larger by the step of the p-value within one, under 1 %.
  @Test func areThoseOfBenjaminiAndHochberg() {
    var random = RandomStream(seed: 1, .background)
    let outputs = (0..<3000).map { index -> Float in
      index < 40 ? 2 + 6 * random.uniform() : index < 60 ? .nan : 1.5 * random.uniform() - 0.1
    }
    var counts = OutputCounts(against: distribution)
    counts.add(outputs, threads: 2)
    let scored = outputs.filter { !$0.isNaN }.sorted(by: >)
    #expect(counts.total == scored.count)
    let found = QValues(counts)
    var least = 1.0
    for (rank, output) in scored.enumerated().reversed() {
      least = min(
        least, distribution.pValue(of: output) * Double(scored.count) / Double(rank + 1))
      #expect(found[output] >= least * 0.999_999 && found[output] <= least * 1.01)
    }
  }

  @Test func leastOutputIsTheFirstThatIsCalled() throws {
    var counts = OutputCounts(against: distribution)
    counts.add([Float](repeating: 0.5, count: 990) + [Float](repeating: 6.5, count: 10), threads: 1)
    let values = QValues(counts)
    let least = try #require(values.leastOutput(atRate: 0.01))
    // 1000 windows, 10 at 6.5: q is 0.01 where p is 1e-4, at 4.
    #expect(abs(least - 4) < 0.01 && values[least + 0.001] <= 0.01)
    #expect(values.leastOutput(atRate: 1e-9) == nil)
  }

  /// Where windows below the least output stand doesn't matter, if it is below `exactOutput`.
  @Test func windowsThatWereNotLookedAtOnlyCount() {
    func values(others: Float) -> (q: QValues, exact: Float) {
      var counts = OutputCounts(against: distribution)
      counts.add([3, 3.5, 6.5] + [Float](repeating: others, count: 97), threads: 1)
      return (QValues(counts, from: 3), counts.exactOutput(for: 3))
    }
    let (exact, approximate) = (values(others: 0.5), values(others: 2.9))
    #expect(exact.exact < 3 && exact.exact > 2.9)
    // Three of 100 windows score 3 or more, at p = 1e-3: q is 1e-3 · 100 / 3; below it nothing is called.
    #expect(abs(exact.q[3] - 0.0333) < 0.0005 && exact.q[2.5] == 1)
    #expect([3, 3.5, 6.5].allSatisfy { exact.q[$0] == approximate.q[$0] })
  }

  /// Counts of parts, bin by bin, are those of the whole.
  @Test func addUp() {
    let outputs = (0..<500).map { Float($0 % 97) / 8 }
    var whole = OutputCounts(against: distribution)
    whole.add(outputs, threads: 1)
    var parts = OutputCounts(against: distribution)
    for (bin, count) in whole.counts.enumerated() {
      #expect(parts.add(count / 2, toBin: bin) && parts.add(count - count / 2, toBin: bin))
    }
    #expect(parts == whole && !parts.add(1, toBin: 1 << 20) && !parts.add(-1, toBin: 0))
  }
}
