import Foundation
import TestSupport

/// The bytes of a file.
func bytes(ofFile path: String) throws -> [UInt8] {
  try Array(Data(contentsOf: URL(fileURLWithPath: path)))
}

/// The text of a file.
func text(ofFile path: String) throws -> String {
  String(decoding: try bytes(ofFile: path), as: UTF8.self)
}

/// What a program prints, or `nil` where it isn't installed.
///
/// - Throws: `CocoaError` where the program fails.
func output(of program: String, _ arguments: String...) throws -> String? {
  let paths = ["/usr/bin/\(program)", "/usr/local/bin/\(program)"]
  guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) })
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

extension TemporaryFolder {
  /// The path of a file in the folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file.
  ///
  /// - Returns: Its path.
  @discardableResult
  func file(_ name: String, holding text: String) -> String { write(text, to: name) }

  /// The names of all that is in the folder, hidden files too, in order.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}
