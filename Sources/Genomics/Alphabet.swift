/// The letters of one kind of sequence, and the codes that stand for them.
///
/// A letter's code is its place among `letters`; the code behind the last one is that of a letter that isn't
/// known for certain.
public struct Alphabet: Hashable, Sendable {
  /// Such as `DNA`.
  public let name: String
  /// The letters with codes of their own, upper case, in the order of the codes.
  public let letters: [UInt8]
  /// How many letters have codes of their own.
  public let count: Int
  /// The letter that stands for any.
  public let unknownLetter: UInt8
  /// The codes of all 256 byte values: those of `letters`, `unknown` for letters that stand for several, 255 for
  /// what is no letter. Lower case counts as upper case.
  public let codeOfLetter: [UInt8]
  /// The complements of the codes, `unknown` included, by code; `nil` if letters don't pair.
  private let complements: [UInt8]?

  /// - Parameters:
  ///   - ambiguous: Letters that stand for several, upper case; the first one stands for any.
  ///   - synonym: A letter that counts as one of `letters`.
  ///   - pairing: The letter that pairs with each, in their order.
  private init(
    _ name: String, letters: String, ambiguous: String,
    synonym: (letter: String, of: String)? = nil,
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
    self.name = name
    self.letters = letters
    count = letters.count
    unknownLetter = ambiguous.utf8.first!
    codeOfLetter = codes
    complements = pairing.map { $0.utf8.map { codes[Int($0)] } + [unknown] }
  }

  public static let dna = Alphabet(
    "DNA", letters: "ACGT", ambiguous: "NRYSWKMBDHV", synonym: ("U", of: "T"), pairing: "TGCA")
  public static let rna = Alphabet(
    "RNA", letters: "ACGU", ambiguous: "NRYSWKMBDHV", synonym: ("T", of: "U"), pairing: "UGCA")
  /// The 20 amino acids of the genetic code. Selenocysteine (U) and pyrrolysine (O) count as unknown.
  public static let protein = Alphabet(
    "protein", letters: "ACDEFGHIKLMNPQRSTVWY", ambiguous: "XBJOUZ")

  /// The code of a letter that isn't known for certain.
  public var unknown: UInt8 { UInt8(count) }

  /// The letters as text: `ACGT`.
  public var text: String { String(decoding: letters, as: UTF8.self) }

  /// The upper-case letter of a code.
  ///
  /// - Precondition: The code is at most `unknown`.
  public func letter(of code: UInt8) -> UInt8 {
    code == unknown ? unknownLetter : letters[Int(code)]
  }

  /// Whether letters pair, so that a sequence has another strand.
  public var hasComplement: Bool { complements != nil }

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
    guard let complements else { preconditionFailure("letters of \(name) don't pair") }
    return complements
  }
}
