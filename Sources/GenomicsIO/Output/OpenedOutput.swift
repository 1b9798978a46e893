import Genomics
import Glibc

/// What an output's path led to.
struct OpenedOutput {
  let descriptor: Int32
  /// The locked file that is written in the output's stead; `nil` for a pipe or a device.
  let temporaryPath: String?
  /// What the temporary file is renamed to.
  let destination: String

  init(path: String, replacing: Bool) throws {
    if path == "-" || path == "/dev/stdout" {
      self.init(descriptor: STDOUT_FILENO, temporaryPath: nil, destination: path)
      return
    }
    switch FileType(at: path) {
    case .folder: throw OutputError(file: path, .isFolder)
    case .other: try self.init(device: path)
    case .regular, nil: try self.init(file: path, replacing: replacing)
    }
  }

  private init(descriptor: Int32, temporaryPath: String?, destination: String) {
    self.descriptor = descriptor
    self.temporaryPath = temporaryPath
    self.destination = destination
  }

  private init(device path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw OutputError(file: path, .notCreated(code: errno)) }
    self.init(descriptor: descriptor, temporaryPath: nil, destination: path)
  }

  private init(file path: String, replacing: Bool) throws {
    let destination = followingLinks(path)
    let (folder, name) = splitPath(destination)
    let temporary = "\(folder)/.\(name).seqcnn-tmp"
    let descriptor = try openLocked(temporary, for: path)
    // Looked at under the lock: a run that has just ended may have made the output.
    let exists = !replacing && FileType(at: destination) != nil
    guard !exists, ftruncate(descriptor, 0) == 0 else {
      let problem = exists ? OutputError.Problem.exists : .notCreated(code: errno)
      unlink(temporary)
      close(descriptor)
      throw OutputError(file: path, problem)
    }
    self.init(descriptor: descriptor, temporaryPath: temporary, destination: destination)
  }
}

/// The folder and the name of a path; `.` is the folder of a bare name.
package func splitPath(_ path: String) -> (folder: String, name: String) {
  guard let slash = path.lastIndex(of: "/") else { return (".", path) }
  let folder = slash == path.startIndex ? "/" : String(path[..<slash])
  return (folder, String(path[path.index(after: slash)...]))
}

/// The file that a symbolic link stands for, so that the link stays; any other path as it is.
private func followingLinks(_ path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// What stands at a path, symbolic links followed.
enum FileType {
  case regular, folder
  /// A pipe, a socket or a device.
  case other

  /// `nil` where nothing is there.
  init?(at path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .folder
    default: self = .other
    }
  }
}
