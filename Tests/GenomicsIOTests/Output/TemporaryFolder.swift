import Foundation

/// A folder of its own for one test; it goes when the value does.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array((NSTemporaryDirectory() + "seqcnn-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of all that is in the folder, hidden files too, in order.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  /// A file of the folder with the given contents.
  func file(_ name: String, holding text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }
}

/// The bytes of a file.
func contents(of path: String) throws -> [UInt8] {
  try Array(Data(contentsOf: URL(fileURLWithPath: path)))
}

/// The text of a file.
func text(of path: String) throws -> String {
  String(decoding: try contents(of: path), as: UTF8.self)
}

/// What a program prints, or `nil` where it isn't installed.
///
/// - Throws: `CocoaError` where the program fails.
func output(of program: String, _ arguments: String...) throws -> String? {
  guard
    let path = ["/usr/bin", "/usr/local/bin"].map({ "\($0)/\(program)" })
      .first(where: FileManager.default.isExecutableFile(atPath:))
  else { return nil }
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.standardOutput = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
  return String(decoding: data, as: UTF8.self)
}
