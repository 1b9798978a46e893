public import Genomics

/// Sequences with what was measured of each.
public struct LabeledTable: Equatable, Sendable {
  /// The names of the columns of labels: in file order, or in the order that was asked for.
  public let tasks: [String]
  /// In file order.
  public let rows: [LabeledRow]
  /// The columns that are neither used nor a task, in file order.
  public let leftOut: [LeftOutColumn]

  public init(tasks: [String], rows: [LabeledRow], leftOut: [LeftOutColumn] = []) {
    self.tasks = tasks
    self.rows = rows
    self.leftOut = leftOut
  }
}

extension LabeledTable {
  private static let mostClasses = 1000

  /// A table whose tasks are the classes that a column names, in alphabetical order.
  ///
  /// - Throws: `TableProblem.tooManyClasses`.
  init(_ rows: [LabeledRow], classesIn column: LabelColumn, leftOut: [LeftOutColumn])
    throws(TableProblem)
  {
    let texts = column.texts ?? []
    let classes = Set(texts.filter { !LabelColumn.isMissing($0) }).sorted()
    guard classes.count <= Self.mostClasses else {
      throw .tooManyClasses(column: column.name, count: classes.count)
    }
    let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
    var rows = rows
    for (index, text) in texts.enumerated() {
      let place = places[text]
      rows[index].labels = classes.indices.map { own in place.map { $0 == own ? 1 : 0 } }
    }
    self.init(tasks: classes, rows: rows, leftOut: leftOut)
  }
}

/// A sequence with its labels.
public struct LabeledRow: Equatable, Sendable {
  /// What the columns `EventID`, `id` or `name` say, else `row N`, counted from 1.
  public let name: String
  /// With the numbers of the columns that stand beside it.
  public let bases: EncodedSequence
  /// One label per task; `nil` if it was not measured.
  public package(set) var labels: [Float?]
  /// Where the sequence stands, if the columns `chrom`, `start` (0-based) and `end` say so.
  public let interval: GenomicInterval?
  /// What the column `split` says.
  public let split: String?
  /// The row's line in the file, counted from 1.
  public let line: Int

  public init(
    name: String, bases: EncodedSequence, labels: [Float?], interval: GenomicInterval? = nil,
    split: String? = nil, line: Int
  ) {
    self.name = name
    self.bases = bases
    self.labels = labels
    self.interval = interval
    self.split = split
    self.line = line
  }
}

/// Which columns of a table are tasks.
public enum TaskColumns: Equatable, Sendable {
  /// Those whose names and values make them tasks.
  case automatic
  /// These, in this order, whatever their names and values seem to be.
  case named([String])
  /// Those of these tasks that the table has, in this order; `automatic` if it has none of them.
  case among([String])
  /// None.
  case none
}

/// A column of a table that is not used, and why it is no task.
public struct LeftOutColumn: Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    /// Only its place in the header tells it apart.
    case noName
    /// Columns of that name describe a row, such as `fold`.
    case describesRow
    /// It numbers the rows.
    case rowNumbers
    /// Its values are words.
    case words(example: String)
    /// It is none of the tasks that were asked for.
    case otherTask
  }

  public let name: String
  /// Its place in the header, counted from 1.
  public let number: Int
  public let reason: Reason

  public init(name: String, number: Int, reason: Reason) {
    self.name = name
    self.number = number
    self.reason = reason
  }
}

extension LeftOutColumn: CustomStringConvertible {
  public var description: String {
    switch reason {
    case .noName: name.isEmpty ? "column \(number) (no name)" : "\(name.quoted) (no name)"
    case .describesRow: "\(name.quoted) (describes the row)"
    case .rowNumbers: "\(name.quoted) (numbers the rows)"
    case .words(let example): "\(name.quoted) (words such as \(example.quoted))"
    case .otherTask: "\(name.quoted) (another task)"
    }
  }
}
