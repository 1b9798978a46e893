public import Genomics
import Glibc

/// A limit that leaves too few files to be opened.
public struct OpenFileError: Failure, Equatable {
  public var kind: FailureKind { .inputOutput }
  public var description: String { tooManyOpenFiles }

  /// Standard libraries need some too, and end the process where they get none.
  private static let needed = 16

  /// Refuses to begin where so few files can be opened that no command would come to its end.
  ///
  /// - Throws: `OpenFileError`.
  public static func check() throws {
    var opened: [Int32] = []
    defer { for descriptor in opened { close(descriptor) } }
    while opened.count < needed {
      let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        guard errno == EMFILE || errno == ENFILE else { return }
        throw OpenFileError()
      }
      opened.append(descriptor)
    }
  }
}
