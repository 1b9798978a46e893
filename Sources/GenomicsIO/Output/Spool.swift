import Genomics
import Glibc
import Synchronization

/// A temporary file without a name: bytes go in, and come out once in the same order. Nothing of it is left
/// when the process ends, however it does.
public struct Spool: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var position = 0
  private var isReading = false
  /// The number of bytes that were written, and how many of them have been read from the file.
  private var (size, offset) = (0, 0)

  private static let bufferSize = 1 << 18

  /// - Parameter path: The output whose folder it stands in; for `-` that of `TMPDIR`.
  /// - Throws: `OutputError` with `.notCreated`.
  public init(beside path: String) throws {
    descriptor = try unnamedFile(beside: path)
    self.path = path
  }

  deinit { close(descriptor) }

  /// - Precondition: Nothing has been read.
  /// - Throws: `OutputError` with `.notWritten`.
  public mutating func write(_ bytes: [UInt8]) throws {
    precondition(!isReading, "a spool is written first and then read")
    buffer += bytes
    size += bytes.count
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// The next bytes; `nil` at the end.
  ///
  /// - Precondition: At least `count` bytes are left, or none.
  /// - Throws: `OutputError` with `.notReadBack`, also if the file has become shorter.
  public mutating func read(_ count: Int) throws -> ArraySlice<UInt8>? {
    if !isReading { try rewind() }
    let left = buffer.count - position + size - offset
    guard left > 0 else { return nil }
    precondition(left >= count, "\(count) bytes of \(left)")
    if buffer.count - position < count { try refill(for: count) }
    defer { position += count }
    return buffer[position..<position + count]
  }

  /// Begins to read, or to read again, from the first byte on.
  ///
  /// - Throws: `OutputError` with `.notWritten`.
  public mutating func rewind() throws {
    if !isReading { try flush() }
    isReading = true
    buffer.removeAll(keepingCapacity: true)
    (position, offset) = (0, 0)
  }

  private mutating func flush() throws {
    let code = writeAll(buffer, to: descriptor)
    guard code == 0 else { throw OutputError(file: path, .notWritten(code: code)) }
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func refill(for count: Int) throws {
    let wanted = min(max(Self.bufferSize, count), size - offset)
    let (descriptor, offset) = (descriptor, offset)
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { bytes, filled in
      while filled < wanted {
        let number = pread(
          descriptor, bytes.baseAddress! + filled, wanted - filled, off_t(offset + filled))
        if number < 0, errno == EINTR { continue }
        guard number > 0 else {
          code = number < 0 ? errno : EIO
          return
        }
        filled += number
      }
    }
    guard code == 0 else {
      let reason = String(cString: strerror(code))
      throw OutputError(
        file: path, .notReadBack("a temporary file beside it can't be read (\(reason))"))
    }
    buffer = Array(buffer[position...] + bytes)
    position = 0
    self.offset += wanted
  }
}

/// Makes a file that has no name, so that nothing is left of it when its descriptor is closed.
///
/// - Parameter path: The output whose folder it stands in; for `-` or a device that of `TMPDIR`.
/// - Throws: `OutputError` with `.notCreated` for `path`.
func unnamedFile(beside path: String) throws -> Int32 {
  let isFile = try path != "-" && FileType(at: path) != .other
  let folder = isFile ? splitPath(path).folder : getenv("TMPDIR").map { String(cString: $0) }
  var template = Array("\(folder ?? "/tmp")/.seqcnn-spool-XXXXXX".utf8CString)
  // No signal comes between the two.
  return try leftovers.withLock { _ in
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw OutputError(file: path, .notCreated(code: errno)) }
    guard unlink(template) == 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
      let code = errno
      unlink(template)
      close(descriptor)
      throw OutputError(file: path, .notCreated(code: code))
    }
    return descriptor
  }
}
