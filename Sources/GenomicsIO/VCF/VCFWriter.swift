import Genomics

/// An INFO key that a writer declares.
public struct VCFInfoField: Equatable, Sendable {
  public enum ValueType: String, Sendable {
    case integer = "Integer"
    case float = "Float"
    case flag = "Flag"
    case character = "Character"
    case string = "String"
  }

  public let key: String
  /// How many values an entry has: a number, `A` (one an alternate allele), `R`, `G` or `.`.
  public let number: String
  public let type: ValueType
  public let description: String

  public init(key: String, number: String, type: ValueType, description: String) {
    self.key = key
    self.number = number
    self.type = type
    self.description = description
  }

  /// The header line that declares it.
  var line: String {
    let quoted = description.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "##INFO=<ID=\(key),Number=\(number),Type=\(type.rawValue),Description=\"\(quoted)\">"
  }
}

/// Writes the records of a VCF file anew, with entries added to INFO; BGZF where the path ends in
/// `.gz` or `.bgz`. Without what was added, the output equals the input.
public struct VCFWriter: ~Copyable {
  private var output: OutputFile
  private let inputFile: String
  private let keys: [String]

  /// Writes the header: that of the input, with a line for each field before the `#CHROM` line.
  ///
  /// - Parameters:
  ///   - header: The input's.
  ///   - fields: What records may get.
  /// - Throws: `OutputError`; `VCFError` with `.infoTaken` where the input declares such a key.
  public init(path: String, header: VCFHeader, adding fields: [VCFInfoField], replacing: Bool)
    throws
  {
    for field in fields where header.infoKeys.contains(field.key) {
      throw VCFError(file: header.file, .infoTaken(field.key))
    }
    var output = try OutputFile(
      path: path, replacing: replacing, compression: OutputFile.Compression(path: path))
    let isCRLF = header.lines.last?.last == carriageReturn
    let declarations = fields.map { Array($0.line.utf8) + (isCRLF ? [carriageReturn] : []) }
    for line in header.lines.dropLast() + declarations + header.lines.suffix(1) {
      try output.write(line + [lineFeed])
    }
    self.output = output
    inputFile = header.file
    keys = fields.map(\.key)
  }

  /// Writes a record with entries added to INFO.
  ///
  /// - Throws: `OutputError`; `VCFError` with `.infoTaken` where the record has one of the added keys
  ///   without a declaration.
  /// - Precondition: The keys of `info` were declared.
  public mutating func write(_ record: VCFRecord, adding info: [(key: String, value: String)] = [])
    throws
  {
    for (key, _) in info {
      precondition(keys.contains(key), "INFO \(key) was not declared")
      guard !record.hasInfo(key) else {
        throw VCFError(file: inputFile, line: record.line, .infoTaken(key))
      }
    }
    try output.write(record.adding(info: info))
    try output.write([lineFeed])
  }

  /// Puts the output in its place.
  public consuming func commit() throws {
    try output.commit()
  }
}
