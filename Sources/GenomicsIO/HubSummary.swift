import Genomics

/// What a track hub of UCSC's browser (`hub.txt`) or a session of IGV (`igv.xml`) names.
public struct HubSummary: Codable, Equatable, Sendable {
  /// The genomes.
  public private(set) var genomes: [String] = []
  /// The files of the tracks, as they are named.
  public private(set) var tracks: [String] = []
  /// The files named that aren't there; addresses of the web aren't looked for.
  public private(set) var missing: [String] = []

  /// Whether a file begins as a session of IGV.
  static func isSession(_ start: some Collection<UInt8>) -> Bool {
    let text = String(decoding: start.prefix(FileKind.prefixLength), as: UTF8.self)
    return text.hasPrefix("<?xml") && text.contains("<Session ")
  }

  /// Whether a file begins as a hub.
  static func isHub(_ start: some Collection<UInt8>) -> Bool { start.starts(with: "hub ".utf8) }

  private static let largest = 1 << 24

  /// Reads a hub with the files that it names.
  ///
  /// - Throws: `ByteError`.
  public init(hub path: String) throws {
    let folder = splitPath(path).folder
    let settings = try Self.settings(path)
    // A hub may be one file.
    var databases = settings.contains { $0.name == "track" } ? [settings] : []
    for list in settings where list.name == "genomesFile" {
      guard let path = named(list.value, in: folder) else { continue }
      for setting in try Self.settings(path) {
        if setting.name == "genome" { genomes.append(setting.value) }
        guard setting.name == "trackDb", let database = named(setting.value, in: folder) else {
          continue
        }
        databases.append(try Self.settings(database))
      }
    }
    genomes += settings.filter { $0.name == "genome" }.map(\.value)
    for setting in databases.joined() where setting.name == "bigDataUrl" {
      tracks.append(setting.value)
      _ = named(setting.value, in: folder)
    }
  }

  /// Reads a session.
  ///
  /// - Throws: `ByteError`.
  public init(session path: String) throws {
    let folder = splitPath(path).folder
    for tag in try Self.text(path).split(separator: "<") {
      if tag.hasPrefix("Session ") { genomes += Self.attribute("genome", of: tag) }
      guard tag.hasPrefix("Resource ") else { continue }
      for file in Self.attribute("path", of: tag) {
        tracks.append(file)
        _ = named(file, in: folder)
      }
    }
  }

  /// The path of a file that is named; `nil` if it isn't there.
  private mutating func named(_ name: String, in folder: String) -> String? {
    guard !name.contains("://") else { return nil }
    let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
    guard isFile(path) else {
      missing.append(name)
      return nil
    }
    return path
  }

  private static func text(_ path: String) throws -> String {
    // Not as data are read, of which XML is none.
    let file = try InputFile(path: path)
    return String(
      decoding: try file.bytes(at: 0, count: min(file.size ?? 0, largest)), as: UTF8.self)
  }

  /// The words of each line: the first, and the others.
  private static func settings(_ path: String) throws -> [(name: String, value: String)] {
    try text(path).split(whereSeparator: \.isNewline).compactMap { line in
      let words = line.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
      return words.count == 2 ? (words[0], words[1]) : nil
    }
  }

  /// The value of an attribute, if the tag has it.
  private static func attribute(_ name: String, of tag: Substring) -> [String] {
    guard let start = tag.firstRange(of: " \(name)=\"")?.upperBound else { return [] }
    let value = tag[start...].prefix { $0 != "\"" }
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
      .reduce(String(value)) { $0.replacing($1.0, with: $1.1) }
    return [plain]
  }
}
