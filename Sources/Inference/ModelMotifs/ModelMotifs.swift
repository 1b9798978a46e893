public import Datasets
internal import Genomics
public import Models
public import Motifs
internal import Networks

/// A motif that a model uses.
public struct ModelMotif: Sendable {
  /// The number of the task that it was found for.
  public let task: Int
  public let pattern: DiscoveredPattern
  /// The bases of its sites. Its second name is that of the best match, or `no_match`.
  public let motif: Motif
  public let match: NamedMatch
  public let effect: MotifEffect
  /// How far the middles of its sites are from the middles of the windows that were explained, in bases; of a site on the
  /// reverse strand too, counted on the forward one.
  public let offsets: [Int]
}

/// The motifs that a model uses, from what bases contribute to its outputs: those that matter most for how well it predicts
/// held-out sequences come first.
public struct ModelMotifs: Sendable {
  /// By task; within a task by how much the model loses without them.
  public let motifs: [ModelMotif]
  public let plan: MotifPlan
  /// The motifs of each task of the plan that were found and aren't kept.
  public let leftOut: [Int]
  /// The distances that sites of two motifs of a task keep, for each task of the plan: indices are those of the task's
  /// motifs. Of two motifs the one that matters more is the primary one.
  public let spacings: [[MotifSpacing]]

  /// Finds the motifs of the plan's tasks in training examples, and measures them on held-out ones.
  ///
  /// - Parameters:
  ///   - training: What motifs are found in: positives, or all examples if there are no classes.
  ///   - heldOut: What they are measured on.
  ///   - progress: Told the number of tasks that are done.
  public init(
    of model: Model, training: [Example], heldOut: [Example], plan: MotifPlan,
    database: MotifDatabase, seed: UInt64, threads: Int, progress: (Int) -> Void = { _ in }
  ) {
    let finder = TaskMotifs(
      model: model, plan: plan, database: database, seed: seed, threads: threads)
    var found: [ModelMotif] = []
    var leftOut: [Int] = []
    var spacings: [[MotifSpacing]] = []
    for (index, task) in plan.tasks.enumerated() {
      let own = finder.motifs(
        of: task, training: training, heldOut: heldOut, numberedFrom: found.count + 1)
      found += own.kept
      leftOut.append(own.leftOut)
      spacings.append(own.spacings)
      progress(index + 1)
    }
    (motifs, self.plan) = (found, plan)
    (self.leftOut, self.spacings) = (leftOut, spacings)
  }

  /// The motifs of a task.
  public func motifs(of task: Int) -> [ModelMotif] { motifs.filter { $0.task == task } }

  /// The distances that sites of a task's motifs keep.
  public func spacings(of task: Int) -> [MotifSpacing] {
    plan.tasks.firstIndex(of: task).map { spacings[$0] } ?? []
  }
}

/// Finds the motifs of single tasks.
private struct TaskMotifs {
  let model: Model
  let plan: MotifPlan
  let database: MotifDatabase
  let seed: UInt64
  let threads: Int

  /// The largest distance of two sites, and the E-value at which it is called.
  private static let (spacingReach, spacingEValue) = (150, 0.05)
  /// The motifs whose effect is measured, for each that is kept.
  private static let measuredPerKept = 2

  func motifs(of task: Int, training: [Example], heldOut: [Example], numberedFrom first: Int)
    -> (kept: [ModelMotif], leftOut: Int, spacings: [MotifSpacing])
  {
    let explainer = SequenceExplainer(
      model, by: plan.method, references: plan.references, seed: seed)
    let explanations = explained(
      sources(training, task: task).map(\.bases), by: explainer, task: task, first: 0
    ).map(\.explanation)
    let null = explainer.nullContributions(
      of: explanations.map(\.bases), task: task, threads: threads)
    let patterns = discoveredPatterns(
      in: explanations.map(\.contributed), null: null, threads: threads)
    let candidates = Array(patterns.prefix(Self.measuredPerKept * plan.mostMotifs))
    let effects = effects(
      of: candidates, heldOut: heldOut, by: explainer, task: task, first: explanations.count)
    let order = candidates.indices.sorted {
      (effects[$1].scoreFall ?? 0, $0) < (effects[$0].scoreFall ?? 0, $1)
    }.prefix(plan.mostMotifs)
    let matches = database.bestMatches(
      of: order.map { candidates[$0].motif(named: "") }, threads: threads)
    let kept = zip(order, matches).enumerated().map { rank, found in
      let (index, match) = found
      var motif = candidates[index].motif(named: "motif\(first + rank)")
      motif.alternateName = match.motif.map { $0.alternateName ?? $0.name } ?? "no_match"
      return ModelMotif(
        task: task, pattern: candidates[index], motif: motif, match: match,
        effect: effects[index], offsets: offsets(of: candidates[index], in: explanations))
    }
    return (
      kept, patterns.count - kept.count,
      spacings(of: kept.map(\.pattern), lengths: explanations.map(\.bases.count))
    )
  }

  /// The distances that sites keep, of each sequence the one of a motif that contributes most.
  private func spacings(of patterns: [DiscoveredPattern], lengths: [Int]) -> [MotifSpacing] {
    var best = [[Int: DiscoveredPattern.Site]](repeating: [:], count: lengths.count)
    for (number, pattern) in patterns.enumerated() {
      for site in pattern.sites {
        let known = best[site.sequence][number].map { abs($0.contribution) } ?? 0
        if abs(site.contribution) > known { best[site.sequence][number] = site }
      }
    }
    return motifSpacings(
      of: best.map { own in
        own.reduce(into: [:]) { places, site in
          let start = site.value.start
          places[site.key] = OrientedSite(
            place: start..<start + patterns[site.key].width, strand: site.value.strand)
        }
      }, widths: patterns.map(\.width), lengths: lengths, reach: Self.spacingReach,
      threads: threads
    ).filter { $0.primary < $0.secondary && $0.eValue <= Self.spacingEValue }
  }

  private func effects(
    of patterns: [DiscoveredPattern], heldOut: [Example], by explainer: SequenceExplainer,
    task: Int, first: Int
  ) -> [MotifEffect] {
    let examples = measured(heldOut, task: task)
    let explained = explained(examples.map(\.bases), by: explainer, task: task, first: first)
    let own = ExplainedHeldOut(
      explanations: explained.map(\.explanation),
      labels: explained.map { examples[$0.index].labels[task] })
    let motifs = patterns.map {
      ContributionMotif(name: "", contributions: $0.contributions)
    }
    // Those too that chance has as often: the model uses them, in both classes.
    let hits = ContributionReconstruction(motifs).hits(
      in: own.explanations.map(\.contributed), threads: threads)
    return own.effects(
      of: hits, widths: patterns.map(\.width), on: model, task: task, seed: seed,
      threads: threads)
  }

  private func explained(
    _ sequences: [EncodedSequence], by explainer: SequenceExplainer, task: Int, first: Int
  ) -> [(index: Int, explanation: Explanation)] {
    explainer.explanations(of: sequences, task: task, first: first, threads: threads).enumerated()
      .compactMap { index, result in (try? result.get()).map { (index, $0) } }
  }

  /// The examples that motifs are found in, evenly chosen.
  private func sources(_ examples: [Example], task: Int) -> [Example] {
    let measured = examples.filter { !$0.labels[task].isNaN }
    let own = model.objective.hasClasses ? measured.filter { $0.labels[task] > 0.5 } : measured
    return own.evenly(plan.sequences)
  }

  /// The examples that motifs are measured on, as many of each class.
  private func measured(_ examples: [Example], task: Int) -> [Example] {
    let measured = examples.filter { !$0.labels[task].isNaN }
    guard model.objective.hasClasses else { return measured.evenly(plan.heldOut) }
    return [true, false].flatMap { isPositive in
      measured.filter { ($0.labels[task] > 0.5) == isPositive }.evenly(plan.heldOut / 2)
    }
  }

  private func offsets(of pattern: DiscoveredPattern, in explanations: [Explanation]) -> [Int] {
    pattern.sites.map {
      $0.start + pattern.width / 2 - explanations[$0.sequence].bases.count / 2
    }
  }
}
