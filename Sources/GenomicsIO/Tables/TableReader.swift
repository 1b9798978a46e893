import Genomics

/// Reads a table of labelled sequences, gzip or not: a header line, columns separated by tabs, one
/// of them `seq` or `sequence`.
///
/// `FoldID`, `EventID`, `id`, `name`, `chrom`, `start`, `end`, `strand` and `split` describe a row;
/// every other column is a task. A label is a number; nothing or `NA` means not measured. The case
/// of the names of columns doesn't matter, save for those of tasks.
///
/// - Throws: `ByteError`, `TableError` with the line.
public func readTable(_ path: String) throws -> LabeledTable {
  var reader = try LineReader(path: path)
  try reader.expect(.table)
  var columns: TableColumns?
  var rows: [LabeledRow] = []
  while let line = try reader.next() {
    if line.isEmpty { continue }
    let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    do throws(TableProblem) {
      if let columns {
        rows.append(try columns.row(of: fields, number: rows.count + 1))
      } else {
        columns = try TableColumns(header: fields)
      }
    } catch {
      throw TableError(file: reader.name, line: reader.lineNumber, error)
    }
  }
  guard let columns else { throw TableError(file: reader.name, .empty) }
  guard !rows.isEmpty else { throw TableError(file: reader.name, .noRows) }
  return LabeledTable(tasks: columns.tasks.map(\.name), rows: rows)
}

/// Where the columns of a table stand.
struct TableColumns {
  let tasks: [(name: String, index: Int)]
  private let count: Int
  private let sequence: Int
  private let name: Int?
  private let interval: (sequence: Int, start: Int, end: Int)?
  private let split: Int?

  private static let descriptions: Set<String> = [
    "seq", "sequence", "foldid", "eventid", "id", "name", "chrom", "start", "end", "strand",
    "split",
  ]

  init(header: [String]) throws(TableProblem) {
    let names = header.map { $0.lowercased() }
    count = header.count
    guard let sequence = names.firstIndex(where: { $0 == "seq" || $0 == "sequence" }) else {
      throw .noSequenceColumn(found: header)
    }
    if let index = header.indices.first(where: { header[..<$0].contains(header[$0]) }) {
      throw .duplicateColumn(header[index])
    }
    self.sequence = sequence
    name = ["eventid", "id", "name"].lazy.compactMap { names.firstIndex(of: $0) }.first
    split = names.firstIndex(of: "split")
    if let sequence = names.firstIndex(of: "chrom"), let start = names.firstIndex(of: "start"),
      let end = names.firstIndex(of: "end")
    {
      interval = (sequence, start, end)
    } else {
      interval = nil
    }
    tasks = header.indices.filter { !Self.descriptions.contains(names[$0]) }.map {
      (header[$0], $0)
    }
    guard !tasks.isEmpty else { throw .noTask(found: header) }
  }

  func row(of fields: [String], number: Int) throws(TableProblem) -> LabeledRow {
    guard fields.count == count else { throw .ragged(count: fields.count, expected: count) }
    guard let bases = EncodedSequence(fields[sequence]), bases.count > 0 else {
      throw .badSequence(fields[sequence])
    }
    var labels: [Float?] = []
    for task in tasks { labels.append(try Self.label(fields[task.index], task: task.name)) }
    let name = name.map { fields[$0] } ?? ""
    let split = split.map { fields[$0] } ?? ""
    return LabeledRow(
      name: name.isEmpty ? "row \(number)" : name, bases: bases, labels: labels,
      interval: try interval(of: fields), split: split.isEmpty ? nil : split)
  }

  private static func label(_ text: String, task: String) throws(TableProblem) -> Float? {
    if text.isEmpty || text == "NA" { return nil }
    guard text.utf8.allSatisfy("0123456789+-.eE".utf8.contains), let label = Float(text),
      label.isFinite
    else { throw .badLabel(task: task, text: text) }
    return label
  }

  private func interval(of fields: [String]) throws(TableProblem) -> GenomicInterval? {
    guard let columns = interval, !fields[columns.sequence].isEmpty else { return nil }
    let (start, end) = (fields[columns.start], fields[columns.end])
    guard let first = Int(start), let last = Int(end), first >= 0, first <= last else {
      throw .badInterval(start: start, end: end)
    }
    return GenomicInterval(fields[columns.sequence], start: first, end: last)
  }
}
