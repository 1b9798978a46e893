import Datasets
import Evaluation
import Genomics
import Layers
import Models
import Networks
import Testing
import Training

@Suite struct PeakStrengthTests {
  func example(_ name: String, _ label: Float) -> Example {
    Example(name: name, bases: EncodedSequence(codes: [0, 1]), labels: [label])
  }

  /// By hand: ranks 0, 1, 2 at a half-weight rank of 2 count 1, 2/3, 1/2.
  @Test func theStrongestCountMost() {
    let examples = ["a", "b", "c", "d"].map { example($0, 1) }
    let chosen = PeakSelection(strongest: 3, halfWeightRank: 2)
      .applied(to: examples, strengths: [1, 7, 5, 3])
    #expect(chosen.map(\.name) == ["b", "c", "d"])
    #expect(chosen.map(\.weight) == [1, 1 / 1.5, 0.5])
    #expect(abs(chosen.withMeanWeightOne.reduce(0) { $0 + $1.weight } - 3) < 1e-6)
  }

  /// Equal strengths rank in the order of their rows.
  @Test func theFirstOfEqualsIsStronger() {
    let examples = ["a", "b", "c"].map { example($0, 1) }
    let chosen = PeakSelection(strongest: 2).applied(to: examples, strengths: [1, 1, 1])
    #expect(chosen.map(\.name) == ["a", "b"] && chosen.map(\.weight) == [1, 1])
  }

  /// Of negatives the share of the positives is kept, and they count 1.
  @Test func negativesAreThinnedAlike() {
    let examples = (0..<4).map { example("p\($0)", 1) } + (0..<6).map { example("n\($0)", 0) }
    let chosen = PeakSelection(strongest: 2, halfWeightRank: 1)
      .applied(to: examples, strengths: (0..<10).map { -Double($0) })
    #expect(chosen.map(\.name) == ["p0", "p1", "n0", "n2", "n4"])
    #expect(chosen.map(\.weight) == [1, 0.5, 1, 1, 1])
    #expect(chosen.withMeanWeightOne.suffix(3).map(\.weight) == [1, 1, 1])
  }

  /// Two of four positives are kept, so half of six negatives; but no fewer than two a positive.
  @Test func enoughNegativesStay() {
    let examples = (0..<4).map { example("p\($0)", 1) } + (0..<6).map { example("n\($0)", 0) }
    let selection = PeakSelection(strongest: 2, negativesPerPositive: 2)
    let chosen = selection.applied(to: examples, strengths: (0..<10).map { -Double($0) })
    #expect(chosen.map(\.name) == ["p0", "p1", "n0", "n1", "n3", "n4"])
    #expect(selection.negatives == TrainingNegatives(perPositive: 2, most: 4))
  }

  @Test func unknownStrengthTakesAllAlikeUpToFourTimesAsMany() {
    let examples = (0..<10).map { example("\($0)", 1) }
    #expect(PeakSelection().applied(to: examples, strengths: nil) == examples)
    let chosen = PeakSelection(strongest: 1, halfWeightRank: 3).applied(
      to: examples, strengths: nil)
    #expect(chosen.map(\.name) == ["0", "2", "5", "7"])
    #expect(chosen.allSatisfy { $0.weight == 1 })
  }

  /// Ties share the mean of their ranks; by hand, from the definition: ranks 1.5 1.5 3 against 1 3 2.
  @Test func correlatesRanks() {
    #expect(rankCorrelation([1, 2, 3], [10, 20, 30]) == 1)
    #expect(rankCorrelation([1, 2, 3], [3, 2, 1]) == -1)
    #expect(abs(rankCorrelation([1, 1, 2], [1, 3, 2])) < 1e-12)
    #expect(rankCorrelation([1, 1], [1, 2]) == 0)
  }

  /// Sites stand in the first half of the rows only, or anywhere.
  @Test(arguments: [true, false]) func tellsRowsInOrder(isOrdered: Bool) throws {
    var random = RandomStream(seed: 8, .background)
    let site = try #require(EncodedSequence("TGACTCAGCA")).codes
    let examples = (0..<600).map { row in
      var codes = (0..<40).map { _ in UInt8(random.next(below: 4)) }
      if isOrdered ? row < 300 : row % 4 < 2 { codes.replaceSubrange(12..<22, with: site) }
      var example = Example(name: "", bases: EncodedSequence(codes: codes), labels: [1])
      example.row = row
      return example
    }
    let order = try #require(RowOrder(of: examples, seed: 1, threads: 2))
    #expect(order.count == 600)
    #expect(order.isByStrength == isOrdered)
    #expect(RowOrder(of: Array(examples.prefix(100)), seed: 1, threads: 1) == nil)
  }
}
