import Evaluation
import TestSupport
import Testing

@Suite struct RankingMetricsTests {
  struct Case: Decodable {
    let scores: [Float]
    let isPositive: [Bool]
    let auroc, auprc: Double
  }

  /// scikit-learn's `roc_auc_score` and `average_precision_score`, of scores with many ties.
  @Test func areasAreThoseOfScikitLearn() throws {
    let cases: [Case] = try golden("areas.json")
    #expect(cases.count == 6)
    for reference in cases {
      let area = try #require(auroc(scores: reference.scores, isPositive: reference.isPositive))
      let precision = try #require(
        auprc(scores: reference.scores, isPositive: reference.isPositive))
      #expect(abs(area - reference.auroc) < 1e-9)
      #expect(abs(precision - reference.auprc) < 1e-9)
    }
  }

  /// The definition: the share of pairs in which the positive scores higher, ties counting half.
  @Test func aurocCountsPairs() throws {
    for reference in try golden("areas.json") as [Case] where reference.scores.count <= 200 {
      let positives = reference.scores.indices.filter { reference.isPositive[$0] }
      let negatives = reference.scores.indices.filter { !reference.isPositive[$0] }
      var won = 0.0
      for positive in positives.map({ reference.scores[$0] }) {
        for negative in negatives.map({ reference.scores[$0] }) {
          won += positive > negative ? 1 : positive == negative ? 0.5 : 0
        }
      }
      let share = won / Double(positives.count * negatives.count)
      #expect(abs(share - reference.auroc) < 1e-9)
    }
  }

  @Test func absentClassesHaveNoArea() {
    #expect(auroc(scores: [], isPositive: []) == nil)
    #expect(auroc(scores: [1, 2], isPositive: [true, true]) == nil)
    #expect(auprc(scores: [1, 2], isPositive: [false, false]) == nil)
    #expect(rocCurve(scores: [1, 2], isPositive: [true, true]).isEmpty)
    #expect(precisionRecallCurve(scores: [1, 2], isPositive: [false, false]).isEmpty)
  }

  /// By hand: 3 (+), then 2 (+ and -) as one threshold, then 1 (-).
  @Test func curvesByHand() {
    let scores: [Float] = [2, 3, 1, 2]
    let isPositive = [false, true, false, true]
    let roc = rocCurve(scores: scores, isPositive: isPositive)
    #expect(roc.map(\.x) == [0, 0, 0.5, 1] && roc.map(\.y) == [0, 0.5, 1, 1])
    let precision = precisionRecallCurve(scores: scores, isPositive: isPositive)
    #expect(precision.map(\.x) == [0.5, 1, 1])
    #expect(precision.map(\.y) == [1, 2.0 / 3, 0.5])
  }
}
