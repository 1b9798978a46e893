import Genomics
import Glibc
import Synchronization

/// Pipes that were read to their end and kept in a file without a name, so that they can be read again.
///
/// A run takes the digest of its inputs before it reads them, and a pipe gives its bytes but once.
enum KeptPipes {
  /// Descriptors by path; they stay open until the process ends.
  private static let descriptors = Mutex<[String: Int32]>([:])

  /// A path that opens the kept bytes from their first on; `nil` if the pipe wasn't kept.
  static func path(of path: String) -> String? {
    descriptors.withLock { $0[path] }.map { "/proc/self/fd/\($0)" }
  }

  /// Copies a pipe to a file without a name, in `TMPDIR`.
  ///
  /// - Throws: `ByteError`.
  static func keep(_ path: String) throws {
    let source = try InputFile(path: path)
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/.seqcnn-pipe-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw ByteError(file: path, .notKept(folder: folder, code: errno))
    }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while case let count = try buffer.withUnsafeMutableBytes({ try source.read(into: $0) }),
      count > 0
    {
      var rest = buffer[..<count]
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if written < 0, errno == EINTR { continue }
        guard written >= 0 else {
          throw ByteError(file: path, .notKept(folder: folder, code: errno))
        }
        rest = rest.dropFirst(written)
      }
    }
    descriptors.withLock { $0[path] = descriptor }
  }
}
