import Genomics

/// Divides a file of matrices into blocks: a name, or the header of a table, and the rows behind it.
///
/// A block begins with a line `>NAME`; with lines such as `Gene NAME` and `Motif NAME`, as in CIS-BP's tables; with a
/// line `NAME CONSENSUS`; with a line of the letters or of the numbers of columns; or with a row, if nothing stands
/// before it or a blank line follows a block of four rows or more. The file names blocks without a name.
struct MatrixBlocks {
  private(set) var blocks: [MatrixBlock] = []
  private var followsBlank = true
  /// The names of a table's header so far.
  private var labels: [String: String] = [:]

  /// - Parameter unnamed: The name of a block without one; of several, the second ends in `-2`, and so on.
  init(_ lines: [String], unnamed: String) {
    for (index, line) in lines.enumerated() { read(MatrixLine(line), line, number: index + 1) }
    let unnamed = word(unnamed)
    for (count, index) in blocks.indices.filter({ blocks[$0].header == nil }).enumerated() {
      blocks[index].header = count == 0 ? unnamed : "\(unnamed)-\(count + 1)"
    }
  }

  /// Whether a file is one of matrices, as its first line that is no comment says.
  static func recognizes(_ lines: [String]) -> Bool {
    let kinds = lines.lazy.map { (kind: MatrixLine($0), line: $0) }
      .filter { $0.kind != .blank && $0.kind != .comment }.prefix(10)
    guard let (kind, line) = kinds.first else { return false }
    switch kind {
    case .blank, .comment, .summary: return false
    case .name, .columns, .columnNumbers: return true
    case .label: return kinds.contains { if case .columns = $0.kind { true } else { false } }
    case .nameAndConsensus: return kinds.dropFirst().first.map { isCounts($0.line) } ?? false
    case .row: return isCounts(line)
    }
  }

  /// Whether a line holds nothing but numbers, which may follow the letter of a base.
  private static func isCounts(_ line: String) -> Bool {
    let row = BaseRow(line)
    return !row.words.isEmpty && row.words.allSatisfy { Double($0) != nil }
  }

  private mutating func read(_ kind: MatrixLine, _ line: String, number: Int) {
    switch kind {
    case .blank: followsBlank = true
    case .comment: blocks.indices.last.map { blocks[$0].addComment(line) }
    case .name(let header):
      labels = [:]
      blocks.append(MatrixBlock(line: number, header: header))
    case .nameAndConsensus(let header) where followsBlank:
      blocks.append(MatrixBlock(line: number, header: header))
    case .label(let label, let name):
      if blocks.last?.isHeader != true { begin(number) }
      labels[label] = name
      blocks[blocks.count - 1].header = labels.header ?? blocks[blocks.count - 1].header
    case .columns(let order, let isNumbered):
      if blocks.last?.isHeader != true { begin(number) }
      blocks[blocks.count - 1].columns = (order, isNumbered)
    case .columnNumbers:
      if blocks.last?.isHeader != true { begin(number) }
    case .summary: break
    case .row, .nameAndConsensus:
      if blocks.last?.isComplete(followsBlank: followsBlank) ?? true { begin(number) }
      blocks[blocks.count - 1].add(line, number: number, followsBlank: followsBlank)
    }
    followsBlank = kind == .blank || kind == .comment && followsBlank
  }

  /// Begins a block without a name.
  private mutating func begin(_ line: Int) {
    labels = [:]
    blocks.append(MatrixBlock(line: line, header: nil))
  }
}

extension [String: String] {
  /// The header that the names of a CIS-BP table make: the motif's, else the gene's or the factor's; a second one.
  fileprivate var header: String? {
    let names = ["Motif", "TF Name", "Gene", "TF"].compactMap { self[$0] }
    return names.isEmpty ? nil : names.prefix(2).joined(separator: " ")
  }
}

/// What a line is in a file of matrices.
enum MatrixLine: Equatable {
  case blank, comment, row
  /// `>NAME`
  case name(String)
  /// `NAME CONSENSUS`, as Neph and others have it.
  case nameAndConsensus(String)
  /// `Gene NAME`
  case label(String, name: String)
  /// The letters of columns, perhaps behind `Pos`: which base each column holds.
  case columns([Int], isNumbered: Bool)
  /// `base 1 2 3`: the numbers of positions.
  case columnNumbers
  /// `Ent= 1.2 0.2`: the information of positions.
  case summary

  /// The words that begin the lines of a CIS-BP table's header; `TF Name` before `TF`.
  private static let labels: [[Substring]] = [
    ["TF", "Name"], ["TF"], ["Gene"], ["Motif"], ["Family"], ["Species"],
  ]

  init(_ line: String) {
    let words = line.split(whereSeparator: \.isWhitespace)
    switch words.first {
    case nil: self = .blank
    case let word? where word.hasPrefix("#"): self = .comment
    case let word? where word.hasPrefix(">"):
      self = .name(String(line.drop { $0 != ">" }.dropFirst()))
    case "Ent=": self = .summary
    case "base" where words.count > 1 && words.dropFirst().allSatisfy({ Int($0) != nil }):
      self = .columnNumbers
    default: self = Self.header(words, line) ?? .row
    }
  }

  private static func header(_ words: [Substring], _ line: String) -> MatrixLine? {
    if let order = columnOrder(words.first == "Pos" ? words.dropFirst() : words[...]) {
      return .columns(order, isNumbered: words.first == "Pos")
    }
    for label in labels where words.count > label.count && words.starts(with: label) {
      return .label(
        label.joined(separator: " "), name: words.dropFirst(label.count).joined(separator: "_"))
    }
    guard words.count == 2, Double(words[0]) == nil, words[0].count > 1, words[1].isConsensus
    else { return nil }
    return .nameAndConsensus(line)
  }

  /// The base of each column, if the words are the four letters in any order.
  private static func columnOrder(_ words: ArraySlice<Substring>) -> [Int]? {
    let codes = words.map {
      $0.utf8.count == 1 ? Int(Alphabet.dna.codeOfLetter[Int($0.utf8.first!)]) : -1
    }
    return codes.sorted() == Array(0..<Alphabet.dna.count) ? codes : nil
  }
}
