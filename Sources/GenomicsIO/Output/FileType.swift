import Glibc

/// What stands at a path, symbolic links followed.
enum FileType {
  case regular, folder
  /// A pipe, a socket or a device.
  case other

  /// `nil` if nothing is there.
  ///
  /// - Throws: `OutputError` with `.notCreated` for `path` if the system can't tell.
  init?(at path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw OutputError(file: path, .notCreated(code: errno))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .folder
    default: self = .other
    }
  }
}

/// Whether a path leads to something that can be opened as a file. What the system can't tell about
/// counts as a file: opening it then gives the reason.
public func isFile(_ path: String) -> Bool {
  var status = stat()
  if stat(path, &status) == 0 { return status.st_mode & S_IFMT != S_IFDIR }
  return ![ENOENT, ENOTDIR, ENAMETOOLONG].contains(errno)
}

/// The folder and the name of a path; `.` is the folder of a bare name.
package func splitPath(_ path: String) -> (folder: String, name: String) {
  guard let slash = path.lastIndex(of: "/") else { return (".", path) }
  let folder = slash == path.startIndex ? "/" : String(path[..<slash])
  return (folder, String(path[path.index(after: slash)...]))
}

/// The absolute path of the file that an output's path stands for, symbolic links followed.
///
/// htslib takes a name such as `s3:/bucket` for an address on the network, an absolute path never.
///
/// - Throws: `OutputError`: `.danglingLink` if a link leads nowhere, else `.notCreated`.
func resolvedOutput(_ path: String) throws -> String {
  if let resolved = absolute(path) { return resolved }
  let code = errno
  var status = stat()
  if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, code == ENOENT {
    throw OutputError(file: path, .danglingLink)
  }
  let (folder, name) = splitPath(path)
  guard code == ENOENT, !name.isEmpty, let resolved = absolute(folder) else {
    throw OutputError(file: path, .notCreated(code: code == ENOENT ? errno : code))
  }
  return resolved == "/" ? "/\(name)" : "\(resolved)/\(name)"
}

/// `nil`, and the reason in `errno`, for a path that doesn't exist.
private func absolute(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}
