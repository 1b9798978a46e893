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

  /// CHROM, POS, ID and REF as they stand in the line, with tabs between.
  public var site: ArraySlice<UInt8> {
    var tabs = 0
    return text.prefix {
      if $0 == UInt8(ascii: "\t") { tabs += 1 }
      return tabs < 4
    }
  }

  /// What INFO/END says, counted from 1, as readers of regions take it: the first number of the first
  /// such entry; `Int.max` for one that is larger. `nil` if INFO has none, or no number.
  public var statedEnd: Int? {
    let key = Array("END=".utf8)
    var start = info.lowerBound
    while start < info.upperBound {
      let entry = text[start..<info.upperBound].prefix { $0 != UInt8(ascii: ";") }
      if entry.starts(with: key) {
        let digits = entry.dropFirst(key.count).prefix(while: isDigit)
        return digits.isEmpty ? nil : Int(String(decoding: digits, as: UTF8.self)) ?? .max
      }
      start = entry.endIndex + 1
    }
    return nil
  }

  /// The first of some keys that INFO has an entry of, by its place among them.
  func firstEntry(ofKeys keys: [[UInt8]]) -> Int? {
    var start = info.lowerBound
    while start < info.upperBound {
      let entry = text[start..<info.upperBound].prefix { $0 != UInt8(ascii: ";") }
      let found = keys.firstIndex { key in
        entry.starts(with: key)
          && (entry.count == key.count || entry[start + key.count] == UInt8(ascii: "="))
      }
      if let found { return found }
      start = entry.endIndex + 1
    }
    return nil
  }

  /// Appends the line to some text, with entries added behind those that INFO has; nothing else
  /// changes.
  ///
  /// - Parameter entries: `KEY=VALUE` with semicolons between; may be empty.
  /// - Returns: Where the entries stand in the output.
  func append(to output: inout [UInt8], adding entries: [UInt8]) -> Int {
    guard !entries.isEmpty else {
      output += text
      return output.count
    }
    let isMissing = text[info].elementsEqual(".".utf8)
    output += text[..<(isMissing ? info.lowerBound : info.upperBound)]
    if !isMissing, output.last != UInt8(ascii: ";") { output.append(UInt8(ascii: ";")) }
    let start = output.count
    output += entries
    output += text[info.upperBound...]
    return start
  }
}
