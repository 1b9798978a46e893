public import Genomics

/// Reads a table of labelled sequences, gzip or not: a header line, columns separated by tabs, one
/// of them `seq` or `sequence`.
///
/// `EventID`, `id`, `name`, `chrom`, `start`, `end` and `split` describe a row, in any case. A column is a
/// task if it has a name that doesn't describe rows, such as `fold`, and its values are neither words nor
/// the rows' numbers. A label is a number; nothing or `NA` means not measured.
///
/// - Parameters:
///   - namesClasses: Whether a column may hold the names of classes, which then are the tasks: a label is 1 for the
///     row's class and 0 for the others.
///   - alphabet: That of the sequences.
///   - side: The columns of numbers that are read beside the sequences; nothing or `NA` means not known.
/// - Throws: `ByteError`, `TableError` with the line.
public func readTable(
  _ path: String, tasks: TaskColumns = .automatic, namesClasses: Bool = false,
  alphabet: Alphabet = .dna, side: [String] = []
) throws -> LabeledTable {
  var reader = try LineReader(path: path)
  try reader.expect(.table)
  var columns: TableColumns?
  var candidates: [LabelColumn] = []
  var rows: [LabeledRow] = []
  while let line = try reader.next() {
    if line.isEmpty { continue }
    do throws(TableProblem) {
      guard let columns else {
        let read = try TableColumns(
          header: splitAtTabs(line), tasks: tasks, alphabet: alphabet, side: side)
        candidates = read.candidates.map {
          LabelColumn(name: $0.name, index: $0.index, keepsTexts: namesClasses)
        }
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
  if namesClasses,
    let table = try classTable(rows, among: candidates, columns, file: reader.name)
  {
    return table
  }
  if tasks == .none { return LabeledTable(tasks: [], rows: rows, leftOut: columns.leftOut) }
  return try labeledTable(rows, by: candidates, columns, file: reader.name)
}

/// Gives rows the classes that a column names; `nil` if none does.
private func classTable(
  _ rows: [LabeledRow], among candidates: [LabelColumn], _ columns: TableColumns, file: String
) throws -> LabeledTable? {
  do throws(TableProblem) {
    let column = try classColumn(among: candidates, areNamed: columns.areNamed)
    guard let column else { return nil }
    return try LabeledTable(rows, classesIn: column, leftOut: columns.leftOut)
  } catch {
    throw TableError(file: file, error)
  }
}

/// Gives rows the labels of those columns that hold some.
private func labeledTable(
  _ unlabeled: [LabeledRow], by candidates: [LabelColumn], _ columns: TableColumns, file: String
) throws -> LabeledTable {
  var rows = unlabeled
  let (taken, leftOut) = columns.areNamed ? (candidates, []) : told(candidates)
  // Words alone are bad labels where nothing else is a label.
  if let bad = (taken.isEmpty ? candidates : taken).lazy.compactMap(\.problem).first {
    throw TableError(file: file, line: bad.line, bad.problem)
  }
  guard !taken.isEmpty else {
    throw TableError(file: file, .noTask(found: candidates.map(\.name)))
  }
  for index in rows.indices { rows[index].labels = taken.map { $0.values[index] } }
  return LabeledTable(
    tasks: taken.map(\.name), rows: rows,
    leftOut: (columns.leftOut + leftOut).sorted { $0.number < $1.number })
}

/// The column that holds names of classes; `nil` if every class has a column of its own.
private func classColumn(
  among candidates: [LabelColumn], areNamed: Bool
) throws(TableProblem) -> LabelColumn? {
  if candidates.count == 1 { return candidates[0] }
  let words = candidates.filter(\.holdsWords)
  guard words.count > 1 || areNamed && !words.isEmpty else { return words.first }
  throw .severalClassColumns(words.map(\.name))
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
