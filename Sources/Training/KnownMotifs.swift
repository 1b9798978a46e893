package import Datasets
internal import Genomics
package import Motifs
internal import Tensors

/// Motifs of a list that filters start from: those whose best hits are highest in positives, beside negatives.
package struct KnownMotifs {
  private let motifs: [Motif]
  /// The log-odds of each motif's best hit on either strand of each sequence, `[motif][sequence]`.
  private let hits: [[Float]]
  /// For each sequence those of all tasks.
  private let labels: [[Float]]

  /// More sequences of either kind change the choice little.
  private static let mostSequences = 5000
  /// The correlation of the hits from which on two motifs are one.
  private static let mostAlike = 0.8
  /// What log-odds are smoothed by: motifs of so many sites, to which one of background is added.
  private static let (sites, pseudocount) = (50, 1.0)

  /// - Parameter examples: If they have no negatives, dinucleotide shuffles of the positives stand in for them.
  package init(
    _ motifs: [Motif], in examples: [Example], taskCount: Int, seed: UInt64, threads: Int
  ) {
    self.motifs = motifs
    let positives = examples.filter(\.isPositive).evenly(Self.mostSequences)
    let negatives = examples.filter { !$0.isPositive }.evenly(Self.mostSequences)
    var sequences = (positives + negatives).map(\.bases.withoutSide)
    var labels = (positives + negatives).map(\.labels)
    if negatives.isEmpty {
      var shuffler = DinucleotideShuffler()
      for (index, positive) in positives.enumerated() {
        var random = RandomStream(seed: seed, .knownMotifs, index)
        sequences.append(shuffler.shuffled(positive.bases.withoutSide, using: &random))
        labels.append([Float](repeating: 0, count: taskCount))
      }
    }
    self.labels = labels
    hits = bestHits(
      of: motifs.map {
        $0.probabilities.smoothed(siteCount: Self.sites, pseudocount: Self.pseudocount).logOdds()
      }, in: sequences, threads: threads)
  }

  /// So many motifs, or fewer, with the highest t statistics of Welch's test of hits in positives and negatives. The
  /// tasks choose in turn. None has hits with a correlation of 0.8 or more with those of one that was chosen before.
  package func telling(most count: Int) -> [Motif] {
    let scaled = hits.map { StandardScores($0) }
    var queues = (labels.first ?? []).indices.map { task in
      ranked(task: task)[...]
    }
    var chosen: [Int] = []
    while chosen.count < count, queues.contains(where: { !$0.isEmpty }) {
      for task in queues.indices where chosen.count < count {
        let next = queues[task].firstIndex { motif in
          chosen.allSatisfy { scaled[motif].correlation(with: scaled[$0]) < Self.mostAlike }
        }
        if let next { chosen.append(queues[task][next]) }
        queues[task] = next.map { queues[task][($0 + 1)...] } ?? []
      }
    }
    return chosen.map { motifs[$0] }
  }

  /// The motifs with higher hits in a task's positives, the clearest first.
  private func ranked(task: Int) -> [Int] {
    let measured = labels.indices.filter { !labels[$0][task].isNaN }
    let isPositive = measured.map { labels[$0][task] > 0.5 }
    let scores = hits.map { own in welch(measured.map { own[$0] }, isPositive) }
    return scores.indices.filter { scores[$0] > 0 }.sorted { (scores[$1], $0) < (scores[$0], $1) }
  }
}

/// Scores less their mean, over their deviation.
private struct StandardScores {
  private let scores: [Float]

  init(_ scores: [Float]) {
    let mean = scores.reduce(0, +) / Float(scores.count)
    let deviation = scale(of: scores)
    self.scores = scores.map { ($0 - mean) * deviation }
  }

  /// Pearson's; 0 if either doesn't vary.
  func correlation(with other: StandardScores) -> Double {
    Double(zip(scores, other.scores).reduce(0) { $0 + $1.0 * $1.1 }) / Double(scores.count)
  }
}

/// The t statistic of two samples whose variances may differ (Welch 1947); 0 if either has fewer than two members.
private func welch(_ scores: [Float], _ isPositive: [Bool]) -> Double {
  func moments(_ positive: Bool) -> (mean: Double, error: Double)? {
    let own = zip(scores, isPositive).filter { $0.1 == positive }.map { Double($0.0) }
    guard own.count > 1 else { return nil }
    let mean = own.reduce(0, +) / Double(own.count)
    let squares = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(own.count - 1) / Double(own.count))
  }
  guard let bound = moments(true), let unbound = moments(false), bound.error + unbound.error > 0
  else { return 0 }
  return (bound.mean - unbound.mean) / (bound.error + unbound.error).squareRoot()
}
