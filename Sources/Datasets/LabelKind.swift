public import Genomics
public import GenomicsIO

/// What labels are: the objective of learning them.
public enum LabelKind: String, Codable, CaseIterable, Sendable {
  /// 1 for bound, 0 for not.
  case classes = "classification"
  /// Measured numbers.
  case numbers = "regression"
  /// 1 for one task, the class that the example belongs to, 0 for the others.
  case categories = "categorical"
  /// Counts: 0 or above.
  case counts = "count"
  /// Levels of a scale: a task is a level, and a label 1 if the example has that or a higher one.
  case ranks = "ordinal"
}

extension LabelKind {
  /// Why labels need no negatives.
  var withoutNegatives: String {
    switch self {
    case .categories, .ranks: "classes are told from each other, which needs no negatives"
    case .classes, .numbers, .counts:
      "the labels are measured numbers, which need no negatives"
    }
  }
}

/// What is asked of the labels of a table.
public struct LabelRequest: Equatable, Sendable {
  /// The columns that are tasks.
  public var columns: TaskColumns
  /// What all labels are; `nil` for what they seem to be.
  public var kind: LabelKind?

  public init(columns: TaskColumns = .automatic, kind: LabelKind? = nil) {
    self.columns = columns
    self.kind = kind
  }
}

/// Labels that can't be learned from, or measured with, as they are.
public enum LabelProblem: InputProblem {
  case notMeasured(task: String)
  case noClass(task: String, label: Float)
  case noCount(task: String, label: Float)
  case severalClasses(tasks: [String])
  case noClassAtAll
  case severalScales(tasks: [String])
  case noScale(task: String, count: Int)
  case unclear(task: String, label: Float, values: String)
  case mixed(classes: [String], numbers: [String])

  public var description: String {
    switch self {
    case .notMeasured(let task):
      "no label of \(task.quoted) was measured; give some, or choose other columns with --labels"
    case .noClass(let task, let label):
      "the label \(label.shortText) of \(task.quoted) is neither 0 nor 1; \(Self.classes)"
    case .noCount(let task, let label):
      "the label \(label.shortText) of \(task.quoted) is no count; counts are 0 or above: give --objective regression "
        + "for other numbers"
    case .severalClasses(let tasks):
      "a row belongs to \(Self.list(tasks)), and to one class alone with --classes; leave one label 1, or train "
        + "without --classes"
    case .noClassAtAll:
      "a row belongs to no class; with --classes each has one label 1, or none that is measured"
    case .severalScales(let tasks):
      "levels may stand in \(Self.list(tasks)); choose one column with --labels"
    case .noScale(let task, let count):
      "\(task.quoted) holds \(count) different number(s); levels are 2 to \(LabeledTable.mostLevels)"
    case .unclear(let task, let label, let values):
      "the label \(label.shortText) of \(task.quoted) is neither 0 nor 1, but its labels look like "
        + "classes (\(values)); \(Self.classes); or give --objective regression to learn them as "
        + "measured numbers, or choose other columns with --labels"
    case .mixed(let classes, let numbers):
      "\(Self.list(classes)): 0 and 1, classes; \(Self.list(numbers)): measured numbers; choose "
        + "columns of one kind with --labels, or give --objective regression to learn all as numbers"
    }
  }

  private static let classes =
    "write 1 for bound, 0 for not bound, and NA or nothing where it was not measured"

  private static func list(_ names: [String]) -> String {
    names.prefix(6).map(\.quoted).joined(separator: ", ")
      + (names.count > 6 ? " and \(names.count - 6) more" : "")
  }
}

extension LabeledTable {
  /// What the labels are.
  ///
  /// Labels of 0 and 1 are classes. All others are numbers, unless they look like classes that are written
  /// in another way: those are refused.
  ///
  /// - Parameters:
  ///   - asked: What they must be; `nil` for what they seem to be.
  ///   - file: The name for messages.
  /// - Throws: `InputError<LabelProblem>`.
  func labelKind(_ asked: LabelKind?, file: String) throws -> LabelKind {
    let columns = tasks.indices.map { ColumnLabels(self, task: $0) }
    if let column = columns.first(where: { $0.count == 0 }) {
      throw InputError(file: file, LabelProblem.notMeasured(task: column.task))
    }
    switch asked {
    case .numbers: return .numbers
    case .ranks: return .ranks
    case .counts:
      try checkCounts(file: file)
      return .counts
    case .classes, .categories:
      if let column = columns.first(where: { !$0.areClasses }), let other = column.firstOther {
        throw InputError(
          file: file, line: other.line,
          LabelProblem.noClass(task: column.task, label: other.label))
      }
      if asked == .categories { try checkCategories(file: file) }
      return asked ?? .classes
    case nil:
      if let column = columns.first(where: \.areUnclear), let other = column.firstOther {
        throw InputError(
          file: file, line: other.line,
          LabelProblem.unclear(
            task: column.task, label: other.label, values: column.valuesText))
      }
      let (classes, numbers) = (columns.filter(\.areClasses), columns.filter { !$0.areClasses })
      guard classes.isEmpty || numbers.isEmpty else {
        throw InputError(
          file: file, LabelProblem.mixed(classes: classes.map(\.task), numbers: numbers.map(\.task))
        )
      }
      return numbers.isEmpty ? .classes : .numbers
    }
  }
}

extension LabeledTable {
  /// - Throws: `InputError<LabelProblem>` if a label is below 0.
  private func checkCounts(file: String) throws {
    for row in rows {
      if let task = row.labels.firstIndex(where: { $0 ?? 0 < 0 }), let label = row.labels[task] {
        throw InputError(
          file: file, line: row.line, LabelProblem.noCount(task: tasks[task], label: label))
      }
    }
  }

  /// - Throws: `InputError<LabelProblem>` if a row belongs to several classes, or to none.
  private func checkCategories(file: String) throws {
    for row in rows where row.labels.contains(where: { $0 != nil }) {
      let own = tasks.indices.filter { row.labels[$0] == 1 }
      guard own.count != 1 else { continue }
      throw InputError(
        file: file, line: row.line,
        own.isEmpty ? LabelProblem.noClassAtAll : .severalClasses(tasks: own.map { tasks[$0] }))
    }
  }
}

/// What tells classes from numbers in the labels of a task.
private struct ColumnLabels {
  let task: String
  /// The number of labels that were measured.
  private(set) var count = 0
  /// The first label that is neither 0 nor 1.
  private(set) var firstOther: (line: Int, label: Float)?
  private var otherCount = 0
  /// Each value once, as long as there are few.
  private var values: [Float] = []

  /// Measured numbers have more values than this.
  private static let mostClasses = 5
  /// Of a hundred measured numbers more than this are neither 0 nor 1.
  private static let leastOthers = 5

  init(_ table: LabeledTable, task index: Int) {
    task = table.tasks[index]
    for row in table.rows {
      guard let label = row.labels[index] else { continue }
      count += 1
      if values.count <= Self.mostClasses, !values.contains(label) { values.append(label) }
      guard label != 0, label != 1 else { continue }
      otherCount += 1
      firstOther = firstOther ?? (row.line, label)
    }
  }

  var areClasses: Bool { otherCount == 0 }

  /// Whether the labels look like classes, but not like ours.
  var areUnclear: Bool {
    !areClasses
      && (values.count <= Self.mostClasses || 100 * otherCount <= Self.leastOthers * count)
  }

  /// The labels in words.
  var valuesText: String {
    guard values.count > Self.mostClasses else {
      let texts = values.sorted().map(\.shortText)
      return texts.count == 1 ? "all are \(texts[0])" : "they are \(texts.joined(separator: ", "))"
    }
    return "\(count - otherCount) of \(count) are 0 or 1"
  }
}

extension Float {
  /// The number, without the decimals of a whole one.
  fileprivate var shortText: String {
    Int(exactly: self).map { "\($0)" } ?? "\(self)"
  }
}
