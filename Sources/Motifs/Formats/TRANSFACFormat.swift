public import Genomics

/// What can be wrong with a file in TRANSFAC's format.
public enum TRANSFACProblem: InputProblem {
  case unnamedMotif
  case letters(String)
  case noMatrix(motif: String)
  case badRow(String)
  case emptyColumn(position: Int)

  public var description: String {
    switch self {
    case .unnamedMotif: "a matrix without a name; put a line `ID NAME` or `AC NAME` before it"
    case .letters(let letters):
      "the matrix's header is \(letters.quoted); write `P0 A C G T`"
    case .noMatrix(let motif):
      "motif \(motif.quoted) has no matrix; add a line `P0 A C G T` and a row per position"
    case .badRow(let row):
      "\(row.quoted) isn't a position's row; write its number and the counts of A, C, G and T"
    case .emptyColumn(let position):
      "nothing is counted at position \(position); take the column out"
    }
  }
}

public typealias TRANSFACError = InputError<TRANSFACProblem>

/// What an entry says of a motif besides its names and its counts.
struct TRANSFACEntry: Equatable, Sendable {
  /// The letter of each position; empty if it has none.
  var consensus: [String] = []
  /// The lines before and behind the matrix other than `AC` and `ID`.
  private(set) var before: [String] = []
  private(set) var behind: [String] = []

  /// Keeps a line, with the two spaces behind the key that TRANSFAC has; one `XX` of several.
  mutating func add(_ key: Substring, _ values: ArraySlice<Substring>, isBehindMatrix: Bool) {
    let lines = isBehindMatrix ? behind : before
    guard key != "XX" || !(lines.last.map { $0 == "XX" } ?? true) else { return }
    let line = ([key + (values.isEmpty ? "" : " ")] + values).joined(separator: " ")
    if isBehindMatrix { behind.append(line) } else { before.append(line) }
  }
}

/// TRANSFAC's format (Wingender et al. 1996), as JASPAR's downloads have it: accession, name, counts with a consensus
/// letter per position. Other lines and the letters are those of the motif's file, if it has this format.
func transfacText(_ motif: Motif) -> String {
  let (name, counts) = (word(motif.name), motif.countTexts)
  let names = [name, motif.alternateName].compactMap { $0.map(word) }.joined(separator: " ")
  let width = max(7, counts.joined().map(\.count).max()! + 2)
  func row(_ key: String, _ cells: [String]) -> String {
    key + cells.map { String(repeating: " ", count: width - $0.count) + $0 }.joined()
  }
  let matrix = motif.countColumns.map(ProbabilityMatrix.init(normalizing:)) ?? motif.probabilities
  let letters = motif.transfac?.consensus ?? matrix.consensus.map(String.init)
  let rows = zip(counts, letters).enumerated().map { index, position in
    row(
      index < 9 ? "0\(index + 1)" : "\(index + 1)",
      position.0 + (position.1.isEmpty ? [] : [position.1]))
  }
  let before = motif.transfac?.before ?? ["DE  \(names)"]
  let behind = motif.transfac?.behind ?? []
  let lines =
    ["AC  \(name)", "XX", "ID  \(motif.alternateName.map(word) ?? name)", "XX"] + before
    + [row("P0", ["A", "C", "G", "T"])] + rows + ["XX"] + behind + ["//"]
  return lines.map { $0 + "\n" }.joined()
}
