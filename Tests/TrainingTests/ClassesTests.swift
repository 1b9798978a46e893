import Evaluation
import Networks
import Tensors
import TestSupport
import Testing
import Training

/// What scikit-learn and scipy make of classes and counts; `scripts/goldens/classes.py` says how.
@Suite struct ClassesTests {
  private struct Golden: Decodable {
    struct Classes: Decodable {
      let predictions: [[Float]]
      let classes: [Int]
      let accuracy, balancedAccuracy, crossEntropy, auroc: Double
      let confusion: [[Int]]
    }
    struct Counts: Decodable {
      let predictions, labels: [Float]
      let deviance, devianceExplained: Double
    }
    struct Scaling: Decodable {
      let networks, kmers: [[Float]]
      let weights: [Float]
      let classes: [Int]
      let networkWeight, kmerWeight: Double
    }
    struct Averages: Decodable {
      let weights, averages: [Float]
    }
    let classes: Classes
    let counts: Counts
    let scaling: [Scaling]
    let averages: Averages
  }

  private let golden: Golden

  init() throws {
    golden = try TestSupport.golden("classes.json")
  }

  private func labels(_ classes: [Int], of count: Int) -> [[Float]] {
    classes.map { own in (0..<count).map { $0 == own ? 1 : 0 } }
  }

  @Test func figuresAreThoseOfScikitLearn() throws {
    let reference = golden.classes
    let evaluation = try #require(
      ClassesEvaluation(
        predictions: reference.predictions.flatMap { $0 },
        labels: labels(reference.classes, of: 4).flatMap { $0 }, classCount: 4, seed: 1, threads: 2)
    )
    #expect(abs(evaluation.accuracy - reference.accuracy) < 1e-12)
    #expect(abs(evaluation.balancedAccuracy - reference.balancedAccuracy) < 1e-12)
    #expect(abs(evaluation.crossEntropy - reference.crossEntropy) < 1e-9)
    #expect(evaluation.confusion == reference.confusion)
    let interval = try #require(evaluation.accuracyInterval)
    #expect(interval[0] < evaluation.accuracy && evaluation.accuracy < interval[1])
    // 60 examples of which 29 are of the largest class; by hand from the confusion matrix.
    #expect(evaluation.count == 60)
    #expect(evaluation.largestShare == 29.0 / 60)
  }

  /// An example without a class counts nowhere.
  @Test func examplesWithoutAClassAreLeftOut() throws {
    let evaluation = try #require(
      ClassesEvaluation(
        predictions: [0.9, 0.1, 0.9, 0.1, 0.5, 0.5], labels: [1, 0, .nan, .nan, 0, 1],
        classCount: 2,
        seed: 1, threads: 1))
    #expect(evaluation.count == 2)
    // Of equal probabilities the first class is called.
    #expect(evaluation.confusion == [[1, 0], [1, 0]])
    #expect(
      ClassesEvaluation(
        predictions: [0.9, 0.1], labels: [.nan, .nan], classCount: 2, seed: 1, threads: 1) == nil)
  }

  @Test func deviancesAreThoseOfScikitLearn() throws {
    let evaluation = RegressionEvaluation(
      predictions: golden.counts.predictions, labels: golden.counts.labels, areCounts: true,
      seed: 1,
      threads: 2)
    #expect(abs(try #require(evaluation.deviance) - golden.counts.deviance) < 1e-9)
    #expect(
      abs(try #require(evaluation.devianceExplained) - golden.counts.devianceExplained) < 1e-9)
    let plain = RegressionEvaluation(
      predictions: golden.counts.predictions, labels: golden.counts.labels, seed: 1, threads: 2)
    #expect(plain.deviance == nil && plain.devianceExplained == nil)
  }

  /// scipy minimizes without derivatives, to 1e-10.
  @Test func weightsOfLogitsAreThoseOfScipy() {
    for reference in golden.scaling {
      let scaling = SoftmaxScaling(
        zip(labels(reference.classes, of: 3), reference.networks.indices).map { labels, index in
          HeldRow(
            networks: reference.networks[index], kmers: reference.kmers[index], labels: labels,
            weight: reference.weights[index])
        })
      #expect(abs(scaling.networkWeight - reference.networkWeight) < 1e-6)
      #expect(abs(scaling.kmerWeight - reference.kmerWeight) < 1e-6)
    }
  }

  /// Four examples of three levels, by hand: expected 0.3, 1.2, 1.9 and 0.9; likeliest 0, 1, 2 and 1.
  @Test func levelsByHand() throws {
    let evaluation = try #require(
      LevelsEvaluation(
        predictions: [0.2, 0.1, 0.9, 0.3, 1, 0.9, 0.8, 0.1, 0.5, 0.5],
        labels: [0, 0, 1, 0, 1, 1, 0, 0, .nan, .nan], taskCount: 2, seed: 1, threads: 1))
    #expect(evaluation.count == 4)
    #expect(evaluation.accuracy == 0.75)
    #expect(abs(evaluation.meanAbsoluteError - (0.3 + 0.2 + 0.1 + 0.9) / 4) < 1e-6)
    // Ranks 1, 3, 4, 2 against 1.5, 3, 4, 1.5.
    #expect(abs(try #require(evaluation.spearman) - 0.948_683_298) < 1e-8)
  }

  @Test func averagesAreThoseOfPyTorch() throws {
    var average = WeightAverage(decay: 0.5)
    for (step, weight) in golden.averages.weights.enumerated() {
      average.add(Weight(weight), step: step)
      #expect(abs(average.parameters[0].scalars[0] - golden.averages.averages[step]) < 1e-6)
    }
  }
}
