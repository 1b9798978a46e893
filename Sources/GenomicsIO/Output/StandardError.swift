#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Writes to standard error, whole, unless it is closed: then nobody can be told.
public func writeToStandardError(_ text: String) {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let written = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    guard written > 0 else { return }
    bytes = bytes.dropFirst(written)
  }
}

/// Whether standard error is a terminal.
public var standardErrorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
