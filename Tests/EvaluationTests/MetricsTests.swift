import Datasets
import Evaluation
import Genomics
import Layers
import Models
import Networks
import Tensors
import Testing

@Suite struct MetricsTests {
  /// By hand. Squares: 0.01, 0.04, 0.36, 0.36. Bins of a fifteenth: 0.9 stands in 13, 0.2 in 3, 0.4
  /// in 6, 0.6 in 9; each gap is |p - y|: 0.1, 0.2, 0.6, 0.6. Of four pairs three are in order.
  @Test func calibrationByHand() throws {
    let evaluation = ClassificationEvaluation(
      scores: [0.9, 0.2, 0.4, 0.6], isPositive: [true, false, true, false], seed: 1,
      threads: 1)
    #expect(try abs(#require(evaluation.brier) - 0.77 / 4) < 1e-7)
    #expect(try abs(#require(evaluation.calibrationError) - 1.5 / 4) < 1e-7)
    #expect(evaluation.positives == 2 && evaluation.negatives == 2)
    #expect(evaluation.auroc == 0.75)
  }

  /// Two of four with probability 0.5 are positive: one bin without a gap. 1 is in the last bin.
  @Test func calibratedProbabilitiesHaveNoError() throws {
    let evaluation = ClassificationEvaluation(
      scores: [0.5, 0.5, 0.5, 0.5, 1, 0],
      isPositive: [true, false, true, false, true, false],
      seed: 1, threads: 1)
    #expect(evaluation.calibrationError == 0)
    #expect(try abs(#require(evaluation.brier) - 4 * 0.25 / 6) < 1e-12)
  }

  @Test func intervalsHoldTheirValues() throws {
    var random = RandomStream(seed: 3, .background)
    let isPositive = (0..<300).map { _ in random.next(below: 3) == 0 }
    let probabilities = isPositive.map { 0.3 * random.uniform() + ($0 ? 0.5 : 0.3) as Float }
    func evaluation(seed: UInt64, threads: Int) -> ClassificationEvaluation {
      ClassificationEvaluation(
        scores: probabilities, isPositive: isPositive, seed: seed, threads: threads)
    }
    let first = evaluation(seed: 1, threads: 1)
    for (value, interval) in [
      (first.auroc, first.aurocInterval), (first.auprc, first.auprcInterval),
      (first.brier, first.brierInterval),
    ] {
      let (value, interval) = (try #require(value), try #require(interval))
      #expect(interval.count == 2 && interval[0] <= value && value <= interval[1])
      #expect(interval[0] < interval[1] && interval[1] - interval[0] < 0.2)
    }
    for threads in 2...4 { #expect(evaluation(seed: 1, threads: threads) == first) }
    #expect(evaluation(seed: 2, threads: 1).aurocInterval != first.aurocInterval)
    // The interval of a mean of 300 numbers: 1.96 standard errors to either side.
    let errors = zip(probabilities, isPositive).map { p, y in
      (Double(p) - (y ? 1 : 0)) * (Double(p) - (y ? 1 : 0))
    }
    let mean = errors.reduce(0, +) / 300
    let variance = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 300
    let interval = try #require(first.brierInterval)
    let expected = 2 * 1.96 * (variance / 300).squareRoot()
    #expect(abs((interval[1] - interval[0]) / expected - 1) < 0.15)
  }

  @Test func oneClassHasCountsOnly() {
    let evaluation = ClassificationEvaluation(
      scores: [0.5, 0.7], isPositive: [true, true], seed: 1, threads: 1)
    #expect(evaluation.positives == 2 && evaluation.negatives == 0)
    #expect(evaluation.auroc == nil && evaluation.brier == nil)
  }

  private func example(_ labels: [Float]) -> Example {
    Example(name: "e", bases: EncodedSequence("A")!, labels: labels)
  }

  /// Each task over what was measured of it; task 1 ranks right, task 2 wrong.
  @Test func averagesOverTasks() throws {
    let metrics = Metrics(
      predictions: Tensor(shape: [3, 2], scalars: [0.9, 0.2, 0.1, 0.6, 0.3, 0.5]),
      examples: [example([1, 1]), example([0, 0]), example([.nan, 0])], tasks: ["a", "b"],
      objective: .binary, data: "test", seed: 1, threads: 2)
    #expect(metrics.tasks.map { $0.classification?.auroc } == [1, 0])
    #expect(metrics.auroc == 0.5)
    #expect(metrics.positives == 2 && metrics.negatives == 3)
    #expect(metrics.tasks.allSatisfy { $0.regression == nil })
  }

  /// By hand: errors 1, 0, -1 (one not measured); correlation of (1, 2, 3) with (0, 2, 4) is 1.
  @Test func regressionByHand() throws {
    func metrics(_ labels: [Float]) -> RegressionEvaluation? {
      Metrics(
        predictions: Tensor(shape: [4, 1], scalars: [1, 2, 3, 100]),
        examples: labels.map { example([$0]) }, tasks: ["a"], objective: .number, data: "test",
        seed: 1, threads: 1
      ).tasks[0].regression
    }
    let evaluation = try #require(metrics([0, 2, 4, .nan]))
    #expect(evaluation.count == 3 && evaluation.meanSquaredError == 2.0 / 3)
    #expect(try abs(#require(evaluation.pearson) - 1) < 1e-12)
    #expect(metrics([5, 5, 5, 5])?.pearson == nil)
  }
}
