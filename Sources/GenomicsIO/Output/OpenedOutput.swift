import Genomics
import Glibc
import Synchronization

/// What an output's path led to.
struct OpenedOutput {
  let descriptor: Int32
  /// The absolute path of the locked file that is written in the output's stead; `nil` for a pipe or
  /// a device.
  let temporaryPath: String?
  /// The absolute path that the temporary file is renamed to.
  let destination: String
  /// The permissions of the file that is replaced; `nil` if there is none.
  private let mode: mode_t?

  init(path: String, replacing: Bool) throws {
    if path == "-" || path == "/dev/stdout" {
      self.init(descriptor: STDOUT_FILENO, temporaryPath: nil, destination: path, mode: nil)
      return
    }
    switch try FileType(at: path) {
    case .folder: throw OutputError(file: path, .isFolder)
    case .other: try self.init(device: path)
    case .regular, nil: try self.init(file: path, replacing: replacing)
    }
  }

  private init(descriptor: Int32, temporaryPath: String?, destination: String, mode: mode_t?) {
    self.descriptor = descriptor
    self.temporaryPath = temporaryPath
    self.destination = destination
    self.mode = mode
  }

  private init(device path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw OutputError(file: path, .notCreated(code: errno)) }
    self.init(descriptor: descriptor, temporaryPath: nil, destination: path, mode: nil)
  }

  private init(file path: String, replacing: Bool) throws {
    let destination = try resolvedOutput(path)
    let (folder, name) = splitPath(destination)
    let temporary = "\(folder == "/" ? "" : folder)/.\(name).seqcnn-tmp"
    let descriptor = try openLocked(temporary, for: path)
    do {
      // Looked at under the lock: a run that has just ended may have made the output.
      var old = stat()
      let exists = stat(destination, &old) == 0
      guard exists || errno == ENOENT else {
        throw OutputError(file: path, .notCreated(code: errno))
      }
      guard replacing || !exists else { throw OutputError(file: path, .exists) }
      let mode = exists ? old.st_mode & 0o7777 : nil
      if exists { try Self.takeOwner(of: old, descriptor, path: path) }
      self.init(
        descriptor: descriptor, temporaryPath: temporary, destination: destination, mode: mode)
      // Until it is complete its owner must be able to write it; nobody else gets more than in the end.
      if let mode { try setMode(mode & 0o777 | 0o600, path: path) }
    } catch {
      leftovers.withLock { $0.remove(temporary) }
      close(descriptor)
      throw error
    }
  }

  /// Gives the new file the owner and group of the old one, as far as this user may.
  private static func takeOwner(of old: stat, _ descriptor: Int32, path: String) throws {
    var new = stat()
    guard fstat(descriptor, &new) == 0 else {
      throw OutputError(file: path, .notCreated(code: errno))
    }
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid) {
      _ = fchown(descriptor, old.st_uid, old.st_gid)
    }
  }

  private func setMode(_ mode: mode_t, path: String) throws {
    var status = stat()
    guard fstat(descriptor, &status) == 0,
      status.st_mode & 0o7777 == mode || fchmod(descriptor, mode) == 0
    else { throw OutputError(file: path, .notCreated(code: errno)) }
  }

  /// Sees to it that all bytes are where they belong: on the disk, or with the system that a pipe, a
  /// device or a redirected standard output leads to.
  func synchronize(path: String) throws {
    if temporaryPath != nil {
      if let mode { try setMode(mode, path: path) }
      guard fsync(descriptor) == 0 else { throw OutputError(file: path, .notWritten(code: errno)) }
    } else {
      // Some network file systems tell of a failed write only when a descriptor is closed.
      let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
      guard copy >= 0, close(copy) == 0 || errno == EINTR else {
        throw OutputError(file: path, .notWritten(code: errno))
      }
    }
  }

  /// Removes the temporary file and closes it.
  func discard() {
    if let temporaryPath { leftovers.withLock { $0.remove(temporaryPath) } }
    closeFile()
  }

  func closeFile() {
    if descriptor != STDOUT_FILENO { close(descriptor) }
  }
}
