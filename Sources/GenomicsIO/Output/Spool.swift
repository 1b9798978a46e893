import Genomics
import Glibc

/// A temporary file without a name: bytes go in, and come out once in the same order. Nothing of it is left
/// when the process ends, however it does.
public struct Spool: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var position = 0
  private var isReading = false

  private static let bufferSize = 1 << 18

  /// - Parameter path: The output whose folder it stands in; for `-` that of `TMPDIR`.
  /// - Throws: `OutputError` with `.notCreated`.
  public init(beside path: String) throws {
    let isFile = path != "-" && FileType(at: path) != .other
    let folder = isFile ? splitPath(path).folder : getenv("TMPDIR").map { String(cString: $0) }
    var template = Array("\(folder ?? "/tmp")/.seqcnn-spool-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw OutputError(file: path, .notCreated(code: errno)) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    self.path = path
  }

  deinit { close(descriptor) }

  /// - Precondition: Nothing has been read.
  /// - Throws: `OutputError` with `.notWritten`.
  public mutating func write(_ bytes: [UInt8]) throws {
    precondition(!isReading, "a spool is written first and then read")
    buffer += bytes
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// The next bytes; `nil` at the end.
  ///
  /// - Precondition: `count` divides what was written.
  /// - Throws: `OutputError` with `.notReadBack`.
  public mutating func read(_ count: Int) throws -> ArraySlice<UInt8>? {
    if !isReading { try rewind() }
    if buffer.count - position < count { try refill(for: count) }
    guard buffer.count - position >= count else { return nil }
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
    position = 0
    lseek(descriptor, 0, SEEK_SET)
  }

  private mutating func flush() throws {
    var rest = buffer[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written >= 0 else { throw OutputError(file: path, .notWritten(code: errno)) }
      rest = rest.dropFirst(written)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func refill(for count: Int) throws {
    var bytes = [UInt8](repeating: 0, count: max(Self.bufferSize, count))
    var filled = 0
    while filled < count {
      let number = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress! + filled, $0.count - filled)
      }
      if number < 0, errno == EINTR { continue }
      guard number >= 0 else {
        throw OutputError(file: path, .notReadBack("a temporary file beside it can't be read"))
      }
      if number == 0 { break }
      filled += number
    }
    buffer = Array(buffer[position...] + bytes[..<filled])
    position = 0
  }
}
