public import Datasets
public import Genomics

/// What a simple rule makes of the examples of one task, to hold a model against.
public struct Baseline: Equatable, Sendable {
  /// The rule, such as `GC content`.
  public let name: String
  /// What was chosen on known examples, such as the motif.
  public let detail: String?
  /// One per example that the task measured, in their order; higher for bound.
  public let scores: [Float]

  public init(name: String, detail: String? = nil, scores: [Float]) {
    self.name = name
    self.detail = detail
    self.scores = scores
  }
}

/// The figures of a baseline beside the model's.
public struct BaselineComparison: Codable, Equatable, Sendable {
  public let name: String
  /// What was chosen on known examples, such as the motif.
  public let detail: String?
  public let auroc: Double
  public let auprc: Double
  /// The model's area less the baseline's; the interval holds the middle 95% of 1,000 bootstrap
  /// resamples, the same for both.
  public let aurocGain: Double
  public let aurocGainInterval: [Double]?
  public let auprcGain: Double
  public let auprcGainInterval: [Double]?
}

/// The examples that a task measured, in their order.
public struct MeasuredExamples: Sendable {
  public let bases: [EncodedSequence]
  public let labels: [Float]
  public let isPositive: [Bool]
  public let weights: [Float]

  public init(_ examples: [Example], task: Int) {
    let measured = examples.filter { !$0.labels[task].isNaN }
    bases = measured.map(\.bases)
    labels = measured.map { $0.labels[task] }
    isPositive = labels.map { $0 > 0.5 }
    weights = measured.map(\.weight)
  }

  /// Whether both classes are there.
  public var canTeach: Bool { isPositive.contains(true) && isPositive.contains(false) }

  /// The share of G and C of each, 1/2 where no base is known.
  var gcFractions: [Float] { bases.map { Float($0.gcFraction ?? 0.5) } }

  /// The area under the ROC curve of GC content, whichever way it tells the classes apart, so from
  /// 1/2 to 1; `nil` if a class has no examples.
  public var gcAUROC: Double? {
    auroc(scores: gcFractions, isPositive: isPositive).map { max($0, 1 - $0) }
  }
}

extension Baseline {
  /// GC content, in the direction that told the classes of `known` apart.
  public static func gcContent(of examples: MeasuredExamples, knowing known: MeasuredExamples)
    -> Baseline
  {
    let isLower = (auroc(scores: known.gcFractions, isPositive: known.isPositive) ?? 0.5) < 0.5
    return Baseline(
      name: "GC content", detail: isLower ? "lower is bound" : "higher is bound",
      scores: isLower ? examples.gcFractions.map { 1 - $0 } : examples.gcFractions)
  }

  /// Logistic regression on 6-mers, fitted to `known`.
  ///
  /// - Precondition: `known` holds both classes.
  public static func kmerRegression(of examples: MeasuredExamples, knowing known: MeasuredExamples)
    -> Baseline
  {
    let regression = KmerRegression(
      fitting: known.bases, isPositive: known.isPositive, weights: known.weights)
    return Baseline(name: "6-mer regression", scores: regression.logits(of: examples.bases))
  }

  /// The rule that ranks `known` best, the first of equals.
  ///
  /// - Parameter candidates: What each rule makes of `known`.
  /// - Returns: Its index; `nil` if there is none or a class is absent.
  public static func best(of candidates: [[Float]], on known: MeasuredExamples) -> Int? {
    let areas = candidates.map { auroc(scores: $0, isPositive: known.isPositive) ?? 0 }
    guard known.canTeach, let highest = areas.max() else { return nil }
    return areas.firstIndex(of: highest)
  }
}

extension BaselineComparison {
  /// Compares baselines with a model on the same examples.
  ///
  /// - Returns: One a baseline; none if a class has no examples.
  static func comparing(
    _ baselines: [Baseline], with scores: [Float], isPositive: [Bool], seed: UInt64, threads: Int
  ) -> [BaselineComparison] {
    let ranked = ([scores] + baselines.map(\.scores)).map {
      RankedScores(scores: $0, isPositive: isPositive)
    }
    let areas = ranked.compactMap { $0.areas() }
    guard areas.count == ranked.count else { return [] }
    let gains = Bootstrap(count: isPositive.count, seed: seed, threads: threads).map { weights in
      let areas = ranked.compactMap { $0.areas(weights: weights) }
      guard areas.count == ranked.count else { return nil }
      return areas.dropFirst().flatMap { [areas[0].auroc - $0.auroc, areas[0].auprc - $0.auprc] }
    }
    return baselines.enumerated().map { index, baseline in
      let own = areas[index + 1]
      return BaselineComparison(
        name: baseline.name, detail: baseline.detail, auroc: own.auroc, auprc: own.auprc,
        aurocGain: areas[0].auroc - own.auroc,
        aurocGainInterval: middle95(gains.map { $0[2 * index] }),
        auprcGain: areas[0].auprc - own.auprc,
        auprcGainInterval: middle95(gains.map { $0[2 * index + 1] }))
    }
  }
}
