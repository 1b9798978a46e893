public import Datasets
public import Models
public import Networks
public import Tensors

/// The figures of a model on a data set: the contents of `metrics.json`.
public struct Metrics: Codable, Equatable, Sendable {
  /// The version of this layout.
  public var schema = "seqcnn-metrics/1"
  /// What was measured on, such as `test`.
  public let data: String
  public let objective: Objective
  /// Over all tasks: counts are summed, figures averaged; with one task, that task's.
  public let auroc: Double?
  public let auprc: Double?
  public let positives: Int
  public let negatives: Int
  public let tasks: [TaskMetrics]
  /// How well classes are told from each other; missing unless each example belongs to one.
  public var classes: ClassesEvaluation?
  /// How well levels of a scale are told; missing unless each example has one.
  public var levels: LevelsEvaluation?
  /// Files among those measured on that the model was trained on; absent if there are none.
  public var trainedOn: [String]?

  /// The `data` of figures that nothing was measured for.
  public static let nothing = "none"

  /// The tasks whose classes aren't told apart better than by chance: the AUROC's interval reaches 0.5.
  public var atChance: [ChanceResult] {
    tasks.compactMap { task in
      guard let auroc = task.classification?.auroc,
        let interval = task.classification?.aurocInterval, interval[0] <= 0.5
      else { return nil }
      return ChanceResult(task: task.task, auroc: auroc, interval: interval)
    }
  }
}

/// The figures of one task.
public struct TaskMetrics: Codable, Equatable, Sendable {
  public let task: String
  /// The figures of a classification.
  public let classification: ClassificationEvaluation?
  /// The figures of a regression.
  public let regression: RegressionEvaluation?
  /// What simple rules reach on the same examples of a classification; missing if none was asked.
  public var baselines: [BaselineComparison]?
  /// What simple rules reach on the same examples of a regression; missing if none was asked.
  public var regressionBaselines: [RegressionComparison]?
}

extension TaskMetrics {
  /// The simple rule that does best, that is, to which the model adds least; `nil` if none was measured.
  public var bestBaseline: BaselineComparison? { baselines?.max { $0.auroc < $1.auroc } }

  /// Of numbers, the simple rule to which the model adds least; `nil` if none has a correlation.
  public var bestRegressionBaseline: RegressionComparison? {
    regressionBaselines?.filter { $0.pearsonGain != nil }.min {
      ($0.pearsonGain ?? 0) < ($1.pearsonGain ?? 0)
    }
  }

  fileprivate init(
    task: String, objective: Objective, predictions: [Float], labels: [Float],
    baselines: [Baseline]?, seed: UInt64, threads: Int
  ) {
    self.task = task
    if objective.hasClasses {
      let isPositive = labels.map { $0 > 0.5 }
      classification = ClassificationEvaluation(
        scores: predictions, areProbabilities: objective != .score,
        isPositive: isPositive, seed: seed, threads: threads)
      regression = nil
      self.baselines = baselines.map {
        BaselineComparison.comparing(
          $0, with: predictions, isPositive: isPositive, seed: seed, threads: threads)
      }
    } else {
      classification = nil
      regression = RegressionEvaluation(
        predictions: predictions, labels: labels, areCounts: objective == .count, seed: seed,
        threads: threads)
      regressionBaselines = baselines.map {
        RegressionComparison.comparing(
          $0, with: predictions, labels: labels, seed: seed, threads: threads)
      }
    }
  }

  private enum CodingKeys: CodingKey {
    case task, classification, regression, baselines
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    task = try values.decode(String.self, forKey: .task)
    classification = try values.decodeIfPresent(
      ClassificationEvaluation.self, forKey: .classification)
    regression = try values.decodeIfPresent(RegressionEvaluation.self, forKey: .regression)
    if regression == nil {
      baselines = try values.decodeIfPresent([BaselineComparison].self, forKey: .baselines)
    } else {
      regressionBaselines = try values.decodeIfPresent(
        [RegressionComparison].self, forKey: .baselines)
    }
  }

  /// Both kinds of baselines have one key.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(task, forKey: .task)
    try values.encodeIfPresent(classification, forKey: .classification)
    try values.encodeIfPresent(regression, forKey: .regression)
    try values.encodeIfPresent(baselines, forKey: .baselines)
    try values.encodeIfPresent(regressionBaselines, forKey: .baselines)
  }
}

extension Metrics {
  /// Evaluates predictions.
  ///
  /// - Parameters:
  ///   - predictions: Probabilities, scores or numbers, `[example, task]`.
  ///   - baselines: For each task what to compare the model with, or none at all.
  ///   - data: What the examples are, such as `test`.
  public init(
    predictions: Tensor, examples: [Example], tasks: [String], objective: Objective,
    baselines: [[Baseline]] = [], data: String, seed: UInt64, threads: Int
  ) {
    let taskMetrics = tasks.indices.map { task -> TaskMetrics in
      let measured = examples.indices.filter { !examples[$0].labels[task].isNaN }
      return TaskMetrics(
        task: tasks[task], objective: objective,
        predictions: measured.map { predictions.scalars[$0 * tasks.count + task] },
        labels: measured.map { examples[$0].labels[task] },
        baselines: baselines.isEmpty ? nil : baselines[task], seed: seed, threads: threads)
    }
    let evaluations = taskMetrics.compactMap(\.classification)
    self.data = data
    self.objective = objective
    auroc = mean(evaluations.compactMap(\.auroc))
    auprc = mean(evaluations.compactMap(\.auprc))
    positives = evaluations.reduce(0) { $0 + $1.positives }
    negatives = evaluations.reduce(0) { $0 + $1.negatives }
    self.tasks = taskMetrics
    let labels = examples.flatMap(\.labels)
    if objective == .ordinal {
      levels = LevelsEvaluation(
        predictions: predictions.scalars, labels: labels, taskCount: tasks.count, seed: seed,
        threads: threads)
    }
    guard objective == .categorical else { return }
    classes = ClassesEvaluation(
      predictions: predictions.scalars, labels: labels, classCount: tasks.count, seed: seed,
      threads: threads)
    // The last rule of each class is the best one, and all have scores for every example.
    let rules = baselines.compactMap(\.last)
    guard rules.count == tasks.count, !labels.contains(where: \.isNaN) else { return }
    classes?.baselineName = rules[0].name
    classes?.baselineAccuracy = ClassesEvaluation.accuracy(
      scores: examples.indices.flatMap { index in rules.map { $0.scores[index] } }, labels: labels,
      classCount: tasks.count)
  }
}

func mean(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
