public import Datasets
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
  public let classification: Evaluation?
  /// The figures of a regression.
  public let regression: RegressionEvaluation?
  /// What simple rules reach on the same examples; absent where none was asked.
  public var baselines: [BaselineComparison]?
}

/// How near predictions come to measured numbers.
public struct RegressionEvaluation: Codable, Equatable, Sendable {
  public let count: Int
  public let meanSquaredError: Double
  /// Pearson's correlation; absent where either side doesn't vary.
  public let pearson: Double?
}

extension RegressionEvaluation {
  init(predictions: [Float], labels: [Float]) {
    count = labels.count
    let pairs = zip(predictions, labels).map { (Double($0), Double($1)) }
    let size = Double(max(1, pairs.count))
    meanSquaredError = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / size
    let (meanX, meanY) = (
      pairs.reduce(0) { $0 + $1.0 } / size, pairs.reduce(0) { $0 + $1.1 } / size
    )
    let xx = pairs.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
    let yy = pairs.reduce(0) { $0 + ($1.1 - meanY) * ($1.1 - meanY) }
    let xy = pairs.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    pearson = xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
  }
}

extension Metrics {
  /// Evaluates predictions.
  ///
  /// - Parameters:
  ///   - predictions: Probabilities, scores or numbers, `[example, task]`.
  ///   - baselines: For each task what to compare a classification with, or none at all.
  ///   - data: What the examples are, such as `test`.
  public init(
    predictions: Tensor, examples: [Example], tasks: [String], objective: Objective,
    baselines: [[Baseline]] = [], data: String, seed: UInt64, threads: Int
  ) {
    let taskMetrics = tasks.indices.map { task -> TaskMetrics in
      let measured = examples.indices.filter { !examples[$0].labels[task].isNaN }
      let own = measured.map { predictions.scalars[$0 * tasks.count + task] }
      let labels = measured.map { examples[$0].labels[task] }
      switch objective {
      case .classification, .score:
        let isPositive = labels.map { $0 > 0.5 }
        return TaskMetrics(
          task: tasks[task],
          classification: Evaluation(
            scores: own, areProbabilities: objective == .classification, isPositive: isPositive,
            seed: seed, threads: threads),
          regression: nil,
          baselines: baselines.isEmpty
            ? nil
            : BaselineComparison.comparing(
              baselines[task], with: own, isPositive: isPositive, seed: seed, threads: threads))
      case .regression:
        return TaskMetrics(
          task: tasks[task], classification: nil,
          regression: RegressionEvaluation(predictions: own, labels: labels))
      }
    }
    let evaluations = taskMetrics.compactMap(\.classification)
    self.data = data
    self.objective = objective
    auroc = mean(evaluations.compactMap(\.auroc))
    auprc = mean(evaluations.compactMap(\.auprc))
    positives = evaluations.reduce(0) { $0 + $1.positives }
    negatives = evaluations.reduce(0) { $0 + $1.negatives }
    self.tasks = taskMetrics
  }
}

extension Objective {
  /// How well outputs rank examples: the mean over the tasks of AUROC, or of Pearson's correlation for
  /// regression.
  ///
  /// - Parameters:
  ///   - outputs: `[example, task]`.
  ///   - labels: `[example][task]`, not a number where not measured.
  /// - Returns: `nil` where no task has a figure: a class is absent, or a side doesn't vary.
  func score(_ outputs: Tensor, labels: [Float]) -> Double? {
    let tasks = outputs.shape[1]
    return mean(
      (0..<tasks).compactMap { task -> Double? in
        let measured = stride(from: task, to: labels.count, by: tasks).filter { !labels[$0].isNaN }
        let own = measured.map { outputs.scalars[$0] }
        switch self {
        case .classification, .score:
          return auroc(scores: own, isPositive: measured.map { labels[$0] > 0.5 })
        case .regression:
          return RegressionEvaluation(predictions: own, labels: measured.map { labels[$0] }).pearson
        }
      })
  }
}

private func mean(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
