public import Datasets
internal import Evaluation
internal import Genomics
internal import Models
internal import Tensors

/// Which positives a model learns from and how much each counts, by the strength of their peaks.
///
/// Weak peaks contain a site less often; given equal weight they dilute the signal.
public struct PeakSelection: Codable, Equatable, Sendable {
  /// The number of positives, the strongest, that are learned from at most; 0 for all. Where the
  /// strength isn't known, four times as many, evenly spread.
  public var strongest = 0
  /// The rank, counted from 0, of the positive that counts half as much as the strongest; 0 if all
  /// count alike. With rank `r` a positive counts `1 / (1 + r / halfWeightRank)`.
  public var halfWeightRank = 0
  /// The negatives from the genome that are drawn for each positive, of the `strongest`, to train on, where
  /// held-out data have fewer; 0 for as many as these have.
  public var negativesPerPositive = 0
  /// The number of negatives from the genome to train on at least, if it has room for three times as many.
  public var leastNegatives = 0
  /// The number of negatives from the genome to train on at most, of each task; 0 for any number.
  public var mostNegatives = 0
  /// Whether negatives from the genome are random windows, unless the user asks for others; otherwise they match
  /// the positives in GC content.
  public var randomNegatives = false

  public init(
    strongest: Int = 0, halfWeightRank: Int = 0, negativesPerPositive: Int = 0,
    leastNegatives: Int = 0, mostNegatives: Int = 0, randomNegatives: Bool = false
  ) {
    self.strongest = strongest
    self.halfWeightRank = halfWeightRank
    self.negativesPerPositive = negativesPerPositive
    self.leastNegatives = leastNegatives
    self.mostNegatives = mostNegatives
    self.randomNegatives = randomNegatives
  }

  /// The selection for several tasks, of which each has as many strong peaks.
  public func forTasks(_ count: Int) -> PeakSelection {
    PeakSelection(
      strongest: strongest * count, halfWeightRank: halfWeightRank * count,
      negativesPerPositive: negativesPerPositive, leastNegatives: leastNegatives,
      mostNegatives: mostNegatives * count,
      randomNegatives: randomNegatives)
  }

  /// The negatives from the genome that are drawn for training.
  public var negatives: TrainingNegatives {
    let ofStrongest = strongest > 0 ? negativesPerPositive * strongest : .max
    return TrainingNegatives(
      perPositive: Double(negativesPerPositive), least: leastNegatives,
      most: min(ofStrongest, mostNegatives > 0 ? mostNegatives : .max))
  }

  /// What is out of range, in words; `nil` if nothing is.
  var problem: String? {
    let problems = [
      rangeProblem("strongest", strongest, 0...1_000_000_000),
      rangeProblem("halfWeightRank", halfWeightRank, 0...1_000_000_000),
      rangeProblem("negativesPerPositive", negativesPerPositive, 0...1000),
      rangeProblem("leastNegatives", leastNegatives, 0...1_000_000_000),
      rangeProblem("mostNegatives", mostNegatives, 0...1_000_000_000),
    ]
    return problems.lazy.compactMap { $0 }.first
  }

  /// How many of so many positives and negatives are learned from.
  ///
  /// Of the negatives the same share is kept as of the positives, but no fewer than `negativesPerPositive`
  /// for each of the `strongest`.
  public func learned(positives: Int, negatives: Int, strengthsAreKnown: Bool)
    -> (positives: Int, negatives: Int)
  {
    let most = strongest > 0 ? (strengthsAreKnown ? 1 : 4) * strongest : .max
    let kept = min(positives, most)
    let share = Double(kept) / Double(max(1, positives))
    let wanted = max(
      Int((share * Double(negatives)).rounded(.up)), negativesPerPositive * strongest)
    return (kept, min(negatives, wanted))
  }

  /// The examples that are learned from, in their order, with their weights, 1 for the strongest.
  ///
  /// Negatives, and positives of unknown strength, are evenly spread.
  /// - Parameter strengths: One per example, larger for stronger peaks; `nil` if they aren't known.
  public func applied(to examples: [Example], strengths: [Double]?) -> [Example] {
    let positives = examples.indices.filter { examples[$0].isPositive }
    let negatives = examples.indices.filter { !examples[$0].isPositive }
    let kept = learned(
      positives: positives.count, negatives: negatives.count, strengthsAreKnown: strengths != nil)
    var weights = [Float?](repeating: nil, count: examples.count)
    if let strengths {
      let ranked = positives.sorted { (-strengths[$0], $0) < (-strengths[$1], $1) }
      for (rank, index) in ranked.prefix(kept.positives).enumerated() {
        weights[index] =
          halfWeightRank > 0 ? 1 / (1 + Float(rank) / Float(halfWeightRank)) : 1
      }
    } else {
      for index in positives.evenly(kept.positives) { weights[index] = 1 }
    }
    for index in negatives.evenly(kept.negatives) { weights[index] = 1 }
    return zip(examples, weights).compactMap { example, weight in
      weight.map {
        var example = example
        example.weight = $0
        return example
      }
    }
  }
}

extension [Example] {
  /// The same examples, the weights of the positives scaled to a mean of 1, so that they weigh as
  /// much against the negatives as without weights.
  public var withMeanWeightOne: [Example] {
    let positives = filter(\.isPositive)
    let mean = positives.reduce(0) { $0 + $1.weight } / Float(Swift.max(1, positives.count))
    return map { example in
      var example = example
      if example.isPositive, mean > 0 { example.weight /= mean }
      return example
    }
  }
}

/// Whether rows that come in some order come in that of their strength.
public struct RowOrder: Sendable {
  /// Spearman's correlation between a positive's row and its score by a k-mer model that hasn't seen
  /// it and knows nothing of the rows.
  public let correlation: Double
  /// How many were scored.
  public let count: Int

  private static let mostTrained = 2000
  private static let mostScored = 5000
  private static let fewest = 200

  /// Two models score what the other has learned from.
  ///
  /// - Returns: `nil` if there are too few positives to tell.
  public init?(of positives: [Example], seed: UInt64, threads: Int) {
    guard positives.count >= Self.fewest else { return nil }
    var configuration = GappedKmerConfiguration()
    configuration.shuffles = 3
    let trainer = GappedKmerTrainer(configuration, seed: seed)
    let halves = [0, 1].map { parity in positives.indices.filter { $0 % 2 == parity } }
    var sum = 0.0
    var count = 0
    for (learned, scored) in [(halves[0], halves[1]), (halves[1], halves[0])] {
      let table = trainer.train(
        learned.evenly(Self.mostTrained).map { positives[$0] }, threads: threads)
      let rows = scored.evenly(Self.mostScored)
      let scores = table.outputs(rows.map { positives[$0].bases }, threads: threads).scalars
      sum +=
        rankCorrelation(rows.map { Double(positives[$0].row) }, scores.map(Double.init))
        * Double(rows.count)
      count += rows.count
    }
    self.count = count
    correlation = sum / Double(count)
  }

  /// Whether the first rows score higher by more than chance gives: at no correlation, the coefficient
  /// has a standard deviation of `1 / sqrt(n - 1)`, and this asks for four.
  public var isByStrength: Bool { correlation * Double(count - 1).squareRoot() < -4 }
}
