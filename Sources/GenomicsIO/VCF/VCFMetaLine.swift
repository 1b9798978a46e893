import Genomics

/// A `##KEY=VALUE` line. Values of INFO, FORMAT, FILTER, ALT and contig must be `<KEY=VALUE,…>`
/// with an ID (VCF 4.2 specification, section 1.2); others may be anything.
struct VCFMetaLine {
  let key: String
  /// The ID of a structured line.
  let id: String?
  /// The length that a `contig` line states.
  let length: Int?
  /// The line without its `IDX`, which numbers what a BCF file declares and means nothing in text:
  /// htslib drops lines with an `IDX` that it can't read, and believes others.
  let withoutIDX: [UInt8]

  private static let structuredKeys: Set = ["INFO", "FORMAT", "FILTER", "ALT", "contig"]
  private static let types: Set = ["Integer", "Float", "Flag", "Character", "String"]
  /// What Number may be besides a whole number; the last six are VCF 4.4's and 4.5's.
  private static let numbers: Set = ["A", "R", "G", ".", "P", "LA", "LR", "LG", "M"]

  init(_ line: ArraySlice<UInt8>) throws(VCFProblem) {
    let text = String(decoding: line.dropFirst(2), as: UTF8.self)
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      throw .metaLine("is not ##KEY=VALUE")
    }
    key = String(text[..<equals])
    let value = text.utf8[text.utf8.index(after: equals)...]
    guard !key.isEmpty, !value.isEmpty, !value.elementsEqual("<>".utf8) else {
      throw .metaLine("is not ##KEY=VALUE")
    }
    guard Self.structuredKeys.contains(key) else {
      (id, length, withoutIDX) = (nil, nil, Array(line))
      return
    }
    let fields = try Self.fields(of: Array(value))
    id = try Self.checkedID(fields)
    length =
      key == "contig" ? fields.first { $0.key == "length" }.flatMap { Int($0.unquoted) } : nil
    withoutIDX =
      fields.contains { $0.key == "IDX" }
      ? Array(
        "##\(key)=<\(fields.filter { $0.key != "IDX" }.map(\.text).joined(separator: ","))>".utf8)
      : Array(line)
  }

  private static func checkedID(_ fields: [Field]) throws(VCFProblem) -> String {
    guard let id = fields.first(where: { $0.key == "ID" })?.value, !id.isEmpty,
      !id.utf8.contains(where: { $0 <= 0x20 || "<>".utf8.contains($0) })
    else { throw .metaLine("has no ID, or one with spaces or angle brackets") }
    for field in fields {
      let value = field.value
      let isValid =
        switch field.key {
        case "Number": numbers.contains(value) || !value.isEmpty && value.utf8.allSatisfy(isDigit)
        case "Type": types.contains(value)
        case "Description": field.isQuoted
        default: true
        }
      guard isValid else { throw .metaLine("has a bad \(field.key) \(value.quoted)") }
    }
    return id
  }

  /// An entry of a structured line.
  private struct Field {
    let key: String
    /// With its quotes, if it has any.
    let value: String
    let isQuoted: Bool

    var text: String { "\(key)=\(value)" }

    var unquoted: Substring { isQuoted ? value.dropFirst().dropLast() : value[...] }
  }

  /// The entries of `<KEY=VALUE,KEY="VALUE, \"quoted\"",…>`.
  private static func fields(of value: [UInt8]) throws(VCFProblem) -> [Field] {
    let end = (value.lastIndex { $0 != UInt8(ascii: " ") } ?? -1) + 1
    let value = value[..<end]
    guard value.first == UInt8(ascii: "<"), value.last == UInt8(ascii: ">") else {
      throw .metaLine("is not ##KEY=<…>")
    }
    var rest = value.dropFirst().dropLast()
    var fields: [Field] = []
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: UInt8(ascii: "=")),
        !rest[..<equals].contains(UInt8(ascii: ","))
      else { throw .metaLine("has an entry that isn't KEY=VALUE") }
      let key = String(decoding: rest[..<equals], as: UTF8.self).drop { $0 == " " }
      let start = equals + 1
      let isQuoted = start < rest.endIndex && rest[start] == UInt8(ascii: "\"")
      let end =
        isQuoted
        ? try endOfQuote(in: rest, from: start + 1)
        : rest[start...].firstIndex(of: UInt8(ascii: ",")) ?? rest.endIndex
      let value = String(decoding: rest[start..<end], as: UTF8.self)
      fields.append(Field(key: String(key), value: value, isQuoted: isQuoted))
      rest = rest[end...].dropFirst()
    }
    return fields
  }

  /// The index behind the quote that closes a text, which must be a comma's or the end.
  private static func endOfQuote(in text: ArraySlice<UInt8>, from start: Int) throws(VCFProblem)
    -> Int
  {
    var index = start
    while index < text.endIndex, text[index] != UInt8(ascii: "\"") {
      index += text[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    let next = index + 1
    guard next == text.endIndex || next < text.endIndex && text[next] == UInt8(ascii: ",") else {
      throw .metaLine("has a quoted text that doesn't end")
    }
    return next
  }
}
