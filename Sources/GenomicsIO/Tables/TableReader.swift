import Genomics

/// Reads a table of labelled sequences, gzip or not: a header line, columns separated by tabs, one
/// of them `seq` or `sequence`.
///
/// `EventID`, `id`, `name`, `chrom`, `start`, `end` and `split` describe a row, in any case. A column is a
/// task if it has a name that doesn't describe rows, such as `fold`, and its values are neither words nor
/// the rows' numbers. A label is a number; nothing or `NA` means not measured.
///
/// - Throws: `ByteError`, `TableError` with the line.
public func readTable(_ path: String, tasks: TaskColumns = .automatic) throws -> LabeledTable {
  var reader = try LineReader(path: path)
  try reader.expect(.table)
  var columns: TableColumns?
  var candidates: [LabelColumn] = []
  var rows: [LabeledRow] = []
  while let line = try reader.next() {
    if line.isEmpty { continue }
    do throws(TableProblem) {
      guard let columns else {
        let read = try TableColumns(header: splitAtTabs(line), tasks: tasks)
        candidates = read.candidates.map { LabelColumn(name: $0.name, index: $0.index) }
        columns = read
        continue
      }
      let fields = try columns.fields(of: line)
      rows.append(
        try columns.row(of: fields, number: rows.count + 1, line: reader.lineNumber))
      for index in candidates.indices {
        candidates[index].append(fields[candidates[index].index], line: reader.lineNumber)
      }
    } catch {
      throw TableError(file: reader.name, line: reader.lineNumber, error)
    }
  }
  guard let columns else { throw TableError(file: reader.name, .empty) }
  guard !rows.isEmpty else { throw TableError(file: reader.name, .noRows) }
  let (taken, leftOut) = columns.areNamed ? (candidates, []) : told(candidates)
  // Words alone are bad labels where nothing else is a label.
  if let bad = (taken.isEmpty ? candidates : taken).lazy.compactMap(\.problem).first {
    throw TableError(file: reader.name, line: bad.line, bad.problem)
  }
  guard !taken.isEmpty else {
    throw TableError(file: reader.name, .noTask(found: candidates.map(\.name)))
  }
  for index in rows.indices { rows[index].labels = taken.map { $0.values[index] } }
  return LabeledTable(
    tasks: taken.map(\.name), rows: rows,
    leftOut: (columns.leftOut + leftOut).sorted { $0.number < $1.number })
}

/// The fields of a line.
func splitAtTabs(_ line: [UInt8]) -> [String] {
  line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    .map { String(decoding: $0, as: UTF8.self) }
}

/// Tells tasks from other columns by their values.
private func told(_ candidates: [LabelColumn]) -> (tasks: [LabelColumn], leftOut: [LeftOutColumn]) {
  var tasks: [LabelColumn] = []
  var leftOut: [LeftOutColumn] = []
  for column in candidates {
    let reason: LeftOutColumn.Reason? =
      column.holdsOnlyWords
      ? .words(example: column.firstBad?.text ?? "") : column.numbersRows ? .rowNumbers : nil
    if let reason {
      leftOut.append(LeftOutColumn(name: column.name, number: column.index + 1, reason: reason))
    } else {
      tasks.append(column)
    }
  }
  return (tasks, leftOut)
}
