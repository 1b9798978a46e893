internal import Genomics
internal import Models

/// Where an output comes from: what the headers of VCF, BED and MEME files say of it.
///
/// Of paths only the names of files are told, unless two are alike, and nothing of what doesn't change the contents of the
/// output: threads, the names of outputs, what is said while it is made. So runs that make the same bytes have the same
/// header.
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
  /// The words of a command line that are told.
  private static func told(_ arguments: ArraySlice<String>) -> [String] {
    let isScan = arguments.first == "scan"
    var (silentOptions, silentFlags) = (silentOptions, silentFlags)
    if isScan { silentOptions.insert("--assembly") }
    // There it has no value: the file's name is known.
    if arguments.first == "explain", let flag = silentOptions.remove("--bigwig") {
      silentFlags.insert(flag)
    }
    var words: [String] = []
    var isValue = false
    // A merge of shards is given them, not the shards: so they stand behind the rest.
    var peaks: [String] = []
    var isPeaks = false
    for argument in arguments {
      let name = String(argument.prefix { $0 != "=" })
      if isValue {
        isValue = false
      } else if isPeaks {
        peaks = [peaksOption, word(argument)]
        isPeaks = false
      } else if silentOptions.contains(name) {
        isValue = name == argument
      } else if isScan, name == peaksOption {
        isPeaks = name == argument
        if !isPeaks { peaks = [name, word(String(argument.dropFirst(name.count + 1)))] }
      } else if !silentFlags.contains(argument) {
        words.append(word(argument, isOneOfMany: arguments.haveNamesakes(of: argument)))
      }
    }
    return words + peaks
  }

  private static let peaksOption = "--peaks"

  /// The same command with the peaks that a merge of shards is given.
  func with(peaks path: String?) -> OutputOrigin {
    guard let path else { return self }
    return OutputOrigin(
      version: version, command: "\(command) \(Self.peaksOption) \(Self.word(path))",
      modelDigests: modelDigests)
  }

  private init(version: String, command: String, modelDigests: [String]) {
    (self.version, self.command, self.modelDigests) = (version, command, modelDigests)
  }

  /// An argument with the name of a file alone for its path, quoted if a shell would take it for several words.
  ///
  /// - Parameter isOneOfMany: Whether files of other folders have the same name: then the folder's name is told too.
  private static func word(_ argument: String, isOneOfMany: Bool = false) -> String {
    let start = argument.lastIndex(of: "=").map { argument.index(after: $0) } ?? argument.startIndex
    let (key, value) = (argument[..<start], argument[start...])
    let name =
      value.contains("/")
      ? value.split(separator: "/").suffix(isOneOfMany ? 2 : 1).joined(separator: "/")
      : String(value)
    let text = "\(key)\(name)".escapedForTerminal
    let plain = text.utf8.allSatisfy { byte in
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-_=./,:+%@".utf8.contains(byte)
        || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
    return plain && !text.isEmpty ? text : "'\(text)'"
  }
}

extension ArraySlice<String> {
  /// Whether another argument is a file of the same name in another folder.
  fileprivate func haveNamesakes(of argument: String) -> Bool {
    guard argument.contains("/"), let name = argument.split(separator: "/").last else {
      return false
    }
    return contains {
      $0 != argument && $0.contains("/") && $0.split(separator: "/").last == name
    }
  }
}
