import FoundationEssentials
import Glibc

/// A folder for one test; it goes when the value goes.
public struct TemporaryFolder: ~Copyable {
  public let path: String

  public init() {
    var template = Array("/tmp/seqcnn-test-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no folder in /tmp: \(errno)")
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file.
  ///
  /// - Returns: Its path.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, to name: String) -> String {
    let file = path + "/" + name
    let bytes = Array(bytes)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    precondition(descriptor >= 0, "can't make \(file): \(errno)")
    precondition(Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "can't write \(file)")
    close(descriptor)
    return file
  }

  @discardableResult
  public func write(_ text: String, to name: String) -> String { write(text.utf8, to: name) }
}
