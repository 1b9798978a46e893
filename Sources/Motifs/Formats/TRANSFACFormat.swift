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

/// TRANSFAC's format (Wingender et al. 1996), as JASPAR's downloads have it: accession, name, counts with a consensus
/// letter per position.
func transfacText(_ motif: Motif) -> String {
  let (name, counts) = (word(motif.name), motif.countTexts)
  let names = [name, motif.alternateName].compactMap { $0.map(word) }.joined(separator: " ")
  let width = max(7, counts.joined().map(\.count).max()! + 2)
  func row(_ key: String, _ cells: [String]) -> String {
    key + cells.map { String(repeating: " ", count: width - $0.count) + $0 }.joined() + "\n"
  }
  let rows = zip(counts, motif.probabilities.consensus).enumerated().map { index, position in
    row(index < 9 ? "0\(index + 1)" : "\(index + 1)", position.0 + [String(position.1)])
  }
  return """
    AC  \(name)
    XX
    ID  \(motif.alternateName.map(word) ?? name)
    XX
    DE  \(names)
    \(row("P0", ["A", "C", "G", "T"]))\(rows.joined())XX
    //

    """
}
