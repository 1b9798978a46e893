import Genomics
import Glibc
import Synchronization

/// Where an output's bytes go: a temporary file that takes the output's place in the end, or, for
/// pipes and devices, the thing itself.
struct OutputTarget: ~Copyable {
  /// The output as the caller named it.
  let path: String
  private let opened: OpenedOutput
  private var isFinished = false

  /// - Parameter path: `-` is the standard output.
  /// - Throws: `OutputError`: `.exists`, `.isFolder`, `.busy`, `.notCreated` and the like.
  init(path: String, replacing: Bool) throws {
    opened = try OpenedOutput(path: path, replacing: replacing)
    self.path = path
  }

  deinit {
    if !isFinished { opened.discard() }
  }

  var descriptor: Int32 { opened.descriptor }

  /// `nil` if the bytes go straight to a pipe or a device.
  var temporaryPath: String? { opened.temporaryPath }

  /// Writes all of the bytes.
  ///
  /// - Parameter offset: Where to write over what stands there; by default behind all the rest.
  /// - Throws: `OutputError` with `.notWritten`.
  func write(_ bytes: [UInt8], at offset: Int? = nil) throws {
    let code = writeAll(bytes, to: descriptor, at: offset)
    guard code == 0 else { throw OutputError(file: path, .notWritten(code: code)) }
  }

  /// Ends the writing. Whatever else has the temporary file open must have been flushed.
  ///
  /// - Parameter keepsLock: Whether the file stays locked until it is in its place.
  /// - Throws: `OutputError`, such as `.notWritten`.
  mutating func finish(keepsLock: Bool = true) throws -> FinishedOutput {
    try opened.synchronize(path: path)
    isFinished = true
    return FinishedOutput(path: path, opened, keepsLock: keepsLock)
  }
}

/// An output that is complete and on the disk, but not yet in its place. It is removed unless an
/// `OutputTransaction` puts it there.
public final class FinishedOutput {
  /// The output as the caller named it.
  public let path: String
  let opened: OpenedOutput
  private let keepsLock: Bool
  private var isPlaced = false

  fileprivate init(path: String, _ opened: OpenedOutput, keepsLock: Bool) {
    self.path = path
    self.opened = opened
    self.keepsLock = keepsLock
    if !keepsLock { opened.closeFile() }
  }

  deinit {
    if !isPlaced, let temporary = opened.temporaryPath {
      leftovers.withLock { $0.remove(temporary) }
    }
    if keepsLock { opened.closeFile() }
  }

  /// Whether it is a file, and no pipe or device.
  var isFile: Bool { opened.temporaryPath != nil }

  /// Where its bytes can be read before it is in its place.
  public var contentsPath: String { opened.temporaryPath ?? path }

  /// Renames the temporary file to the output's name.
  ///
  /// - Returns: 0, or the `errno`.
  func place(_ leftovers: inout Leftovers) -> Int32 {
    guard let temporary = opened.temporaryPath else { return 0 }
    guard rename(temporary, opened.destination) == 0 else { return errno }
    leftovers.forget(temporary)
    isPlaced = true
    return 0
  }
}
