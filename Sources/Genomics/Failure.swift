/// What went wrong, in the classes that a caller treats differently; the command line turns each
/// into an exit code.
public enum FailureKind: Equatable, Sendable {
  /// Contents that can't be used.
  case badData
  /// A file that isn't there or can't be read.
  case noInput
  /// An output that can't be made, or stands there already.
  case cannotCreate
  /// A read or write that the system refused: a full disk, a closed pipe.
  case inputOutput
  /// Another process holds what is needed; the same call may succeed later.
  case busy
}

/// An error that a user can act on: its description is one line that says what and how to mend it.
public protocol Failure: Error, CustomStringConvertible {
  var kind: FailureKind { get }
}

/// What can be wrong with an input of one kind, worded as `WHAT; HOW TO MEND`.
public protocol InputProblem: Equatable, Sendable, CustomStringConvertible {
  var kind: FailureKind { get }
}

extension InputProblem {
  public var kind: FailureKind { .badData }
}

/// Something in a file that can't be used. Reads as `FILE:LINE: WHAT; HOW TO MEND`.
public struct InputError<Problem: InputProblem>: Failure, Equatable {
  public let file: String
  /// The line, counted from 1; `nil` when the whole file is at fault.
  public let line: Int?
  public let problem: Problem

  public init(file: String, line: Int? = nil, _ problem: Problem) {
    self.file = file
    self.line = line
    self.problem = problem
  }

  public var kind: FailureKind { problem.kind }

  public var description: String {
    "\(file.escapedForTerminal)\(line.map { ":\($0)" } ?? ""): \(problem)"
  }
}

extension String {
  /// The text with control characters, and whatever else could steer a terminal, written as
  /// `\u{…}`: names from files reach people only in this form.
  public var escapedForTerminal: String {
    if utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return self }
    var result = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
        .unassigned:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The text in double quotes, escaped for a terminal and cut to 60 characters.
  public var quoted: String {
    let text = count > 60 ? String(prefix(57)) + "..." : self
    return "\"\(text.escapedForTerminal)\""
  }
}
