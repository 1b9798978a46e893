import Datasets
import Genomics
import Inference
import Models
import Motifs
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct ModelMotifsTests {
  /// What is lost is the difference of the outputs with and without the hits, as `Ensemble.outputs` gives them; the AUROC of
  /// both orders is counted by pairs.
  @Test func effectsAreThoseOfReplacedHits() throws {
    let model = try toyModel(windowLength: 40, tasks: 2)
    let sequences = (0..<8).map { randomBases(40, seed: UInt64($0 + 1)) }
    let explainer = SequenceExplainer(model, references: 2)
    let explanations = try explainer.explanations(of: sequences, task: 1, threads: 1).map {
      try $0.get()
    }
    let labels: [Float] = [1, 1, 1, 1, 0, 0, 0, 0]
    let hits = try [[3], [], [10, 30], [], [0], [], [], []].map { starts in
      try starts.map { try hit(at: $0) }
    }
    let effect = ExplainedHeldOut(explanations: explanations, labels: labels).effects(
      of: hits, widths: [6], on: model, task: 1, seed: 5, threads: 2)[0]
    var shuffler = DinucleotideShuffler()
    var after = explanations.map(\.output)
    for index in [0, 2, 4] {
      var random = RandomStream(seed: 5, .motifEffects, index)
      let shuffle = shuffler.shuffled(sequences[index], using: &random)
      var codes = sequences[index].codes
      for hit in hits[index] {
        for place in hit.start..<hit.start + 6 { codes[place] = shuffle.codes[place] }
      }
      after[index] = model.ensemble.outputs([EncodedSequence(codes: codes)], threads: 1).scalars[1]
    }
    let before = explanations.map(\.output)
    let fall = [0, 2, 4].reduce(0.0) { $0 + Double(before[$1]) - Double(after[$1]) } / 3
    #expect(effect.positives.withHit == 2 && effect.positives.measured == 4)
    #expect(effect.negatives?.withHit == 1 && effect.negatives?.measured == 4)
    #expect(abs(try #require(effect.outputFall) - fall) < 1e-6)
    #expect(
      abs(try #require(effect.scoreFall) - (area(before, labels) - area(after, labels))) < 1e-12)
  }

  /// A hit of the first motif.
  private func hit(at start: Int) throws -> ContributionHit {
    var codes = [UInt8](repeating: 3, count: 40)
    var contributions = [Float](repeating: 0, count: 40)
    for place in start..<start + 6 { (codes[place], contributions[place]) = (0, 1) }
    let motif = ContributionMotif(
      name: "", contributions: [SIMD4<Float>](repeating: [1, 0, 0, 0], count: 6))
    let found = ContributionReconstruction([motif]).hits(
      in: [
        ContributedSequence(bases: EncodedSequence(codes: codes), contributions: contributions)
      ], null: [], threads: 1)
    return try #require(found[0].first { $0.start == start })
  }

  /// The share of pairs in which the positive scores higher, ties half.
  private func area(_ scores: [Float], _ labels: [Float]) -> Double {
    var sum = 0.0
    for (one, own) in zip(scores, labels) where own == 1 {
      for (other, label) in zip(scores, labels) where label == 0 {
        sum += one > other ? 1 : one == other ? 0.5 : 0
      }
    }
    return sum / 16
  }

  /// A small network has the whole plan; many tasks or large networks have less, until the gradient must do.
  @Test func plansKeepToTheBudget() throws {
    let small = MotifPlan(for: try toyModel(windowLength: 40, tasks: 1))
    #expect(small.sequences == 2000 && small.heldOut == 1000)
    #expect(small.method == .deepLIFT && small.tasks == [0])
    let tasks = Array(0..<400)
    let many = MotifPlan(multiplyAdds: 1e6, points: 1, tasks: tasks)
    #expect(many.method == .gradient && many.references == 0)
    #expect(many.sequences >= 100 && many.tasks.count < 400 && !many.tasks.isEmpty)
    let large = MotifPlan(multiplyAdds: 1e12, points: 16, tasks: [0])
    #expect(large.tasks == [0] && large.sequences == 100 && large.method == .gradient)
  }

  /// By hand.
  @Test func tellingExamplesAreTheExtremes() {
    let classes = TellingExamples.groups(
      predictions: [0.9, 0.1, 0.5, 0.8, 0.2], labels: [1, 1, 1, 0, 0], hasClasses: true, count: 2)
    #expect(classes.map(\.kind) == [.best, .missed, .wrong])
    #expect(classes.map(\.indices) == [[0, 2], [1, 2], [3, 4]])
    let numbers = TellingExamples.groups(
      predictions: [1, 2, 3], labels: [1, 9, 3], hasClasses: false, count: 1)
    #expect(numbers.map(\.indices) == [[2], [0], [1]])
    #expect(
      TellingExamples.groups(predictions: [], labels: [], hasClasses: true, count: 3).isEmpty)
  }
}
