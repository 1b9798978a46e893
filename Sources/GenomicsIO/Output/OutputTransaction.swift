import Genomics
import Glibc
import Synchronization

/// Outputs of one run that appear together, or none of them.
///
///     var transaction = OutputTransaction()
///     transaction.add(try sites.finish())
///     transaction.add(try track.finish())
///     try transaction.commit()
///
/// All are complete and on the disk before the first gets its name. If one can't get it, those before
/// lose it again, and what they replaced comes back. A crash of the machine in between can leave some
/// with their names and others without, never one that is incomplete.
public struct OutputTransaction {
  private var outputs: [FinishedOutput] = []
  private var outdated: [String] = []

  public init() {}

  /// Adds an output; they get their names in the order in which they were added.
  public mutating func add(_ output: FinishedOutput) { outputs.append(output) }

  /// Adds a file that must be gone before the first output gets its name, if it exists: the index of a
  /// file that is replaced must never stand beside the new one.
  public mutating func remove(_ path: String) { outdated.append(path) }

  /// Puts all outputs in their places, safe against a crash of the machine.
  ///
  /// - Throws: `OutputError` with `.notWritten`; everything is then as it was before.
  public func commit() throws {
    // An output that goes takes the lock too, so none may go before the lock is given back.
    try withExtendedLifetime(outputs) {
      try leftovers.withLock { leftovers in
        var steps = CommitSteps()
        do {
          for path in outdated { try steps.setAside(path) }
          for output in outputs where output.isFile { try steps.place(output, &leftovers) }
          try steps.synchronizeFolders()
        } catch {
          steps.undo()
          throw error
        }
        steps.removeOld()
      }
    }
  }
}

extension FinishedOutput {
  /// Puts this output alone in its place.
  ///
  /// - Throws: What `OutputTransaction.commit()` throws.
  public func commit() throws {
    var transaction = OutputTransaction()
    transaction.add(self)
    try transaction.commit()
  }
}

/// The steps of a commit, and how to go back.
private struct CommitSteps {
  private enum Step: Equatable {
    /// A file of before has another name for a while, and its own is free.
    case movedAside(String)
    /// A file of before has another name as well: its own is, or is going to be, that of a new file.
    case linkedAside(String)
    /// A new file has got its name, which was free.
    case placed(String)
  }

  private var steps: [Step] = []
  /// The folders whose entries changed, each with the output to name in an error.
  private var folders: [String: String] = [:]

  /// Where a file of before waits for the end of the commit.
  private static func aside(_ path: String) -> String {
    let (folder, name) = splitPath(path)
    return "\(folder)/.\(name).seqcnn-old"
  }

  mutating func setAside(_ output: String) throws {
    let path = try resolvedOutput(output)
    if rename(path, Self.aside(path)) == 0 {
      steps.append(.movedAside(path))
      folders[splitPath(path).folder] = output
    } else if errno != ENOENT {
      throw OutputError(file: output, .notWritten(code: errno))
    }
  }

  mutating func place(_ output: FinishedOutput, _ leftovers: inout Leftovers) throws {
    let destination = output.opened.destination
    let isNew =
      try steps.contains(.movedAside(destination)) || !linkAside(destination, output.path)
    let code = output.place(&leftovers)
    guard code == 0 else { throw OutputError(file: output.path, .notWritten(code: code)) }
    if isNew { steps.append(.placed(destination)) }
    folders[splitPath(destination).folder] = output.path
  }

  /// Gives a file that is about to be replaced a second name.
  ///
  /// - Returns: Whether there is a file.
  private mutating func linkAside(_ path: String, _ output: String) throws -> Bool {
    let aside = Self.aside(path)
    if unlink(aside) != 0, errno != ENOENT {
      throw OutputError(file: output, .notWritten(code: errno))
    }
    if link(path, aside) == 0 {
      steps.append(.linkedAside(path))
      return true
    }
    switch errno {
    case ENOENT: return false
    // File systems without hard links, and files that this user may not link: no way back, then.
    case EPERM, EOPNOTSUPP, ENOSYS, EMLINK: return true
    default: throw OutputError(file: output, .notWritten(code: errno))
    }
  }

  /// Makes the new names last.
  func synchronizeFolders() throws {
    for (folder, output) in folders.sorted(by: { $0.key < $1.key }) {
      let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { throw OutputError(file: output, .notWritten(code: errno)) }
      defer { close(descriptor) }
      // Some network file systems can't do this for folders, and say so.
      guard fsync(descriptor) == 0 || errno == EINVAL else {
        throw OutputError(file: output, .notWritten(code: errno))
      }
    }
  }

  func undo() {
    for step in steps.reversed() {
      switch step {
      case .movedAside(let path), .linkedAside(let path):
        rename(Self.aside(path), path)
        // Of two names of one file rename takes none away.
        unlink(Self.aside(path))
      case .placed(let path): unlink(path)
      }
    }
  }

  func removeOld() {
    for step in steps {
      switch step {
      case .movedAside(let path), .linkedAside(let path): unlink(Self.aside(path))
      case .placed: break
      }
    }
  }
}
