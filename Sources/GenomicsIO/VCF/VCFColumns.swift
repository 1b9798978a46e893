import Genomics

/// The columns of a record's line, and the rules for what stands in them (VCF 4.2 specification,
/// section 1.4; breakends, section 5.4).
struct VCFColumns {
  private let line: ArraySlice<UInt8>
  /// Where each column ends: the index of a tab, at last the line's end.
  private let ends: [Int]

  init(of line: ArraySlice<UInt8>) {
    self.line = line
    ends = line.indices.filter { line[$0] == tab } + [line.endIndex]
  }

  var count: Int { ends.count }

  /// Where column 8 stands in the line.
  var info: Range<Int> { range(of: 7) }

  private func range(of column: Int) -> Range<Int> {
    (column == 0 ? line.startIndex : ends[column - 1] + 1)..<ends[column]
  }

  private subscript(column: Int) -> ArraySlice<UInt8> { line[range(of: column)] }

  /// Reads columns 1 to 5.
  func variant() throws(VCFProblem) -> Variant {
    for (column, name) in ["CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
      .enumerated()
    where self[column].isEmpty {
      throw .emptyColumn(name)
    }
    guard Self.isChromosome(self[0]) else { throw .chromosome(text(of: self[0])) }
    guard let position = Self.number(self[1]) else { throw .position(text(of: self[1])) }
    guard Self.isList(self[2], separator: UInt8(ascii: ";")) else {
      throw .identifier(text(of: self[2]))
    }
    guard VCFAllele.isSequence(self[3]) else { throw .reference(text(of: self[3])) }
    return Variant(
      sequence: text(of: self[0]), position: position - 1, reference: text(of: self[3]),
      alternates: try alternates())
  }

  private func alternates() throws(VCFProblem) -> [String] {
    if self[4].elementsEqual(".".utf8) { return [] }
    var alternates: [String] = []
    for allele in self[4].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard VCFAllele.isValid(allele) else { throw .alternate(text(of: self[4])) }
      alternates.append(text(of: allele))
    }
    return alternates
  }

  /// Checks that INFO is `.` or `KEY`, `KEY=VALUE` with semicolons between; one may end it.
  func checkInfo() throws(VCFProblem) {
    var entries = self[7].split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    if entries.count > 1, entries.last?.isEmpty == true { entries.removeLast() }
    for entry in entries {
      let key = entry.prefix { $0 != UInt8(ascii: "=") }
      guard !key.isEmpty, !key.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: ",") }) else {
        throw .info(text(of: entry))
      }
    }
  }

  /// Checks that no sample has more fields than FORMAT has keys.
  func checkSamples() throws(VCFProblem) {
    let colon = UInt8(ascii: ":")
    guard Self.isList(self[8], separator: colon) else { throw .format(text(of: self[8])) }
    let keyCount = self[8].count { $0 == colon } + 1
    for column in 9..<count where self[column].count(where: { $0 == colon }) >= keyCount {
      throw .sampleFields(text(of: self[column]))
    }
  }

  /// A name without spaces, commas and angle brackets, or one in angle brackets.
  private static func isChromosome(_ bytes: ArraySlice<UInt8>) -> Bool {
    let isBracketed =
      bytes.count > 2 && bytes.first == UInt8(ascii: "<") && bytes.last == UInt8(ascii: ">")
    return VCFAllele.isName(isBracketed ? bytes.dropFirst().dropLast() : bytes)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    bytes.allSatisfy(isDigit) ? Int(text(of: bytes)) : nil
  }

  /// Whether the text is a list of words that aren't empty and hold no space.
  private static func isList(_ bytes: ArraySlice<UInt8>, separator: UInt8) -> Bool {
    bytes.split(separator: separator, omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0.allSatisfy { $0 > 0x20 }
    }
  }
}

private let tab = UInt8(ascii: "\t")

private func text(of bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
