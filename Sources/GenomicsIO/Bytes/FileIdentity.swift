import Genomics

/// What an input file is.
public enum InputFormat: String, Codable, Sendable {
  /// safetensors.
  case model
  /// JSON.
  case recipe
  /// FASTA.
  case sequences
  /// BED, narrowPeak or broadPeak.
  case regions
  /// Sequences with labels, separated by tabs.
  case table
  /// VCF or BCF.
  case variants
  /// MEME, JASPAR or HOMER.
  case motifs
  /// bigWig or bigBed.
  case track
  /// A track hub of UCSC's browser.
  case hub
  /// A session of IGV.
  case session
}

/// What a file is: its contents tell it if they are certain, else its name does.
///
/// A pipe can be read again after that.
public struct FileIdentity: Equatable, Sendable {
  public enum Compression: String, Codable, Sendable {
    case none, gzip
    /// Blocked gzip.
    case bgzf
  }

  public let format: InputFormat
  public let compression: Compression

  /// - Throws: `ByteError`: what reading the file throws, `.foreign` for a kind that no command reads.
  public init(path: String) throws {
    if isPipe(path) { try KeptPipes.keep(path) }
    if let format = try Self.formatForBrowsers(of: path) {
      (self.format, compression) = (format, .none)
      return
    }
    var reader = try ByteReader(path: path, readsXML: true)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = try reader.read(into: &buffer)
    let start = try TextEncoding.start(of: buffer[..<count], file: reader.name)
    compression = try Self.compression(of: path)
    format = try Self.format(of: buffer[start..<count], path: path, file: reader.name)
  }

  /// The format of a file that other commands write and none reads.
  private static func formatForBrowsers(of path: String) throws -> InputFormat? {
    let file = try InputFile(path: path)
    let start = try file.bytes(at: 0, count: min(FileKind.prefixLength, file.size ?? 0))
    if TrackFileSummary.format(of: start) != nil { return .track }
    return HubSummary.isHub(start) ? .hub : HubSummary.isSession(start) ? .session : nil
  }

  private static func compression(of path: String) throws -> Compression {
    let file = try InputFile(path: path)
    let start = try file.bytes(at: 0, count: min(256, file.size ?? 0))
    guard start.starts(with: [0x1f, 0x8b]) else { return .none }
    return BGZF.sizes(of: start) == nil ? .gzip : .bgzf
  }

  private static func format(of start: ArraySlice<UInt8>, path: String, file: String) throws
    -> InputFormat
  {
    let ending = endings(of: path).last.map(String.init) ?? ""
    guard !["fai", "gzi", "tbi", "csi"].contains(ending) else {
      throw ByteError(
        file: file, .foreign(kind: "an index of another file", mend: "give that file itself"))
    }
    let lines = start.split { $0 == lineFeed || $0 == carriageReturn }.map(Array.init)
    if FileKind.of(start) == .xml, told(by: lines) != .motifs {
      throw ByteError(file: file, .foreign(kind: FileKind.xml.name, mend: FileKind.xml.mend))
    }
    switch TextFormat(start) {
    case .fasta: return holdsMatrix(lines) || ending == "sites" ? .motifs : .sequences
    case .vcf, .bcf: return .variants
    case .meme: return .motifs
    case .json: return .recipe
    case .safetensors: return .model
    case .bed, .table, nil: break
    case let other? where [.fastq, .sam, .genBank].contains(other):
      throw ByteError(file: file, .foreign(kind: other.name, mend: other.mend(wanting: .fasta)))
    case let other?:
      throw ByteError(file: file, .foreign(kind: other.name, mend: other.mend(wanting: .bed)))
    }
    if let format = told(by: lines) ?? formats[ending] ?? guessed(from: lines) { return format }
    throw ByteError(
      file: file,
      .foreign(
        kind: start.isEmpty ? "empty" : "of no kind that is known",
        mend: "give a model, a recipe, or data as docs/formats.md lists them"))
  }

  /// The formats that names end in.
  private static let formats: [String: InputFormat] = [
    "bed": .regions, "narrowpeak": .regions, "broadpeak": .regions, "tsv": .table, "tab": .table,
    "seq": .table, "csv": .table, "fa": .sequences, "fasta": .sequences, "fna": .sequences,
    "vcf": .variants,
    "meme": .motifs, "jaspar": .motifs, "pfm": .motifs, "motif": .motifs, "transfac": .motifs,
    "json": .recipe, "safetensors": .model,
  ]

  /// The endings of a file's name, in lower case, without those of compression.
  private static func endings(of path: String) -> [Substring] {
    var parts = splitPath(path).name.lowercased().split(separator: ".").dropFirst()
    if let last = parts.last, ["gz", "bgz"].contains(last) { parts.removeLast() }
    return Array(parts)
  }

  /// What the words in the lines of a text tell for certain.
  private static func told(by lines: [[UInt8]]) -> InputFormat? {
    let beginnings = [
      "MEME version", "MOTIF ", "letter-probability matrix:", "AlignACE ", "<MEME ", "<motifset",
      "<weightmatrix ", "<mast ",
    ]
    let isMotif = lines.contains { line in
      let text = line.drop { isBlank($0) }
      return beginnings.contains { text.starts(with: $0.utf8) } || isMatrixHeader(line)
    }
    if isMotif { return .motifs }
    guard let first = firstOfData(lines) else { return nil }
    if first.first == UInt8(ascii: ">") {
      return holdsMatrix(lines) ? .motifs : .sequences
    }
    let names = splitAtTabs(first).map { $0.lowercased() }
    if names.contains("seq") || names.contains("sequence") { return .table }
    let areBounds = [["start", "end"], ["chromstart", "chromend"]].contains(
      Array(names.dropFirst().prefix(2)))
    return areBounds ? .regions : nil
  }

  /// What a text without a telling name may be: regions if numbers stand where they should.
  private static func guessed(from lines: [[UInt8]]) -> InputFormat? {
    guard let first = firstOfData(lines) else { return nil }
    if let columns = BEDColumns(first, like: nil)?.fields, columns.count >= 3,
      columns[1...2].allSatisfy(isDigits)
    {
      return .regions
    }
    return first.contains(UInt8(ascii: "\t")) ? .table : nil
  }

  /// The first line that is no comment.
  private static func firstOfData(_ lines: [[UInt8]]) -> [UInt8]? {
    lines.first { line in
      !["#", "track", "browser"].contains { line.starts(with: $0.utf8) }
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09].contains(byte) }

  /// Whether a line is TRANSFAC's `P0 A C G T`, or that of a table, `Pos A C G T`.
  private static func isMatrixHeader(_ line: [UInt8]) -> Bool {
    guard line.first == UInt8(ascii: "P"), line.count < 200 else { return false }
    let words = line.split(whereSeparator: isBlank).map { String(decoding: $0, as: UTF8.self) }
    return ["P0", "PO", "Pos"].contains(words.first)
      && [["A", "C", "G", "T"], ["A", "C", "G", "U"]].contains(Array(words.dropFirst()))
  }

  /// Whether the line behind the first header holds numbers, as in JASPAR's and HOMER's formats.
  private static func holdsMatrix(_ lines: [[UInt8]]) -> Bool {
    guard let header = lines.firstIndex(where: { $0.first == UInt8(ascii: ">") }),
      header + 1 < lines.count
    else { return false }
    return lines[header + 1].contains(where: isDigit)
  }
}
