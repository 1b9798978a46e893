import Glibc

/// The folder of real data and hard inputs that tests use where it is present: what
/// `SEQCNN_SHARED` names, else `shared` beside the package.
public enum SharedData {
  /// Whether the folder is there.
  public static let isPresent = access(folder + "/corpora", R_OK) == 0

  /// The path of a file or folder in it.
  public static func path(_ relative: String) -> String { folder + "/" + relative }

  /// The paths of all files below a folder in it, sorted.
  public static func files(below relative: String) -> [String] {
    guard isPresent else { return [] }
    return filesBelow(path(relative)).sorted()
  }

  private static let folder: String =
    if let path = getenv("SEQCNN_SHARED") {
      String(cString: path)
    } else {
      parent(of: packageRoot) + "/shared"
    }
}

/// The folder that holds `Package.swift`.
public let packageRoot = parent(of: parent(of: parent(of: #filePath)))

private func parent(of path: String) -> String {
  path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
}

private func filesBelow(_ folder: String) -> [String] {
  guard let stream = opendir(folder) else { return [folder] }
  defer { closedir(stream) }
  var files: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { files += filesBelow(folder + "/" + name) }
  }
  return files
}
