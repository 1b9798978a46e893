public import Genomics
import Glibc

/// What can be wrong with a file before its contents mean anything.
public enum ByteProblem: InputProblem {
  case missing
  case directory
  case forbidden
  /// The system refused to open or read: `errno`.
  case unreadable(code: Int32)
  /// A pipe's contents can't be copied to a temporary file: `errno`.
  case notCopied(code: Int32)
  /// A compressed stream stops before its end.
  case truncated
  /// A compressed stream that can't be expanded, or whose checksum or length is wrong.
  case corrupt(reason: String)
  /// Something else follows a complete gzip stream.
  case trailingBytes
  /// Of a kind that isn't read, or not here.
  case foreign(kind: String, mend: String)
  /// Larger than a file of its kind can be.
  case tooLarge(limit: Int)
  case utf16

  public var kind: FailureKind {
    switch self {
    case .missing, .directory, .forbidden: .noInput
    case .unreadable, .notCopied: .inputOutput
    default: .badData
    }
  }

  public var description: String {
    switch self {
    case .missing: "no such file; check the path"
    case .directory: "is a directory; name a file in it"
    case .forbidden: "may not be read; change its permissions"
    case .unreadable(EBADF): "is closed; leave it open, or give a file"
    case .unreadable(EMFILE), .unreadable(ENFILE): "can't be opened: \(tooManyOpenFiles)"
    case .unreadable(let code):
      "can't be read (\(String(cString: strerror(code)))); check the disk and try again"
    case .notCopied(let code):
      "can't be copied to a temporary file (\(String(cString: strerror(code)))); set TMPDIR to a "
        + "folder with room, or give a file"
    case .truncated: "the compressed data stop early; fetch or make the file again"
    case .corrupt(let reason):
      "the compressed data are corrupt (\(reason)); fetch or make the file again"
    case .trailingBytes:
      "other bytes follow the gzip data; fetch or make the file again"
    case .foreign(let kind, let mend): "is \(kind); \(mend)"
    case .tooLarge(let limit):
      "is larger than the \(limit >> 20) MiB that such a file may have; give the right file"
    case .utf16: "is UTF-16 text; save it as UTF-8"
    }
  }
}

public typealias ByteError = InputError<ByteProblem>
