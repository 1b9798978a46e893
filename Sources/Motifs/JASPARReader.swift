public import Genomics

/// What can be wrong with a file in JASPAR's format.
public enum JASPARProblem: InputProblem, Error {
  case noMotif
  case unnamedMotif
  case rowBeforeMotif
  case rows(motif: String, found: Int)
  case badRow(String, base: String)
  case unequalRows(count: Int, expected: Int)
  case emptyColumn(position: Int)

  public var description: String {
    switch self {
    case .noMotif:
      "holds no motif; give lines `>ID NAME`, each with a row of counts for A, C, G and T"
    case .unnamedMotif: "a motif without a name; write `>ID NAME`"
    case .rowBeforeMotif: "a row that belongs to no motif; put a line `>ID NAME` before it"
    case .rows(let motif, let found):
      "motif \(motif.quoted) has \(found) row(s); give it four, of A, C, G and T"
    case .badRow(let row, let base):
      "\(row.quoted) isn't the row of \(base); write its counts, as in `\(base) [ 4 0 12 ]`"
    case .unequalRows(let count, let expected):
      "has \(count) count(s), the row of A has \(expected); give each row as many"
    case .emptyColumn(let position):
      "nothing is counted at position \(position); take the column out"
    }
  }
}

public typealias JASPARError = InputError<JASPARProblem>

/// Reads motifs in JASPAR's format: a line `>ID NAME`, then the counts of A, C, G and T in a row each,
/// with or without the letter and brackets.
///
/// A motif's number of sites is the least sum of a position's counts.
/// - Parameters:
///   - text: The contents.
///   - file: What errors call the file.
/// - Throws: `JASPARError`.
/// - Returns: At least one motif, in the order of the file.
public func readJASPAR(_ text: [UInt8], file: String) throws -> [Motif] {
  var motifs: [Motif] = []
  var motif: CountedMotif?
  func finish() throws {
    guard let motif else { return }
    do throws(JASPARProblem) { motifs.append(try motif.motif()) } catch {
      throw JASPARError(file: file, line: motif.line, error)
    }
  }
  let lines = text.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") }
  for (index, bytes) in lines.enumerated() {
    let line = String(decoding: bytes, as: UTF8.self)
    guard let first = line.first(where: { !$0.isWhitespace }) else { continue }
    do throws(JASPARProblem) {
      if first != ">" {
        guard motif != nil else { throw .rowBeforeMotif }
        try motif?.add(row: line)
        continue
      }
    } catch {
      throw JASPARError(file: file, line: index + 1, error)
    }
    try finish()
    let words = line.drop { $0 != ">" }.dropFirst().split(whereSeparator: \.isWhitespace)
    guard let name = words.first else {
      throw JASPARError(file: file, line: index + 1, .unnamedMotif)
    }
    motif = CountedMotif(
      line: index + 1, name: String(name), alternateName: words.dropFirst().first.map(String.init))
  }
  try finish()
  guard !motifs.isEmpty else { throw JASPARError(file: file, .noMotif) }
  return motifs
}

/// A motif whose rows are being read.
private struct CountedMotif {
  let line: Int
  let name: String
  let alternateName: String?
  private var rows: [[Double]] = []

  init(line: Int, name: String, alternateName: String?) {
    (self.line, self.name, self.alternateName) = (line, name, alternateName)
  }

  mutating func add(row: String) throws(JASPARProblem) {
    guard rows.count < 4 else { throw .rows(motif: name, found: rows.count + 1) }
    let base = ["A", "C", "G", "T"][rows.count]
    var words = row.split { $0.isWhitespace || $0 == "[" || $0 == "]" }
    if let word = words.first?.uppercased(), word == base || word == "U" && base == "T" {
      words.removeFirst()
    }
    let counts = words.compactMap { Double($0) }
    guard !words.isEmpty, counts.count == words.count,
      counts.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { throw .badRow(row, base: base) }
    if let first = rows.first, counts.count != first.count {
      throw .unequalRows(count: counts.count, expected: first.count)
    }
    rows.append(counts)
  }

  func motif() throws(JASPARProblem) -> Motif {
    guard rows.count == 4 else { throw .rows(motif: name, found: rows.count) }
    let columns = rows[0].indices.map { position in SIMD4(rows.map { $0[position] }) }
    let sums = columns.map { $0.sum() }
    if let position = sums.firstIndex(of: 0) { throw .emptyColumn(position: position + 1) }
    return Motif(
      name: name, alternateName: alternateName,
      probabilities: ProbabilityMatrix(normalizing: columns),
      siteCount: max(1, Int(min(sums.min()!, 1e15).rounded())))
  }
}
