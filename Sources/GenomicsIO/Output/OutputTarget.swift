import Genomics
import Glibc

/// Where an output's bytes go: a temporary file that takes the output's place in the end, or, for
/// pipes and devices, the thing itself.
struct OutputTarget: ~Copyable {
  /// The output as the caller named it.
  let path: String
  private let opened: OpenedOutput
  private var isRenamed = false

  /// - Parameter path: `-` is the standard output.
  /// - Throws: `OutputError`: `.exists`, `.isFolder`, `.busy` or `.notCreated`.
  init(path: String, replacing: Bool) throws {
    opened = try OpenedOutput(path: path, replacing: replacing)
    self.path = path
  }

  deinit {
    if !isRenamed { opened.temporaryPath.map { _ = unlink($0) } }
    if descriptor != STDOUT_FILENO { close(descriptor) }
  }

  var descriptor: Int32 { opened.descriptor }

  /// `nil` where the bytes go straight to a pipe or a device.
  var temporaryPath: String? { opened.temporaryPath }

  /// Writes all of the bytes.
  func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = Glibc.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw OutputError(file: path, .notWritten(code: errno)) }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Puts what was written in the output's place, safe against a crash of the machine.
  ///
  /// Whatever else has the temporary file open must have been flushed.
  mutating func commit() throws {
    guard let temporaryPath else { return }
    guard fsync(descriptor) == 0, rename(temporaryPath, opened.destination) == 0 else {
      throw OutputError(file: path, .notWritten(code: errno))
    }
    isRenamed = true
    try synchronizeFolder()
  }

  /// Makes the file's new name last.
  private func synchronizeFolder() throws {
    let folder = open(splitPath(opened.destination).folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw OutputError(file: path, .notWritten(code: errno)) }
    defer { close(folder) }
    // Some network file systems can't do this for folders, and say so.
    guard fsync(folder) == 0 || errno == EINVAL else {
      throw OutputError(file: path, .notWritten(code: errno))
    }
  }
}
