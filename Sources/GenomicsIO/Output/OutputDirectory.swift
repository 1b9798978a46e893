import Genomics
import Glibc

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
  /// - Throws: `OutputError`: `.notEmpty`, `.isNoFolder`, `.busy` where another process holds the folder, or
  ///   `.notCreated`.
  public init(path: String, replacing: Bool, resuming: Bool = false) throws {
    guard path != "-" else { throw OutputError(file: path, .isNoFolder) }
    let isMade = mkdir(path, 0o777) == 0
    let code = errno
    guard isMade || FileType(at: path) == .folder else {
      throw OutputError(file: path, code == EEXIST ? .isNoFolder : .notCreated(code: code))
    }
    let lock = try openLocked("\(path)/\(Self.lockName)", for: path)
    do {
      guard try replacing || resuming || Self.isEmpty(path) else {
        throw OutputError(file: path, .notEmpty)
      }
    } catch {
      unlink("\(path)/\(Self.lockName)")
      close(lock)
      if isMade { rmdir(path) }
      throw error
    }
    self.lock = lock
    self.path = path
    isNew = isMade
  }

  deinit {
    unlink(self.path(of: Self.lockName))
    close(lock)
    if isNew { rmdir(path) }
  }

  /// The path of a file in the folder.
  public func path(of name: String) -> String { "\(path)/\(name)" }

  /// Takes a file away, if it is there.
  ///
  /// - Throws: `OutputError` with `.notWritten`.
  public func removeFile(named name: String) throws {
    guard unlink(path(of: name)) != 0, errno != ENOENT else { return }
    throw OutputError(file: path(of: name), .notWritten(code: errno))
  }

  /// Whether a folder holds nothing but what a killed run leaves behind.
  private static func isEmpty(_ path: String) throws -> Bool {
    guard let folder = opendir(path) else {
      throw OutputError(file: path, .notCreated(code: errno))
    }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      let isOurs = name == lockName || name.hasPrefix(".") && name.hasSuffix(".seqcnn-tmp")
      guard name == "." || name == ".." || isOurs else { return false }
    }
    return true
  }
}
