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
    guard let descriptor = try? unnamedFile(beside: "-") else {
      throw ByteError(file: path, .notCopied(code: errno))
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    do {
      while case let count = try buffer.withUnsafeMutableBytes({ try source.read(into: $0) }),
        count > 0
      {
        let code = writeAll(Array(buffer[..<count]), to: descriptor)
        guard code == 0 else { throw ByteError(file: path, .notCopied(code: code)) }
      }
    } catch {
      close(descriptor)
      throw error
    }
    descriptors.withLock { $0[path] = descriptor }
  }
}
