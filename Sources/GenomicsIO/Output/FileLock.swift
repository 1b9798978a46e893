import Glibc

/// Opens the file at `path`, or makes it, and locks it for this process alone; the system drops the
/// lock when the descriptor is closed or the process ends.
///
/// A file that a killed process left behind is taken over, its contents untouched.
///
/// - Parameter output: The file that errors name.
/// - Returns: A descriptor, which the caller closes.
/// - Throws: `OutputError` with `.busy` where another process holds the file, or `.notCreated`.
func openLocked(_ path: String, for output: String) throws -> Int32 {
  while true {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
    guard descriptor >= 0 else { throw OutputError(file: output, .notCreated(code: errno)) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      throw OutputError(file: output, code == EWOULDBLOCK ? .busy : .notCreated(code: code))
    }
    // Its last holder may have renamed or removed the file between the two calls above.
    if isOpen(descriptor, at: path) { return descriptor }
    close(descriptor)
  }
}

/// Whether `path` still names the file that `descriptor` has open.
private func isOpen(_ descriptor: Int32, at path: String) -> Bool {
  var opened = stat()
  var named = stat()
  return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0
    && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
}
