import Genomics

/// Writes a VCF file anew, as text, with entries added to INFO: without what was added, the output
/// equals the input.
public struct VCFAnnotator: Sendable {
  /// The input's header with a line for each field before the `#CHROM` line, each line ended.
  public let header: [UInt8]
  private let inputFile: String
  private let keys: [String]
  private let keyBytes: [[UInt8]]

  /// - Parameters:
  ///   - header: The input's.
  ///   - fields: What records may get.
  ///   - metaLines: What else the header is to say, lines that begin with `##`.
  /// - Throws: `VCFError` with `.infoTaken` where the input declares such a key.
  public init(header: VCFHeader, adding fields: [VCFInfoField], metaLines: [String] = [])
    throws
  {
    for field in fields where header.infoKeys.contains(field.key) {
      throw VCFError(file: header.file, .infoTaken(field.key))
    }
    let isCRLF = header.lines.last?.last == carriageReturn
    let declarations = (fields.map(\.line) + metaLines).map {
      Array($0.utf8) + (isCRLF ? [carriageReturn] : [])
    }
    self.header = (header.lines.dropLast() + declarations + header.lines.suffix(1)).flatMap {
      $0 + [lineFeed]
    }
    inputFile = header.file
    keys = fields.map(\.key)
    keyBytes = keys.map { Array($0.utf8) }
  }

  /// Appends a record's line with entries added to INFO.
  ///
  /// - Parameter entries: `KEY=VALUE` with semicolons between, of keys that were declared; may be empty.
  /// - Returns: Where the entries stand in the output.
  /// - Throws: `VCFError` with `.infoTaken` where the record has one of the added keys without a
  ///   declaration.
  @discardableResult
  public func append(_ record: VCFRecord, adding entries: [UInt8], to output: inout [UInt8]) throws
    -> Int
  {
    if let taken = record.firstEntry(ofKeys: keyBytes) {
      throw VCFError(file: inputFile, line: record.line, .infoTaken(keys[taken]))
    }
    let start = record.append(to: &output, adding: entries)
    output.append(lineFeed)
    return start
  }
}
