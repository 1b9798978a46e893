import Glibc

/// Opens `/dev/null` in place of standard input, output or error where the caller closed it, in the
/// direction in which nobody uses it.
///
/// Otherwise the first file that is opened would become standard output or error, and words would
/// land in it. Data for a closed stream still fails, as it must: with `EBADF`.
///
/// - Returns: Whether all three are open.
public func openStandardStreams() -> Bool {
  for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
    let flags = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY
    guard open("/dev/null", flags) == descriptor else { return false }
  }
  return true
}

/// Writes to standard error, whole, unless it is closed: then nobody can be told.
public func writeToStandardError(_ text: String) {
  _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
}

/// Whether standard error is a terminal.
public var standardErrorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

/// The width of the terminal that standard error goes to, in characters; 80 if it doesn't say.
public var standardErrorColumns: Int {
  var size = winsize()
  let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
  return isKnown ? Int(size.ws_col) : 80
}

/// Makes a closed pipe, and a limit on the size of files, an error of the write that meets it
/// instead of a signal that ends the process.
public func ignoreBrokenPipes() {
  signal(SIGPIPE, SIG_IGN)
  signal(SIGXFSZ, SIG_IGN)
}

/// Writes all of some bytes.
///
/// - Parameter offset: Where in the file; `nil` for its present position.
/// - Returns: 0, or the `errno` of the write that failed.
func writeAll(_ bytes: [UInt8], to descriptor: Int32, at offset: Int? = nil) -> Int32 {
  bytes.withUnsafeBytes { buffer in
    var done = 0
    while done < buffer.count {
      let (start, count) = (buffer.baseAddress! + done, buffer.count - done)
      let written =
        offset.map { pwrite(descriptor, start, count, off_t($0 + done)) }
        ?? write(descriptor, start, count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return written < 0 ? errno : EIO }
      done += written
    }
    return 0
  }
}
