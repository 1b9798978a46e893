internal import Datasets
internal import Evaluation
internal import Genomics
internal import Inference
internal import Models
internal import Motifs
internal import Parallel
internal import Tensors
internal import Training

extension PreparedDataset {
  /// What GC content, the best of some motifs and 6-mers make of the test examples of each task.
  ///
  /// They learn from the training and the validation examples: nothing else needs the latter.
  func baselines(taskCount: Int, motifs: FilterMotifs?, seed: UInt64, threads: Int) -> [[Baseline]]
  {
    let known = withNegatives(.train, seed: seed) + validation
    let test = test
    let ranking = motifs.map { MotifRanking($0, known: known, test: test, threads: threads) }
    return concurrentMap(taskCount, threads: threads) { task in
      let known = MeasuredExamples(known, task: task)
      let examples = MeasuredExamples(test, task: task)
      guard known.canTeach else { return [] }
      return [
        .gcContent(of: examples, knowing: known), ranking?.best(task: task),
        .kmerRegression(of: examples, knowing: known),
      ].compactMap(\.self)
    }
  }
}

extension PreparedDataset {
  /// What a line through GC content and a ridge regression on 5-mers make of the test examples of each
  /// task. They learn from the training and the validation examples.
  func regressionBaselines(taskCount: Int, threads: Int) -> [[Baseline]] {
    let (train, validation, test) = (train, validation, test)
    return concurrentMap(taskCount, threads: threads) { task in
      let examples = MeasuredExamples(test, task: task)
      return [
        .gcLine(of: examples, knowing: MeasuredExamples(train + validation, task: task)),
        .kmerRidge(
          of: examples, training: MeasuredExamples(train, task: task),
          validation: MeasuredExamples(validation, task: task)),
      ]
    }
  }
}

/// The best hits of filters, as matrices of log-odds.
private struct MotifRanking: Sendable {
  let motifs: [Motif]
  let known, test: [Example]
  /// `[motif][example]`
  let knownHits, testHits: [[Float]]

  private static let pseudocount: Double = 1

  init(_ filters: FilterMotifs, known: [Example], test: [Example], threads: Int) {
    motifs = filters.motifs.map(\.motif)
    (self.known, self.test) = (known, test)
    let matrices = motifs.map { motif in
      motif.probabilities.smoothed(
        toward: filters.background, siteCount: motif.siteCount ?? 0, pseudocount: Self.pseudocount
      ).logOdds(background: filters.background)
    }
    knownHits = bestHits(of: matrices, in: known.map(\.bases), threads: threads)
    testHits = bestHits(of: matrices, in: test.map(\.bases), threads: threads)
  }

  /// The filter that ranks the known examples best by itself.
  func best(task: Int) -> Baseline? {
    func measured(_ hits: [Float], _ examples: [Example]) -> [Float] {
      hits.indices.filter { !examples[$0].labels[task].isNaN }.map { hits[$0] }
    }
    guard
      let best = Baseline.best(
        of: knownHits.map { measured($0, known) }, on: MeasuredExamples(known, task: task))
    else { return nil }
    return Baseline(
      name: "best filter as PWM",
      detail: "\(motifs[best].name) \(motifs[best].probabilities.consensus)",
      scores: measured(testHits[best], test))
  }
}
