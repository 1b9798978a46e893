/// The letters of one kind of sequence, and the codes that stand for them.
///
/// A letter's code is its place among `letters`; the code behind the last one is that of a letter that isn't
/// known for certain.
public enum Alphabet: String, Hashable, Codable, CaseIterable, Sendable {
  case dna = "DNA"
  case rna = "RNA"
  /// The 20 amino acids of the genetic code. Selenocysteine (U) and pyrrolysine (O) count as unknown.
  case protein

  /// Such as `DNA`.
  public var name: String { rawValue }

  /// How many letters have codes of their own.
  public var count: Int { self == .protein ? 20 : 4 }

  /// The code of a letter that isn't known for certain.
  public var unknown: UInt8 { UInt8(count) }

  /// The letters with codes of their own, upper case, in the order of the codes.
  public var letters: [UInt8] { table.letters }

  /// The letter that stands for any.
  public var unknownLetter: UInt8 { table.unknownLetter }

  /// The codes of all 256 byte values: those of `letters`, `unknown` for letters that stand for several, 255 for
  /// what is no letter. Lower case counts as upper case.
  public var codeOfLetter: [UInt8] { table.codeOfLetter }

  /// The letters as text: `ACGT`.
  public var text: String { String(decoding: letters, as: UTF8.self) }

  /// The upper-case letter of a code.
  ///
  /// - Precondition: The code is at most `unknown`.
  public func letter(of code: UInt8) -> UInt8 {
    code == unknown ? unknownLetter : letters[Int(code)]
  }

  /// The upper-case letters of codes.
  public func letters(of codes: some Sequence<UInt8>) -> [UInt8] {
    let lettersAndUnknown = letters + [unknownLetter]
    return codes.map { lettersAndUnknown[Int($0)] }
  }

  /// Whether letters pair, so that a sequence has another strand.
  public var hasComplement: Bool { self != .protein }

  /// The code of the letter that pairs with a code's; that of `unknown` is itself.
  ///
  /// - Precondition: `hasComplement`.
  public func complement(of code: UInt8) -> UInt8 { pairs[Int(code)] }

  /// The codes of the other strand, read in its own direction.
  ///
  /// - Precondition: `hasComplement`.
  public func reverseComplement(of codes: ArraySlice<UInt8>) -> [UInt8] {
    let pairs = pairs
    return codes.reversed().map { pairs[Int($0)] }
  }

  private var pairs: [UInt8] {
    guard let complements = table.complements else {
      preconditionFailure("letters of \(name) don't pair")
    }
    return complements
  }

  private var table: LetterTable {
    switch self {
    case .dna: .dna
    case .rna: .rna
    case .protein: .protein
    }
  }
}

/// The letters and codes of an alphabet.
private struct LetterTable: Sendable {
  let letters: [UInt8]
  let unknownLetter: UInt8
  let codeOfLetter: [UInt8]
  /// The complements of the codes, `unknown` included, by code; `nil` if letters don't pair.
  let complements: [UInt8]?

  /// - Parameters:
  ///   - ambiguous: Letters that stand for several, upper case; the first one stands for any.
  ///   - synonym: A letter that counts as one of `letters`.
  ///   - pairing: The letter that pairs with each, in their order.
  private init(
    letters: String, ambiguous: String, synonym: (letter: String, of: String)? = nil,
    pairing: String? = nil
  ) {
    let letters = Array(letters.utf8)
    let unknown = UInt8(letters.count)
    var codes = [UInt8](repeating: 255, count: 256)
    func set(_ letter: UInt8, _ code: UInt8) {
      codes[Int(letter)] = code
      codes[Int(letter | 0x20)] = code
    }
    for letter in ambiguous.utf8 { set(letter, unknown) }
    for (code, letter) in letters.enumerated() { set(letter, UInt8(code)) }
    if let synonym { set(synonym.letter.utf8.first!, codes[Int(synonym.of.utf8.first!)]) }
    self.letters = letters
    unknownLetter = ambiguous.utf8.first!
    codeOfLetter = codes
    complements = pairing.map { $0.utf8.map { codes[Int($0)] } + [unknown] }
  }

  static let dna = LetterTable(
    letters: "ACGT", ambiguous: "NRYSWKMBDHV", synonym: ("U", of: "T"), pairing: "TGCA")
  static let rna = LetterTable(
    letters: "ACGU", ambiguous: "NRYSWKMBDHV", synonym: ("T", of: "U"), pairing: "UGCA")
  static let protein = LetterTable(letters: "ACDEFGHIKLMNPQRSTVWY", ambiguous: "XBJOUZ")
}
