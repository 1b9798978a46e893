import Genomics

/// The rules for alleles (VCF 4.2 specification, sections 1.4.1 and 5.4).
///
/// Beyond the letters of the specification every IUPAC letter is a base, as in htslib: reference
/// genomes hold such bases.
enum VCFAllele {
  /// Whether the text is an alternate allele: bases, `*`, `<NAME>`, a breakend.
  static func isValid(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    if isSequence(text) || text.elementsEqual("*".utf8) { return true }
    if isSymbolic(text) { return true }
    if text.contains(where: { brackets.contains($0) }) { return isBreakend(text) }
    // A breakend without a mate: `.A` or `A.`.
    return first == dot && isSequence(text.dropFirst())
      || last == dot && isSequence(text.dropLast())
  }

  /// Whether the text is at least one base.
  static func isSequence(_ text: ArraySlice<UInt8>) -> Bool {
    !text.isEmpty && text.allSatisfy { EncodedSequence.code(of: $0) <= EncodedSequence.unknown }
  }

  /// Whether the text is `<NAME>` or `BASES<NAME>`; the name may hold brackets, as in `<DUP[2]>`.
  static func isSymbolic(_ text: ArraySlice<UInt8>) -> Bool {
    guard let open = text.firstIndex(of: UInt8(ascii: "<")), text.last == UInt8(ascii: ">") else {
      return false
    }
    return isName(text[(open + 1)...].dropLast())
      && (open == text.startIndex || isSequence(text[..<open]))
  }

  /// Whether the text may name something: no spaces, commas and angle brackets.
  static func isName(_ text: ArraySlice<UInt8>) -> Bool {
    !text.isEmpty && !text.contains { $0 <= 0x20 || $0 == 0x7f || ",<>".utf8.contains($0) }
  }

  /// Whether the text is `BASES[MATE[`, `BASES]MATE]`, `[MATE[BASES` or `]MATE]BASES`.
  private static func isBreakend(_ text: ArraySlice<UInt8>) -> Bool {
    let parts = text.split(omittingEmptySubsequences: false) { brackets.contains($0) }
    let marks = text.filter { brackets.contains($0) }
    guard parts.count == 3, marks[0] == marks[1], isMate(parts[1]) else { return false }
    let bases = parts[0].isEmpty ? parts[2] : parts[0]
    return parts[0].isEmpty != parts[2].isEmpty && (isSequence(bases) || bases.elementsEqual([dot]))
  }

  /// Whether the text is `NAME:POSITION` or `<NAME>:POSITION`.
  private static func isMate(_ text: ArraySlice<UInt8>) -> Bool {
    guard let colon = text.lastIndex(of: UInt8(ascii: ":")) else { return false }
    let position = text[(colon + 1)...]
    return colon > text.startIndex && !position.isEmpty && position.allSatisfy(isDigit)
      && text.allSatisfy { $0 > 0x20 }
  }

  private static let brackets = Array("[]".utf8)
  private static let dot = UInt8(ascii: ".")
}
