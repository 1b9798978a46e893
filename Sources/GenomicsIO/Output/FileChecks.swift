internal import FoundationEssentials

/// Whether a path leads to something that can be opened as a file.
public func isFile(_ path: String) -> Bool {
  var isFolder = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
}
