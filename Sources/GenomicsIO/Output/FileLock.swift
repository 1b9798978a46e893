import Glibc
import Synchronization

/// Makes the file at `path` and locks it for this process alone; the system drops the lock when the
/// descriptor is closed or the process ends. The file is one of the `leftovers` from then on.
///
/// A file that a killed run of the same user left behind is replaced by a new one. On a file system
/// without locks (some network mounts) a file that is new needs none, since only one process can make
/// it; whether an old one is in use can't be told there, so it is refused.
///
/// - Parameter output: The file that errors name.
/// - Returns: A descriptor, which the caller closes.
/// - Throws: `OutputError`: `.busy` if another process holds the file, `.notOurs` if it is another
///   user's or no plain file, `.maybeBusy`, or `.notCreated`. Nothing new is left then.
func openLocked(_ path: String, for output: String) throws -> Int32 {
  try leftovers.withLock { leftovers in
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        guard try holds(descriptor, madeAt: path, for: output) else { continue }
        leftovers.add(path)
        return descriptor
      }
      guard errno == EEXIST else { throw OutputError(file: output, .notCreated(code: errno)) }
      try removeUnused(path, for: output)
    }
  }
}

/// Locks a file that was just made; closes it, and removes it if need be, if that fails.
///
/// - Returns: `false` if another process removed the file before it was locked.
private func holds(_ descriptor: Int32, madeAt path: String, for output: String) throws -> Bool {
  var isLocked = false
  defer { if !isLocked { close(descriptor) } }
  switch lock(descriptor) {
  case 0:
    do {
      isLocked = try isOpen(descriptor, at: path, for: output)
      return isLocked
    } catch {
      unlink(path)
      throw error
    }
  case ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL:
    isLocked = true
    return true
  case EWOULDBLOCK:
    throw OutputError(file: output, .busy)
  case let code:
    unlink(path)
    throw OutputError(file: output, .notCreated(code: code))
  }
}

/// Removes the file that a killed run left at `path`.
private func removeUnused(_ path: String, for output: String) throws {
  let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
  guard descriptor >= 0 else {
    switch errno {
    case ENOENT: return
    case ELOOP, EISDIR, ENXIO: throw OutputError(file: output, .notOurs(path))
    default: throw OutputError(file: output, .notCreated(code: errno))
    }
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    throw OutputError(file: output, .notCreated(code: errno))
  }
  guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(), status.st_nlink <= 1 else {
    throw OutputError(file: output, .notOurs(path))
  }
  switch lock(descriptor) {
  case 0: break
  case EWOULDBLOCK: throw OutputError(file: output, .busy)
  case ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL: throw OutputError(file: output, .maybeBusy(path))
  case let code: throw OutputError(file: output, .notCreated(code: code))
  }
  // Its last holder may have renamed or removed the file since it was opened.
  guard try isOpen(descriptor, at: path, for: output) else { return }
  guard unlink(path) == 0 || errno == ENOENT else {
    throw OutputError(file: output, .notCreated(code: errno))
  }
}

/// - Returns: 0, or the `errno`.
private func lock(_ descriptor: Int32) -> Int32 {
  while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
    if errno != EINTR { return errno }
  }
  return 0
}

/// Whether `path` still names the file that `descriptor` has open.
private func isOpen(_ descriptor: Int32, at path: String, for output: String) throws -> Bool {
  var opened = stat()
  var named = stat()
  guard fstat(descriptor, &opened) == 0, lstat(path, &named) == 0 else {
    let code = errno
    if code == ENOENT { return false }
    throw OutputError(file: output, .notCreated(code: code))
  }
  return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
}
