internal import Datasets
internal import Evaluation
internal import Genomics
public import Models
public import Motifs
internal import Networks
internal import Tensors

/// What a motif does for a model on held-out sequences: what is lost if the bases of its hits are replaced by those of
/// shuffled sequences.
public struct MotifEffect: Equatable, Sendable {
  /// The sequences that have a hit, and all that were measured.
  public struct Share: Equatable, Sendable {
    public let withHit, measured: Int
  }

  /// Of positives, or of all sequences if there are no classes.
  public let positives: Share
  /// `nil` if there are no classes.
  public let negatives: Share?
  /// How much the AUROC falls, or the correlation of a model of numbers; `nil` if it can't be measured.
  public let scoreFall: Double?
  /// How much the outputs of sequences with a hit fall, the mean; `nil` if there are none.
  public let outputFall: Double?
}

/// Held-out sequences with explanations and labels of one task.
public struct ExplainedHeldOut: Sendable {
  public let explanations: [Explanation]
  public let labels: [Float]

  /// - Precondition: One label per explanation.
  public init(explanations: [Explanation], labels: [Float]) {
    precondition(explanations.count == labels.count, "\(labels.count) labels")
    (self.explanations, self.labels) = (explanations, labels)
  }

  /// Measures what is lost without each motif.
  ///
  /// - Parameters:
  ///   - hits: By sequence, those that count.
  ///   - motifs: The motifs' widths.
  ///   - seed: Of the shuffles.
  public func effects(
    of hits: [[ContributionHit]], widths: [Int], on model: Model, task: Int, seed: UInt64,
    threads: Int
  ) -> [MotifEffect] {
    let whole = explanations.map(\.output)
    let before = score(whole, model.objective)
    let shuffles = explanations.enumerated().map { index, explanation in
      var shuffler = DinucleotideShuffler()
      var random = RandomStream(seed: seed, .motifEffects, index)
      return shuffler.shuffled(explanation.bases, using: &random)
    }
    return widths.indices.map { motif in
      let found = hits.indices.filter { index in hits[index].contains { $0.motif == motif } }
      let replaced = found.map { index in
        var codes = explanations[index].bases.codes
        for hit in hits[index] where hit.motif == motif {
          let place = hit.start..<hit.start + widths[motif]
          codes.replaceSubrange(place, with: shuffles[index].codes[place])
        }
        return explanations[index].bases.with(codes: codes)
      }
      let read = model.ensemble.outputs(replaced, threads: threads).scalars
      var after = whole
      for (row, index) in found.enumerated() {
        after[index] = read[row * model.tasks.count + task]
      }
      let lost = found.reduce(0.0) { $0 + Double(whole[$1]) - Double(after[$1]) }
      let score = score(after, model.objective)
      let classes = classes(model.objective)
      return MotifEffect(
        positives: share(of: found, in: classes.positives),
        negatives: classes.negatives.map { share(of: found, in: $0) },
        scoreFall: before.flatMap { before in score.map { before - $0 } },
        outputFall: found.isEmpty ? nil : lost / Double(found.count))
    }
  }

  /// The indices of positives, or of all if there are no classes, and those of negatives.
  private func classes(_ objective: Objective) -> (positives: [Int], negatives: [Int]?) {
    guard objective.hasClasses else { return (Array(labels.indices), nil) }
    return (labels.indices.filter { labels[$0] > 0.5 }, labels.indices.filter { labels[$0] <= 0.5 })
  }

  private func share(of found: [Int], in indices: [Int]) -> MotifEffect.Share {
    let found = Set(found)
    return MotifEffect.Share(withHit: indices.count(where: found.contains), measured: indices.count)
  }

  /// The AUROC, or the correlation of a model of numbers.
  private func score(_ outputs: [Float], _ objective: Objective) -> Double? {
    // A class among others is told by its own logit here: only that is explained.
    (objective == .categorical ? .binary : objective).score(
      Tensor(shape: [outputs.count, 1], scalars: outputs), labels: labels)
  }
}
