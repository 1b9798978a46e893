public import Genomics

/// What can be wrong with a table of labelled sequences.
public enum TableProblem: InputProblem, Error {
  case empty
  case noRows
  case noSequenceColumn(found: [String])
  case noTask(found: [String])
  case noColumn(String, found: [String])
  case duplicateColumn(String)
  case ragged(count: Int, expected: Int)
  case badSequence(String, alphabet: Alphabet)
  case badNumber(column: String, text: String)
  case badLabel(task: String, text: String)
  case badInterval(start: String, end: String)
  case severalClassColumns([String])
  case tooManyClasses(column: String, count: Int)

  public var description: String {
    switch self {
    case .empty: "holds no header line; write the names of the columns first"
    case .noRows: "holds a header line but no row; check that the file is complete"
    case .noSequenceColumn(let found):
      "no column \"seq\" or \"sequence\" among \(Self.list(found)); "
        + "name one in the header line, and separate columns by tabs"
    case .noTask(let found):
      "no column of labels among \(Self.list(found)); add a column for each task, "
        + "or choose columns with --labels"
    case .noColumn(let name, let found):
      "no column is named \(name.quoted); the columns are \(Self.list(found))"
    case .duplicateColumn(let name):
      "two columns are named \(name.quoted); give each column its own name"
    case .ragged(let count, let expected):
      "has \(count) column(s), the header \(expected); separate columns by tabs"
    case .badSequence(let text, let alphabet):
      "\(text.quoted) is no sequence; give \(alphabet == .protein ? "proteins" : "DNA or RNA") in IUPAC letters"
    case .badNumber(let column, let text):
      "\(text.quoted) in \(column.quoted) is not a finite number; write a number, or nothing where it isn't known"
    case .badLabel(let task, let text):
      "the label \(text.quoted) of \(task.quoted) is not a finite number; "
        + "write a number (1 for bound, 0 for not), nothing where it was not measured, or choose "
        + "other columns with --labels"
    case .severalClassColumns(let names):
      "classes may stand in \(Self.list(names)); choose one column with --labels"
    case .tooManyClasses(let column, let count):
      "\(column.quoted) holds \(count) different words, too many for classes; choose another column with --labels"
    case .badInterval(let start, let end):
      "\(start.quoted) to \(end.quoted) is no interval; write whole numbers, 0 ≤ start ≤ end"
    }
  }

  private static func list(_ names: [String]) -> String {
    let others = names.count > 12 ? " and \(names.count - 12) more" : ""
    return names.prefix(12).map(\.quoted).joined(separator: ", ") + others
  }
}

public typealias TableError = InputError<TableProblem>
