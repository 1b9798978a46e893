import Genomics
import Glibc
import Synchronization

/// A folder for the files of one run, held by that run alone.
///
/// The lock is the file `.seqcnn-lock`, which goes when the value does. A folder that was made here
/// and stayed empty goes too.
public struct OutputDirectory: ~Copyable {
  public let path: String
  private let lock: Int32
  private let isNew: Bool

  private static let lockName = ".seqcnn-lock"

  /// - Parameters:
  ///   - replacing: Whether the folder may hold files already, which the run may replace.
  ///   - resuming: Whether the run goes on from what the folder holds.
  /// - Throws: `OutputError`: `.notEmpty`, `.isNoFolder`, `.busy` if another process holds the folder,
  ///   or that it can't be made, read or locked. Nothing new is left then.
  public init(path: String, replacing: Bool, resuming: Bool = false) throws {
    guard path != "-" else { throw OutputError(file: path, .isNoFolder) }
    (lock, isNew) = try Self.opened(path, isAnyGood: replacing || resuming)
    self.path = path
  }

  private static func opened(_ path: String, isAnyGood: Bool) throws -> (lock: Int32, isNew: Bool) {
    let code = leftovers.withLock { leftovers in
      guard mkdir(path, 0o777) == 0 else { return errno }
      leftovers.add(folder: path)
      return 0
    }
    var lock: Int32?
    do {
      guard try code == 0 || FileType(at: path) == .folder else {
        throw OutputError(file: path, code == EEXIST ? .isNoFolder : .notCreated(code: code))
      }
      let descriptor = try openLocked("\(path)/\(lockName)", for: path)
      lock = descriptor
      guard try isAnyGood || isEmpty(path) else { throw OutputError(file: path, .notEmpty) }
      return (descriptor, code == 0)
    } catch {
      if let lock { unlock(path, lock) }
      removeIfNew(path, code == 0)
      throw error
    }
  }

  deinit {
    Self.unlock(path, lock)
    Self.removeIfNew(path, isNew)
  }

  private static func unlock(_ path: String, _ lock: Int32) {
    leftovers.withLock { $0.remove("\(path)/\(lockName)") }
    close(lock)
  }

  private static func removeIfNew(_ path: String, _ isNew: Bool) {
    guard isNew else { return }
    leftovers.withLock { leftovers in
      rmdir(path)
      leftovers.forget(folder: path)
    }
  }

  /// A file of the run, which replaces one that stands there.
  ///
  /// As the folder is locked, the file needs no lock from when it is finished on: there may be many.
  ///
  /// - Throws: What `OutputFile` throws.
  public func file(named name: String) throws -> OutputFile {
    try OutputFile(path: path(of: name), replacing: true, keepsLock: false)
  }

  /// Puts files of the run in their places, while the folder is held.
  ///
  /// - Throws: What `OutputTransaction.commit()` throws.
  public func commit(_ outputs: OutputTransaction) throws { try outputs.commit() }

  /// The path of a file in the folder.
  public func path(of name: String) -> String { "\(path)/\(name)" }

  /// Takes away, when outputs appear, what earlier runs numbered: files whose names are a stem, digits and dots if any, and
  /// an ending. Those of the run itself stay.
  ///
  /// - Throws: `OutputError` with `.notListed`.
  public func replaceNumbered(
    _ stem: String, ending: String, in outputs: inout OutputTransaction
  ) throws {
    try Self.forEachName(in: path) { name in
      let isNumbered =
        name.hasPrefix(stem) && name.hasSuffix(ending) && name.count >= stem.count + ending.count
        && name.dropFirst(stem.count).dropLast(ending.count).allSatisfy {
          $0 == "." || $0.isASCII && $0.isNumber
        }
      if isNumbered { outputs.remove(path(of: name)) }
      return true
    }
  }

  /// Takes a file away, if it is there.
  ///
  /// - Throws: `OutputError` with `.notWritten`.
  public func removeFile(named name: String) throws {
    guard unlink(path(of: name)) != 0, errno != ENOENT else { return }
    throw OutputError(file: path(of: name), .notWritten(code: errno))
  }

  /// Whether a folder holds nothing but what a killed run leaves behind.
  private static func isEmpty(_ path: String) throws -> Bool {
    var isEmpty = true
    try forEachName(in: path) { name in
      isEmpty =
        name == lockName
        || name.hasPrefix(".")
          && (name.hasSuffix(".seqcnn-tmp") || name.hasSuffix(".seqcnn-old"))
      return isEmpty
    }
    return isEmpty
  }

  /// Reads the names in a folder, other than those of itself and the one above, until one is enough.
  ///
  /// - Parameter body: Whether to go on.
  private static func forEachName(in path: String, _ body: (String) -> Bool) throws {
    guard let folder = opendir(path) else { throw OutputError(file: path, .notListed(code: errno)) }
    defer { closedir(folder) }
    while true {
      errno = 0
      guard let entry = readdir(folder) else {
        guard errno == 0 else { throw OutputError(file: path, .notListed(code: errno)) }
        return
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name == "." || name == ".." || body(name) else { return }
    }
  }
}
