import Genomics

/// Where the columns of a table stand.
struct TableColumns {
  /// The columns that may be tasks.
  let candidates: [(name: String, index: Int)]
  /// The columns whose names alone leave them out.
  let leftOut: [LeftOutColumn]
  /// Whether the candidates were asked for, so that their values have no say.
  let areNamed: Bool
  private let header: [String]
  /// The number of columns up to the last one with a name.
  private let namedCount: Int
  private let sequence: Int
  private let name: Int?
  private let interval: (sequence: Int, start: Int, end: Int)?
  private let split: Int?
  private let alphabet: Alphabet
  /// The columns of numbers beside the sequences.
  private let side: [(name: String, index: Int)]

  /// Names of columns that describe a row, in lower case, without what parts words.
  private static let descriptions: Set = [
    "seq", "sequence", "foldid", "fold", "cvfold", "kfold", "foldindex", "foldnumber", "eventid",
    "id", "name", "chrom", "chr",
    "chromosome", "start", "end", "stop", "strand", "split", "index", "level0", "rowid", "rownames",
  ]

  init(
    header: [String], tasks: TaskColumns, alphabet: Alphabet = .dna, side: [String] = []
  ) throws(TableProblem) {
    let names = header.map { $0.lowercased() }
    guard let sequence = names.firstIndex(where: { $0 == "seq" || $0 == "sequence" }) else {
      throw .noSequenceColumn(found: header)
    }
    if let name = Self.repeated(header) { throw .duplicateColumn(name) }
    let asked = try Self.asked(tasks, of: header)
    let beside = try Self.places(of: side, in: header)
    self.side = beside
    let besides = Set(beside.map(\.index))
    func place(_ choices: [String]) -> Int? {
      choices.lazy.compactMap { names.firstIndex(of: $0) }.first {
        asked?.contains($0) != true
      }
    }
    self.header = header
    self.alphabet = alphabet
    self.sequence = sequence
    namedCount = (header.lastIndex { !Self.isNameless($0) } ?? 0) + 1
    name = place(["eventid", "id", "name"])
    split = place(["split"])
    if let sequence = place(["chrom"]), let start = place(["start"]), let end = place(["end"]) {
      interval = (sequence, start, end)
    } else {
      interval = nil
    }
    areNamed = asked != nil
    candidates = (asked ?? header.indices.filter { !Self.describesRow(header[$0]) })
      .filter { !besides.contains($0) }.map { (header[$0], $0) }
    let used =
      [sequence, name, split, interval?.sequence, interval?.start, interval?.end].compactMap(\.self)
    leftOut = Self.leftOut(
      of: header, tasks: tasks, taken: used + Array(besides) + candidates.map(\.index),
      areNamed: areNamed)
    guard !candidates.isEmpty || tasks == .none else { throw .noTask(found: header) }
  }

  /// The first name that stands there twice.
  private static func repeated(_ header: [String]) -> String? {
    header.indices.first { !isNameless(header[$0]) && header[..<$0].contains(header[$0]) }.map {
      header[$0]
    }
  }

  private static func places(
    of names: [String], in header: [String]
  ) throws(TableProblem) -> [(name: String, index: Int)] {
    var places: [(name: String, index: Int)] = []
    for name in names {
      guard let index = header.firstIndex(of: name) else {
        throw .noColumn(name, found: header.filter { !isNameless($0) })
      }
      places.append((name, index))
    }
    return places
  }

  private static func leftOut(
    of header: [String], tasks: TaskColumns, taken: [Int], areNamed: Bool
  ) -> [LeftOutColumn] {
    if case .named = tasks { return [] }
    return header.indices.filter { !taken.contains($0) }.map { index in
      let name = header[index]
      return LeftOutColumn(
        name: name, number: index + 1,
        reason: isNameless(name)
          ? .noName : areNamed && !describesRow(name) ? .otherTask : .describesRow)
    }
  }

  /// The places of the columns that are asked for; `nil` if none is.
  private static func asked(_ tasks: TaskColumns, of header: [String]) throws(TableProblem)
    -> [Int]?
  {
    switch tasks {
    case .automatic: return nil
    case .none: return []
    case .named(let names):
      var places: [Int] = []
      for name in names {
        guard let place = header.firstIndex(of: name) else {
          throw .noColumn(name, found: header.filter { !isNameless($0) })
        }
        places.append(place)
      }
      return places
    case .among(let names):
      let places = names.compactMap { header.firstIndex(of: $0) }
      return places.isEmpty ? nil : places
    }
  }

  /// Whether a name is none: pandas writes its index under an empty one and reads that as `Unnamed: 0`, R's
  /// readr as `...1`.
  private static func isNameless(_ name: String) -> Bool {
    name.allSatisfy(\.isWhitespace) || name.lowercased().hasPrefix("unnamed: ")
      || name.hasPrefix("...") && name.dropFirst(3).allSatisfy(\.isNumber)
  }

  private static func describesRow(_ name: String) -> Bool {
    isNameless(name)
      || descriptions.contains(name.lowercased().filter { !"_- .".contains($0) })
  }

  /// Reads a row, all but its labels.
  ///
  /// A line may lack what stands under trailing names that are empty, and may end in more tabs.
  func fields(of line: [UInt8]) throws(TableProblem) -> [String] {
    var fields = splitAtTabs(line)
    guard fields.count >= namedCount, fields.dropFirst(header.count).allSatisfy(\.isEmpty) else {
      throw .ragged(count: fields.count, expected: header.count)
    }
    fields += [String](repeating: "", count: max(0, header.count - fields.count))
    return fields
  }

  /// The row of these fields, still without labels.
  func row(of fields: [String], number: Int, line: Int) throws(TableProblem) -> LabeledRow {
    guard var bases = EncodedSequence(fields[sequence], alphabet: alphabet), bases.count > 0
    else {
      throw .badSequence(fields[sequence], alphabet: alphabet)
    }
    bases.side = try numbers(beside: fields)
    let name = name.map { fields[$0] } ?? ""
    let split = split.map { fields[$0] } ?? ""
    return LabeledRow(
      name: name.isEmpty ? "row \(number)" : name, bases: bases, labels: [],
      interval: try interval(of: fields), split: split.isEmpty ? nil : split, line: line)
  }

  /// The numbers beside a sequence; not a number where nothing is known.
  private func numbers(beside fields: [String]) throws(TableProblem) -> [Float] {
    var numbers: [Float] = []
    for column in side {
      let text = fields[column.index]
      guard !LabelColumn.isMissing(text) else {
        numbers.append(.nan)
        continue
      }
      guard let number = Float(text), number.isFinite else {
        throw .badNumber(column: column.name, text: text)
      }
      numbers.append(number)
    }
    return numbers
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
