import Datasets
import Evaluation
import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing
import Training

@Suite struct RegressionTests {
  private func evaluation(_ predictions: [Float], _ labels: [Float]) -> RegressionEvaluation {
    RegressionEvaluation(predictions: predictions, labels: labels, seed: 1, threads: 2)
  }

  /// By hand. Ranks of the predictions are 0, 1, 2, 3, those of the labels 0, 1.5, 1.5, 3: the products of
  /// their differences from the means sum to 4.5, the squares to 5 and 4.5.
  @Test func figuresByHand() throws {
    let found = evaluation([1, 2, 3, 4], [0, 10, 10, 20])
    // Labels about 10: squares 100 + 100; predictions about 2.5: squares 5; products 15 + 15.
    #expect(try abs(#require(found.pearson) - 30 / (5.0 * 200).squareRoot()) < 1e-12)
    #expect(try abs(#require(found.spearman) - 4.5 / (5.0 * 4.5).squareRoot()) < 1e-12)
    // Errors 1, 8, 7, 16: 1 + 64 + 49 + 256 = 370.
    #expect(found.meanSquaredError == 370.0 / 4)
    #expect(try abs(#require(found.rSquared) - (1 - 370.0 / 200)) < 1e-12)
  }

  @Test func whatDoesNotVaryHasNoCorrelation() {
    let flat = evaluation([1, 1, 1], [1, 2, 3])
    #expect(flat.pearson == nil && flat.spearman == nil && flat.pearsonInterval == nil)
    #expect(flat.rSquared == -1.5)  // By hand: errors 0, 1, 4 against 1, 0, 1.
    #expect(evaluation([1, 2, 3], [4, 4, 4]).rSquared == nil)
  }

  /// Resamples drawn here anew, each a list of examples, with figures from their definitions.
  @Test func intervalsAreThoseOfResamples() throws {
    let count = 40
    var random = RandomStream(seed: 9, .background)
    let labels = (0..<count).map { _ in Float(random.next(below: 12)) }
    let predictions = labels.map { $0 + 4 * (random.uniform() as Float) }
    let draws = (0..<1000).map { draw -> (Double, Double) in
      var random = RandomStream(seed: 1, .bootstrap, draw)
      let drawn = (0..<count).map { _ in random.next(below: count) }
      let (x, y) = (drawn.map { Double(predictions[$0]) }, drawn.map { Double(labels[$0]) })
      return (correlation(x, y), correlation(ranks(x), ranks(y)))
    }
    let found = evaluation(predictions, labels)
    let expected = [middle(draws.map(\.0)), middle(draws.map(\.1))]
    for (interval, wanted) in zip([found.pearsonInterval, found.spearmanInterval], expected) {
      let interval = try #require(interval)
      #expect(zip(interval, wanted).allSatisfy { abs($0 - $1) < 1e-9 })
    }
    #expect(
      found == RegressionEvaluation(predictions: predictions, labels: labels, seed: 1, threads: 1))
  }

  /// Pearson's.
  private func correlation(_ x: [Double], _ y: [Double]) -> Double {
    let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      xy += (a - mx) * (b - my)
      xx += (a - mx) * (a - mx)
      yy += (b - my) * (b - my)
    }
    return xy / (xx * yy).squareRoot()
  }

  /// From 0; equal numbers have the mean of their ranks.
  private func ranks(_ numbers: [Double]) -> [Double] {
    numbers.map { number in
      let below = numbers.count { $0 < number }
      let equal = numbers.count { $0 == number }
      return Double(below) + Double(equal - 1) / 2
    }
  }

  /// The bounds of the middle 95 % of a thousand numbers, whose ranks are 24.975 and 974.025.
  private func middle(_ values: [Double]) -> [Double] {
    let sorted = values.sorted()
    let low: Double = sorted[24] + 0.975 * (sorted[25] - sorted[24])
    let high: Double = sorted[974] + 0.025 * (sorted[975] - sorted[974])
    return [low, high]
  }

  /// Labels in another unit have the same correlations and R², and errors in that unit squared.
  @Test(arguments: [1e-6, 1e6] as [Float]) func figuresDoNotDependOnTheUnit(unit: Float) throws {
    let (predictions, labels): ([Float], [Float]) = ([1, 2.5, 3, 5, 4], [0.5, 2, 3, 6, 7])
    let (one, other) = (
      evaluation(predictions, labels),
      evaluation(predictions.map { $0 * unit }, labels.map { $0 * unit })
    )
    #expect(try abs(#require(one.pearson) - #require(other.pearson)) < 1e-6)
    #expect(one.spearman == other.spearman)
    #expect(try abs(#require(one.rSquared) - #require(other.rSquared)) < 1e-6)
    let ratio = other.meanSquaredError / one.meanSquaredError
    #expect(abs(ratio / (Double(unit) * Double(unit)) - 1) < 1e-5)
  }

  private func measured(_ examples: [Example]) -> MeasuredExamples {
    MeasuredExamples(examples, task: 0)
  }

  /// Random sequences, labelled with how often a word stands on either strand, in another unit.
  private func counted(_ count: Int, seed: UInt64) -> [Example] {
    planted(["ACGTA"], count: count, seed: seed).map { example in
      var example = example
      example.labels = [Float(kmers(of: example.bases)["ACGTA"] ?? 0) * 3 + 100]
      return example
    }
  }

  /// The 5-mers of a sequence as words, each the lesser of itself and its reverse complement.
  private func kmers(of bases: EncodedSequence) -> [String: Int] {
    let text = Array(bases.text)
    var counts: [String: Int] = [:]
    for start in 0...(text.count - 5) {
      let word = String(text[start..<start + 5])
      counts[min(word, EncodedSequence(word)!.reverseComplement.text), default: 0] += 1
    }
    return counts
  }

  /// At the least of the function that is minimised its derivatives vanish: the errors sum to 0, and with
  /// each word's counts to the penalty times its weight.
  @Test func ridgeIsTheMinimum() throws {
    let (train, validation) = (counted(80, seed: 1), counted(30, seed: 2))
    let ridge = KmerRidge(fitting: measured(train), choosingBy: measured(validation))
    #expect(ridge.weights.count == 512 && KmerRidge.penalties.contains(ridge.penalty))
    let words = wordsOfFive.filter { $0 <= EncodedSequence($0)!.reverseComplement.text }
    #expect(words.count == 512)
    var errorSum = 0.0
    var slopes = [Double](repeating: 0, count: 512)
    for example in train + validation {
      let counts = kmers(of: example.bases)
      let row: [Double] = words.map { Double(counts[$0] ?? 0) }
      var error = Double(example.labels[0]) - ridge.intercept
      for word in 0..<512 { error -= ridge.weights[word] * row[word] }
      errorSum += error
      for word in 0..<512 { slopes[word] += error * row[word] }
    }
    #expect(abs(errorSum) < 1e-6)
    for word in 0..<512 {
      let difference = slopes[word] - ridge.penalty * ridge.weights[word]
      #expect(abs(difference) < 1e-6)
    }
  }

  /// In the order of the alphabet.
  private var wordsOfFive: [String] {
    var words = [""]
    for _ in 0..<5 { words = words.flatMap { word in "ACGT".map { word + String($0) } } }
    return words
  }

  /// It learns the word, on both strands alike, from labels whose unit doesn't matter.
  @Test func ridgeFindsTheWord() throws {
    let known = [counted(300, seed: 1), counted(60, seed: 2)].map(measured)
    let test = counted(60, seed: 3)
    let rule = Baseline.kmerRidge(
      of: measured(test), training: known[0], validation: known[1])
    let reversed = test.map { example in
      var example = example
      example.bases = example.bases.reverseComplement
      return example
    }
    let other = Baseline.kmerRidge(
      of: measured(reversed), training: known[0], validation: known[1])
    #expect(rule.scores == other.scores && rule.name == "5-mer ridge")
    #expect(try #require(evaluation(rule.scores, test.map { $0.labels[0] }).pearson) > 0.9)
  }

  /// By hand: GC shares 0, 0.5 and 1 with 10, 8 and 0 lie about the line 11 - 10 x; without GC's help the
  /// mean is told.
  @Test func gcLineByHand() {
    func examples(_ pairs: [(String, Float)]) -> MeasuredExamples {
      measured(pairs.map { Example(name: "e", bases: EncodedSequence($0.0)!, labels: [$0.1]) })
    }
    let known = examples([("AATT", 10), ("ACGT", 8), ("GCGC", 0), ("ACGT", .nan)])
    let rule = Baseline.gcLine(of: examples([("AAAA", 0), ("GGGG", 0)]), knowing: known)
    #expect(rule.scores == [11, 1] && rule.detail == "less is higher")
    let flat = Baseline.gcLine(
      of: examples([("GGGG", 0)]), knowing: examples([("ACGT", 1), ("TGCA", 3)]))
    #expect(flat.scores == [2] && flat.detail == nil)
  }

  /// Both ends of `baselines` in metrics.json: what is written is read again.
  @Test func metricsHaveBaselines() throws {
    let examples = counted(40, seed: 5)
    let labels = examples.map { $0.labels[0] }
    let rules = [
      Baseline(name: "itself", scores: labels.map { $0 / 2 }),
      Baseline(name: "flat", scores: labels.map { _ in 1 }),
    ]
    let metrics = Metrics(
      predictions: Tensor(shape: [40, 1], scalars: labels.map { $0 / 2 }), examples: examples,
      tasks: ["t"], objective: .number, baselines: [rules], data: "test", seed: 1, threads: 2)
    let found = try #require(metrics.tasks[0].regressionBaselines)
    #expect(found[0].pearsonGain == 0 && found[0].spearmanGainInterval == [0, 0])
    #expect(found[1].pearson == nil && found[1].pearsonGain == nil)
    #expect(found[1].rSquared.map { $0 < 0 } == true)
    #expect(metrics.tasks[0].baselines == nil)
  }

  /// By hand: labels 1, 3 and 5 have the mean 3 and the variance 8/3.
  @Test func labelsAreStandardizedByTask() throws {
    let scale = LabelScale([1, .nan, 3, 5])
    #expect(scale.mean == 3 && abs(scale.deviation - (8.0 / 3).squareRoot()) < 1e-12)
    #expect(scale.standardized(3) == 0 && scale.standardized(.nan).isNaN)
    #expect(abs(scale.standardized(5) - 1.2247449) < 1e-6)
    #expect(LabelScale([7, 7]).standardized(7) == 7)
  }

  /// The joined networks' mean, times the deviation, plus the mean.
  @Test func joiningUndoesTheStandardizing() throws {
    let configuration = NetworkConfiguration.deepBind()
    let networks = try (0..<2).map {
      try Network(configuration, taskCount: 2, seed: UInt64($0))
    }
    let scales = [LabelScale([98, 102]), LabelScale([-3e-6, -1e-6])]
    let joined = Ensemble(
      joining: networks, kmers: nil, by: [], objective: .number, labelScales: scales)
    let bases = planted(count: 5, seed: 3).map(\.bases)
    let members = networks.map { $0.outputs(bases, threads: 1).scalars }
    for (index, output) in joined.outputs(bases, threads: 1).scalars.enumerated() {
      let mean = (members[0][index] + members[1][index]) / 2
      let expected = index % 2 == 0 ? 2 * mean + 100 : 1e-6 * mean - 2e-6
      #expect(abs(output - expected) <= 1e-5 * abs(expected))
    }
  }
}
