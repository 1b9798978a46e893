import Glibc

/// How much of a file has been read, as long as somebody reads it.
public struct ReadingProgress: Sendable {
  private let descriptor: Int32
  /// What keeps the file open; `nil` if another does.
  private let file: InputFile?

  init(_ file: InputFile, descriptor: Int32) {
    (self.file, self.descriptor) = (file, descriptor)
  }

  /// - Parameter descriptor: Of a file that is open while its progress is asked for.
  init(descriptor: Int32) { (file, self.descriptor) = (nil, descriptor) }

  /// The share of the file's bytes, compressed as they are, that were read; `nil` for a pipe.
  public var share: Double? {
    var status = stat()
    let position = lseek(descriptor, 0, SEEK_CUR)
    guard position >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size > 0
    else { return nil }
    return min(1, Double(position) / Double(status.st_size))
  }
}
