import Datasets
import Evaluation
import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct BaselinesTests {
  struct KmerCase: Decodable {
    let sequences: [String]
    let isPositive: [Bool]
    let weights: [Float]
    let penalty: Double
    let logits: [Double]
    let intercept: Double
  }

  /// Against scikit-learn on counts made in Python.
  @Test func kmerRegressionIsScikitLearns() throws {
    let golden: KmerCase = try golden("kmer-regression.json")
    let sequences = golden.sequences.map { EncodedSequence($0)! }
    let regression = KmerRegression(
      fitting: sequences, isPositive: golden.isPositive, weights: golden.weights,
      penalty: golden.penalty)
    #expect(abs(regression.intercept - golden.intercept) < 1e-5)
    let logits = regression.logits(of: sequences)
    #expect(zip(logits, golden.logits).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    // Both strands are the same words.
    #expect(regression.logits(of: sequences.map(\.reverseComplement)) == logits)
  }

  /// Without a single word only the intercept is left: the log-odds of the classes.
  @Test func shortSequencesHaveTheBaseRate() {
    let regression = KmerRegression(
      fitting: ["ACG", "AC", "T", "NNNNNNNN"].map { EncodedSequence($0)! },
      isPositive: [true, false, true, true], weights: [1, 1, 1, 1])
    #expect(abs(regression.intercept - 1.0986122886681098) < 1e-9)  // log 3
    #expect(regression.weights.allSatisfy { $0 == 0 })
  }

  private func measured(_ sequences: [String], _ labels: [Float]) -> MeasuredExamples {
    MeasuredExamples(
      zip(sequences, labels).map {
        Example(name: "e", bases: EncodedSequence($0)!, labels: [9, $1])
      }, task: 1)
  }

  /// The direction is learned: where positives have less GC, less is better. By hand.
  @Test func gcContentLearnsItsDirection() {
    let test = measured(["AAGC", "GGGC", "TTTT", "NNNN", "GAAA"], [1, 0, 1, 0, .nan])
    let rich = measured(["GGGG", "AAAA"], [1, 0])
    let poor = measured(["GGGG", "AAAA"], [0, 1])
    #expect(Baseline.gcContent(of: test, knowing: rich).scores == [0.5, 1, 0, 0.5])
    #expect(Baseline.gcContent(of: test, knowing: poor).scores == [0.5, 0, 1, 0.5])
    // Of four pairs 1.5 are in order for "more is bound": 1 - 0.5 / 4 = 0.875 the other way.
    #expect(test.gcAUROC == 0.875)
    #expect(measured(["A", "C"], [1, 1]).gcAUROC == nil)
  }

  @Test func bestRuleIsTheFirstOfThoseThatRankBest() {
    let known = measured(["A", "A", "A"], [1, 0, 1])
    #expect(Baseline.best(of: [[0, 1, 2], [2, 1, 3], [5, 4, 6]], on: known) == 1)
    #expect(Baseline.best(of: [], on: known) == nil)
    #expect(Baseline.best(of: [[1]], on: measured(["A"], [1])) == nil)
  }

  private func comparisons(_ baselines: [Baseline], threads: Int) -> [BaselineComparison] {
    let examples = (0..<60).map {
      Example(name: "e", bases: EncodedSequence("A")!, labels: [$0 % 3 == 0 ? 1 : 0])
    }
    return Metrics(
      predictions: Tensor(shape: [60, 1], scalars: scores(seed: 1)), examples: examples,
      tasks: ["t"], objective: .binary, baselines: [baselines], data: "test", seed: 4,
      threads: threads
    ).tasks[0].baselines ?? []
  }

  private func scores(seed: UInt64) -> [Float] {
    var random = RandomStream(seed: seed, .background)
    return (0..<60).map { (random.uniform() as Float) * ($0 % 3 == 0 ? 1 : 0.8) }
  }

  /// The same resamples for both: drawn here anew, each a list of examples of which the difference is
  /// computed pair by pair.
  @Test func gainsArePaired() throws {
    let (model, rule) = (scores(seed: 1), scores(seed: 2))
    let found = comparisons(
      [Baseline(name: "itself", scores: model), Baseline(name: "rule", scores: rule)], threads: 3)
    #expect(found[0].aurocGain == 0 && found[0].aurocGainInterval == [0, 0])
    #expect(found[0].auprcGain == 0 && found[0].auprcGainInterval == [0, 0])
    func area(_ scores: [Float], _ drawn: [Int]) -> Double {
      let positives = drawn.filter { $0 % 3 == 0 }
      let negatives = drawn.filter { $0 % 3 != 0 }
      let wins = positives.reduce(0.0) { sum, p in
        negatives.reduce(sum) {
          $0 + (scores[p] > scores[$1] ? 1 : scores[p] == scores[$1] ? 0.5 : 0)
        }
      }
      return wins / Double(positives.count * negatives.count)
    }
    let whole = Array(0..<60)
    #expect(abs(found[1].aurocGain - (area(model, whole) - area(rule, whole))) < 1e-12)
    let gains = (0..<1000).map { draw in
      var random = RandomStream(seed: 4, .bootstrap, draw)
      let drawn = (0..<60).map { _ in random.next(below: 60) }
      return area(model, drawn) - area(rule, drawn)
    }.sorted()
    let interval = try #require(found[1].aurocGainInterval)
    // Ranks 24.975 and 974.025.
    #expect(abs(interval[0] - (gains[24] + 0.975 * (gains[25] - gains[24]))) < 1e-12)
    #expect(abs(interval[1] - (gains[974] + 0.025 * (gains[975] - gains[974]))) < 1e-12)
    #expect(
      comparisons(
        [Baseline(name: "itself", scores: model), Baseline(name: "rule", scores: rule)], threads: 1)
        == found)
  }
}
