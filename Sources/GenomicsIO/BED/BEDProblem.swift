public import Genomics

/// What can be wrong with a line of a BED, narrowPeak or broadPeak file.
public enum BEDProblem: InputProblem, Error {
  case tooFewColumns(count: Int, needed: Int)
  /// Another number of columns than the lines before have.
  case mixedColumns(count: Int, expected: Int)
  case badSequenceName(String)
  case badPosition(column: String, text: String)
  case endBeforeStart(start: Int, end: Int)
  /// A table of another program, whose first position is 1.
  case countsFromOne(program: String, mend: String)
  case badSummit(text: String, length: Int)

  public var description: String {
    switch self {
    case .tooFewColumns(let count, let needed):
      "has \(count) column(s), needs \(needed); separate columns by tabs"
    case .mixedColumns(let count, let expected):
      "has \(count) column(s), the lines before have \(expected); "
        + "give each line the same columns, separated by tabs"
    case .badSequenceName(let text):
      "\(text.quoted) is no name of a sequence; write one such as \"chr1\", without quotes"
    case .badPosition(let column, let text):
      "the \(column) \(text.quoted) is not a position; write a whole number from 0 to 4294967295"
    case .endBeforeStart(let start, let end):
      "ends at \(end), before its start \(start); swap them"
    case .countsFromOne(let program, let mend):
      "is a table of \(program), whose positions count from 1, not BED; give \(mend)"
    case .badSummit(let text, let length):
      "the summit \(text.quoted) is not an offset in the peak's \(length) bases; "
        + "write 0 to \(length), or -1 for none"
    }
  }
}

public typealias BEDError = InputError<BEDProblem>
