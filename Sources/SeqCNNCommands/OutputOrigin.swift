internal import Genomics
internal import Models

/// Where an output comes from: what the headers of VCF, BED and MEME files say of it.
///
/// Of paths only the names of files are told, and nothing of what doesn't change the contents of the output: threads,
/// the names of outputs, what is said while it is made. So runs that make the same bytes have the same header.
struct OutputOrigin: Codable, Equatable {
  let version: String
  /// The command line, as it could be typed.
  let command: String
  /// The SHA-256 digests of the model files, in hexadecimal.
  let modelDigests: [String]

  init(models: [Model] = []) {
    self.init(CommandLine.arguments, modelDigests: models.compactMap(\.fileDigest))
  }

  init(modelDigest: String) {
    self.init(CommandLine.arguments, modelDigests: [modelDigest])
  }

  /// - Parameter arguments: The program's, its own name first.
  init(_ arguments: [String], modelDigests: [String]) {
    version = programVersion
    command = (["seqcnn"] + Self.told(arguments.dropFirst())).joined(separator: " ")
    self.modelDigests = modelDigests
  }

  /// Lines that begin with `# `, for BED, MEME and tables.
  var comment: String {
    let models = modelDigests.map { "# model: SHA-256 \($0)\n" }
    return "# seqcnn \(version)\n# command: \(command)\n" + models.joined()
  }

  /// Meta lines of VCF, as bcftools writes them, without line feeds.
  var metaLines: [String] {
    ["##seqcnnVersion=\(version)", "##seqcnnCommand=\(command)"]
      + modelDigests.map { "##seqcnnModel=SHA-256 \($0)" }
  }

  private static let silentFlags: Set = [
    "--force", "--quiet", "-q", "--json", "--resume", "--contributions",
  ]
  private static let silentOptions: Set = [
    "--threads", "--output", "--report", "--bigwig", "--bedgraph", "--hub", "--shard",
  ]
  /// Those of `scan` that a merge of shards is given, not the shards.
  private static let silentOptionsOfScan: Set = ["--peaks", "--assembly"]

  /// The words of a command line that are told.
  private static func told(_ arguments: ArraySlice<String>) -> [String] {
    let silentOptions =
      arguments.first == "scan" ? silentOptions.union(silentOptionsOfScan) : silentOptions
    var words: [String] = []
    var isValue = false
    for argument in arguments {
      let name = String(argument.prefix { $0 != "=" })
      if isValue {
        isValue = false
      } else if silentOptions.contains(name) {
        isValue = name == argument
      } else if !silentFlags.contains(argument) {
        words.append(word(argument))
      }
    }
    return words
  }

  /// An argument with the name of a file alone for its path, quoted if a shell would take it for several words.
  private static func word(_ argument: String) -> String {
    let start = argument.lastIndex(of: "=").map { argument.index(after: $0) } ?? argument.startIndex
    let (key, value) = (argument[..<start], argument[start...])
    let name = value.contains("/") ? value.split(separator: "/").last ?? "" : value
    let text = "\(key)\(name)".escapedForTerminal
    let plain = text.utf8.allSatisfy { byte in
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-_=./,:+%@".utf8.contains(byte)
        || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
    return plain && !text.isEmpty ? text : "'\(text)'"
  }
}
