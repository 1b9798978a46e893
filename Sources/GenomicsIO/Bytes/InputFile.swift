import Genomics
import Glibc

/// An open file, or standard input for the path `-`; closed when the last user lets go of it.
final class InputFile: Sendable {
  /// The path, or `standard input`: what messages call the file.
  let name: String
  private let descriptor: Int32
  /// Whether it can be read at any offset, and how long it is; `nil` for a pipe or a terminal.
  let size: Int?

  init(path: String) throws {
    name = path == "-" ? "standard input" : path
    descriptor =
      path == "-"
      ? STDIN_FILENO : open(KeptPipes.path(of: path) ?? path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      size = nil
      throw ByteError(file: name, Self.problem(errno))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      if descriptor > STDERR_FILENO { close(descriptor) }
      size = nil
      throw ByteError(file: name, Self.problem(code))
    }
    let type = status.st_mode & S_IFMT
    size = type == S_IFREG && path != "-" ? Int(status.st_size) : nil
    guard type != S_IFDIR else { throw ByteError(file: name, .directory) }
  }

  deinit {
    if descriptor > STDERR_FILENO { close(descriptor) }
  }

  /// How much of it `read(into:)` has read.
  var progress: ReadingProgress { ReadingProgress(self, descriptor: descriptor) }

  /// Reads the next bytes; fills the buffer unless the file ends.
  ///
  /// - Returns: The number of bytes read; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try fill(buffer) { start, count, _ in Glibc.read(descriptor, start, count) }
    if count < buffer.count { try requireEnd() }
    return count
  }

  /// Makes sure that a file that gives no more bytes has no more.
  private func requireEnd() throws {
    guard size != nil else { return }
    var status = stat()
    let position = lseek(descriptor, 0, SEEK_CUR)
    guard position >= 0, fstat(descriptor, &status) == 0 else {
      throw ByteError(file: name, Self.problem(errno))
    }
    guard position >= status.st_size else { throw ByteError(file: name, .unreadable(code: EIO)) }
  }

  /// Reads the bytes from `offset` on; fills the buffer unless the file ends.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
    try fill(buffer) { start, count, done in pread(descriptor, start, count, offset + done) }
  }

  /// The `count` bytes at `offset`.
  ///
  /// - Throws: `ByteProblem.truncated` where the file ends before.
  func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = try read(
        into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count), at: offset)
    }
    guard bytes.count == count else { throw ByteError(file: name, .truncated) }
    return bytes
  }

  private func fill(
    _ buffer: UnsafeMutableRawBufferPointer,
    reading: (UnsafeMutableRawPointer, Int, _ done: Int) -> Int
  ) throws -> Int {
    guard let start = buffer.baseAddress else { return 0 }
    var done = 0
    while done < buffer.count {
      let count = reading(start + done, buffer.count - done, done)
      if count == 0 { break }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw ByteError(file: name, Self.problem(errno))
      }
    }
    return done
  }

  private static func problem(_ code: Int32) -> ByteProblem {
    switch code {
    case ENOENT, ENOTDIR: .missing
    case EISDIR: .directory
    case EACCES, EPERM: .forbidden
    default: .unreadable(code: code)
    }
  }
}
