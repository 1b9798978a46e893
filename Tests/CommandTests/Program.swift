import Foundation
import TestSupport

/// A run of the built program that has ended.
struct Program {
  /// The exit code; 128 + n where signal n ended the run.
  let exitCode: Int32
  let output: String
  /// What it wrote to standard error.
  let words: String

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - input: What it reads from standard input.
  ///   - outputFile: Where its standard output goes instead of to `output`.
  init(_ arguments: [String], input: String = "", outputFile: String? = nil) throws {
    let folder = TemporaryFolder()
    let outputPath = outputFile ?? folder.write("", to: "output")
    let wordsPath = folder.write("", to: "words")
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.standardInput = FileHandle(forReadingAtPath: folder.write(input, to: "input"))
    process.standardOutput = FileHandle(forWritingAtPath: outputPath)
    process.standardError = FileHandle(forWritingAtPath: wordsPath)
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationStatus + (process.terminationReason == .exit ? 0 : 128)
    output = outputFile == nil ? try String(contentsOfFile: outputPath, encoding: .utf8) : ""
    words = try String(contentsOfFile: wordsPath, encoding: .utf8)
  }

  /// Runs the program until a file has appeared, sends it a signal, and waits for its end.
  init(_ arguments: [String], signal: Int32, whenExists file: String) throws {
    let folder = TemporaryFolder()
    let wordsPath = folder.write("", to: "words")
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(forWritingAtPath: wordsPath)
    try process.run()
    while process.isRunning, !FileManager.default.fileExists(atPath: file) { usleep(2000) }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    exitCode = process.terminationStatus + (process.terminationReason == .exit ? 0 : 128)
    output = ""
    words = try String(contentsOfFile: wordsPath, encoding: .utf8)
  }

  /// Runs a line of `sh`, in which `seqcnn` is the program.
  static func shell(_ line: String) throws -> (exitCode: Int32, words: String) {
    let folder = TemporaryFolder()
    let wordsPath = folder.write("", to: "words")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "seqcnn() { \(executable.path) \"$@\"; }\n" + line]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(forWritingAtPath: wordsPath)
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOfFile: wordsPath, encoding: .utf8))
  }

  /// Starts the program and lets it run.
  static func start(_ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// The program that was built with these tests: it stands beside their bundle.
  static let executable: URL = {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let folders = [
      bundle.deletingLastPathComponent().path, packageRoot + "/.build/release",
      packageRoot + "/.build/debug",
    ]
    let paths = folders.map { $0 + "/seqcnn" }
    guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
      preconditionFailure("no program at \(paths)")
    }
    return URL(fileURLWithPath: path)
  }()
}
