public import Genomics

/// Sequences with what was measured of each.
public struct LabeledTable: Equatable, Sendable {
  /// The names of the columns of labels, in file order.
  public let tasks: [String]
  /// In file order.
  public let rows: [LabeledRow]

  public init(tasks: [String], rows: [LabeledRow]) {
    self.tasks = tasks
    self.rows = rows
  }
}

/// A sequence with its labels.
public struct LabeledRow: Equatable, Sendable {
  /// What the columns `EventID`, `id` or `name` say, else `row N`, counted from 1.
  public let name: String
  public let bases: EncodedSequence
  /// One label a task; `nil` where it was not measured.
  public let labels: [Float?]
  /// Where the sequence stands, if the columns `chrom`, `start` (0-based) and `end` say so.
  public let interval: GenomicInterval?
  /// What the column `split` says.
  public let split: String?

  public init(
    name: String, bases: EncodedSequence, labels: [Float?], interval: GenomicInterval? = nil,
    split: String? = nil
  ) {
    self.name = name
    self.bases = bases
    self.labels = labels
    self.interval = interval
    self.split = split
  }
}
