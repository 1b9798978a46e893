public import Genomics

/// A record of a VCF file: its line, and what of it is understood.
public struct VCFRecord: Equatable, Sendable {
  /// The line's number, counted from 1.
  public let line: Int
  /// The line byte for byte, without its line feed.
  public let text: [UInt8]
  /// CHROM, POS (0-based here; -1 for POS 0, a telomere), REF and ALT (none for `.`).
  public let variant: Variant
  /// Where column 8 stands in the line.
  private let info: Range<Int>

  init(text: [UInt8], line: Int, columnCount: Int) throws(VCFProblem) {
    let columns = VCFColumns(of: withoutReturn(text))
    guard columns.count == columnCount else {
      throw .columnCount(found: columns.count, expected: columnCount)
    }
    variant = try columns.variant()
    try columns.checkInfo()
    if columnCount > 8 { try columns.checkSamples() }
    info = columns.info
    self.line = line
    self.text = text
  }

  /// Whether INFO has an entry of that key.
  public func hasInfo(_ key: String) -> Bool {
    text[info].split(separator: UInt8(ascii: ";")).contains {
      $0.prefix { $0 != UInt8(ascii: "=") }.elementsEqual(key.utf8)
    }
  }

  /// The line with entries added behind those that INFO has; nothing else changes.
  public func adding(info entries: [(key: String, value: String)]) -> [UInt8] {
    guard !entries.isEmpty else { return text }
    let added = entries.map { "\($0.key)=\($0.value)" }.joined(separator: ";").utf8
    let isMissing = text[info].elementsEqual(".".utf8)
    var result = Array(text[..<(isMissing ? info.lowerBound : info.upperBound)])
    if !isMissing, result.last != UInt8(ascii: ";") { result.append(UInt8(ascii: ";")) }
    result.append(contentsOf: added)
    result.append(contentsOf: text[info.upperBound...])
    return result
  }
}
