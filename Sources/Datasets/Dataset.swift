import Genomics

/// Examples of the same tasks.
public struct Dataset: Equatable, Sendable {
  /// The names of the tasks, in the order of each example's labels.
  public var tasks: [String]
  public var examples: [Example]

  /// - Precondition: Each example has a label for each task.
  public init(tasks: [String], examples: [Example]) {
    precondition(examples.allSatisfy { $0.labels.count == tasks.count }, "labels for other tasks")
    self.tasks = tasks
    self.examples = examples
  }

  /// The number of bases that every example has; `nil` if they differ or there is no example.
  public var length: Int? {
    guard let length = examples.first?.bases.count else { return nil }
    return examples.allSatisfy { $0.bases.count == length } ? length : nil
  }

  /// The examples at the given indices, in that order.
  package func subset(_ indices: [Int]) -> Dataset {
    Dataset(tasks: tasks, examples: indices.map { examples[$0] })
  }
}
