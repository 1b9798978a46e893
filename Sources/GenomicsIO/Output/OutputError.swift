public import Genomics
import Glibc

/// What keeps an output from being made. Reads as `FILE: WHAT; HOW TO MEND`.
public struct OutputError: Failure, Equatable {
  public enum Problem: Equatable, Sendable {
    /// The output stands there already.
    case exists
    /// A folder that should be empty isn't.
    case notEmpty
    /// A folder stands in the file's place.
    case isFolder
    /// The system doesn't tell what a folder holds, for the reason of an `errno` code.
    case notListed(code: Int32)
    /// Something else stands in a folder's place.
    case isNoFolder
    /// Another process is making the same output.
    case busy
    /// A temporary file or lock is there, and the file system can't tell whether it is in use.
    case maybeBusy(String)
    /// What stands in a temporary file's place is another user's, or no plain file.
    case notOurs(String)
    /// A symbolic link that leads nowhere.
    case danglingLink
    /// The system refuses to make it, for the reason of an `errno` code.
    case notCreated(code: Int32)
    /// The output can't be a pipe or a device.
    case notSeekable
    /// The format has no room for a sequence of that length.
    case sequenceTooLong(String)
    /// The system refused a write, for the reason of an `errno` code.
    case notWritten(code: Int32)
    /// What was written doesn't read back as it should.
    case notReadBack(String)
  }

  public let file: String
  public let problem: Problem

  public init(file: String, _ problem: Problem) {
    self.file = file
    self.problem = problem
  }

  /// Whether it is the reader of standard output that wants no more.
  public var isClosedStandardOutput: Bool {
    (file == "-" || file == "/dev/stdout") && problem == .notWritten(code: EPIPE)
  }

  public var kind: FailureKind {
    switch problem {
    case .exists, .notEmpty, .isFolder, .isNoFolder, .notOurs, .danglingLink, .notCreated,
      .notSeekable, .sequenceTooLong:
      .cannotCreate
    case .busy, .maybeBusy: .busy
    case .notListed, .notWritten, .notReadBack: .inputOutput
    }
  }

  public var description: String {
    "\(file == "-" ? "standard output" : file.escapedForTerminal): \(explanation)"
  }

  private var explanation: String {
    switch problem {
    case .exists: "exists; use --force to replace it"
    case .notEmpty: "the folder isn't empty; use --force to replace what is in it, or name another"
    case .notListed(let code):
      "the folder can't be read: \(systemMessage(code)); check the disk, or name another"
    case .isFolder: "is a folder; name a file"
    case .isNoFolder: "is no folder; name another, which is made if need be"
    case .busy: "another run is writing it; wait for that run, or name another output"
    case .maybeBusy(let path):
      "\(path.escapedForTerminal) may be in use by another run: this file system has no locks; "
        + "remove it if no other run is going on"
    case .notOurs(let path):
      "\(path.escapedForTerminal), where a temporary file has to be, is another user's or no plain "
        + "file; remove it, or name another output"
    case .danglingLink:
      "is a link to a file that doesn't exist; remove the link, or name the file itself"
    case .notCreated(ENOENT) where file.contains("://"):
      "is an address, and outputs are files; name a file, and send it there afterwards"
    case .notCreated(ENOENT): "can't be created: its folder doesn't exist; make the folder first"
    case .notCreated(EMFILE), .notCreated(ENFILE): "can't be created: \(tooManyOpenFiles)"
    case .notCreated(let code):
      "can't be created: \(systemMessage(code)); name a place that can be written to"
    case .notSeekable: "is no regular file, which this format needs; name a file"
    case .sequenceTooLong(let name):
      "bigWig can't hold \(name.quoted), which is longer than 4,294,967,295; write a bedGraph"
    case .notWritten(EBADF) where file == "-":
      "is closed; leave it open, or name a file"
    case .notWritten(ENOSPC): "can't be written: the disk is full; free some space"
    case .notWritten(EPIPE): "can't be written: the reader closed the pipe; nothing more is sent"
    case .notWritten(EMFILE), .notWritten(ENFILE): "can't be written: \(tooManyOpenFiles)"
    case .notWritten(let code): "can't be written: \(systemMessage(code)); check the disk"
    case .notReadBack(let what): "was not written as it should be: \(what); check the disk"
    }
  }
}

/// What `EMFILE` and `ENFILE` come to.
let tooManyOpenFiles = "too many open files; raise the limit, `ulimit -n`, and try again"

/// The system's words for an `errno` code.
private func systemMessage(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  return String(decoding: text, as: UTF8.self)
}
