public import Genomics

/// What the labels of a task hold.
public struct TaskSummary: Codable, Equatable, Sendable {
  public let task: String
  /// The examples of each class; absent for numbers.
  public let positives, negatives: Int?
  /// The measured numbers; absent for classes.
  public let numbers: Numbers?
  /// The examples without a label.
  public let notMeasured: Int

  /// Measured numbers in short.
  public struct Numbers: Codable, Equatable, Sendable {
    public let count: Int
    public let lowest, highest: Float
    public let mean, standardDeviation: Double
  }

  /// - Parameter labels: Not a number where not measured.
  public init(task: String, labels: [Float], kind: LabelKind) {
    let measured = labels.filter { !$0.isNaN }
    self.task = task
    notMeasured = labels.count - measured.count
    let areClasses = kind != .numbers && kind != .counts
    positives = areClasses ? measured.count { $0 > 0.5 } : nil
    negatives = areClasses ? measured.count { $0 <= 0.5 } : nil
    numbers = areClasses ? nil : Numbers(measured)
  }
}

extension TaskSummary.Numbers {
  /// `nil` if there is none.
  fileprivate init?(_ labels: [Float]) {
    guard let lowest = labels.min(), let highest = labels.max() else { return nil }
    count = labels.count
    (self.lowest, self.highest) = (lowest, highest)
    let scale = LabelScale(labels)
    (mean, standardDeviation) = (scale.mean, scale.deviation)
  }
}

/// The mean and the standard deviation of labels.
public struct LabelScale: Equatable, Sendable {
  public let mean: Double
  /// 0 if labels don't vary.
  public let deviation: Double

  /// - Parameter labels: Those that are not a number don't count.
  public init(_ labels: some Collection<Float>) {
    var (count, sum) = (0.0, 0.0)
    for label in labels where !label.isNaN { (count, sum) = (count + 1, sum + Double(label)) }
    let mean = count > 0 ? sum / count : 0
    let squares = labels.reduce(0.0) { sum, label in
      let difference = Double(label) - mean
      return label.isNaN ? sum : sum + difference * difference
    }
    self.mean = mean
    deviation = count > 0 ? (squares / count).squareRoot() : 0
  }

  /// The label in standard deviations from the mean; as it is where nothing varies.
  public func standardized(_ label: Float) -> Float {
    deviation > 0 ? Float((Double(label) - mean) / deviation) : label
  }
}

extension LoadedDataset {
  /// What the labels of each task hold.
  public var taskSummaries: [TaskSummary] {
    dataset.tasks.enumerated().map { index, task in
      TaskSummary(task: task, labels: dataset.examples.map { $0.labels[index] }, kind: labelKind)
    }
  }
}

/// A task that can't be learned from the examples that are left to train on.
public enum TaskProblem: Failure, Equatable {
  case noPositive(task: String)
  case noNegative(task: String)
  case nothingMeasured(task: String)
  case constant(task: String, label: Float)
  case noExample(class: String)
  case oneClass(String)

  public var kind: FailureKind { .badData }

  public var description: String {
    switch self {
    case .noPositive(let task):
      "no example to train on is bound for \(task.quoted); give some that are (peaks, or the label 1)"
    case .noNegative(let task):
      "every example to train on is bound for \(task.quoted); give some that are not (the label 0), "
        + "or --make-negatives dinucleotide"
    case .nothingMeasured(let task):
      "no example to train on was measured for \(task.quoted); give more, or other --labels"
    case .noExample(let name):
      "no example to train on belongs to the class \(name.quoted); give some, or leave the class out"
    case .oneClass(let name):
      "every example belongs to the class \(name.quoted), so there is nothing to learn; give examples of others"
    case .constant(let task, let label):
      "every label of \(task.quoted) to train on is \(label), so there is nothing to learn; "
        + "choose other columns with --labels"
    }
  }
}

extension PreparedDataset {
  /// Makes sure that there is something to learn for each task.
  ///
  /// - Throws: `TaskProblem`.
  public func checkTasks(_ tasks: [String], kind: LabelKind) throws {
    if kind == .categories, tasks.count == 1 { throw TaskProblem.oneClass(tasks[0]) }
    for (index, task) in tasks.enumerated() {
      let labels = train.lazy.map { $0.labels[index] }.filter { !$0.isNaN }
      switch kind {
      case .categories:
        guard labels.contains(1) else { throw TaskProblem.noExample(class: task) }
      case .classes, .ranks:
        guard labels.contains(where: { $0 > 0.5 }) else { throw TaskProblem.noPositive(task: task) }
        guard makesFreshNegatives || labels.contains(0) else {
          throw TaskProblem.noNegative(task: task)
        }
      case .numbers, .counts:
        guard let first = labels.first else { throw TaskProblem.nothingMeasured(task: task) }
        guard labels.contains(where: { $0 != first }) else {
          throw TaskProblem.constant(task: task, label: first)
        }
      }
    }
  }
}
