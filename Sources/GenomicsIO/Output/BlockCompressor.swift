import CHTSlib
import Genomics
import Glibc

/// Writes BGZF to a descriptor. The same bytes in give the same bytes out.
struct BlockCompressor: ~Copyable {
  private let path: String
  /// `nil` once finished.
  private var handle: UnsafeMutablePointer<CHTSlib.BGZF>?

  /// - Parameters:
  ///   - path: The file that errors name.
  ///   - descriptor: Stays the caller's.
  init(path: String, descriptor: Int32) throws {
    HTSlib.silenced
    let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard duplicate >= 0, let handle = bgzf_dopen(duplicate, "w") else {
      let code = errno
      if duplicate >= 0 { close(duplicate) }
      throw OutputError(file: path, .notCreated(code: code))
    }
    self.handle = handle
    self.path = path
  }

  deinit {
    if let handle { bgzf_close(handle) }
  }

  mutating func write(_ bytes: [UInt8]) throws {
    guard let handle, bgzf_write(handle, bytes, bytes.count) == bytes.count else {
      throw failure
    }
  }

  /// Writes what is left, and the empty block that marks the end.
  mutating func finish() throws {
    guard let handle else { return }
    self.handle = nil
    guard bgzf_close(handle) == 0 else { throw failure }
  }

  /// The reason of a call that failed, which htslib leaves in `errno`.
  private var failure: OutputError {
    OutputError(file: path, .notWritten(code: errno == 0 ? EIO : errno))
  }
}
