/// A sequence as one code per letter, those of its alphabet. Of DNA: 0 A, 1 C, 2 G, 3 T (or U), 4 unknown.
///
/// It is the one-hot tensor kept small: code `c` of a known letter stands for 1 in channel `c`, that of an unknown
/// one (N and every other IUPAC letter of DNA) for the same share in each channel.
public struct EncodedSequence: Hashable, Sendable {
  /// The code of a base of DNA or RNA that is not known for certain.
  public static let unknown: UInt8 = 4

  /// One code per letter, each up to the alphabet's `unknown`.
  public let codes: [UInt8]
  public let alphabet: Alphabet
  /// Numbers that are read beside the letters, such as how accessible the place is; not a number if unknown. Mostly
  /// none. Parts of the sequence have the same.
  public var side: [Float] = []

  /// - Precondition: Every code is one of the alphabet's.
  public init(codes: [UInt8], alphabet: Alphabet) {
    let unknown = alphabet.unknown
    precondition(codes.allSatisfy { $0 <= unknown }, "a code above \(unknown)")
    self.codes = codes
    self.alphabet = alphabet
  }

  /// A sequence of DNA.
  ///
  /// - Precondition: Every code is 0…4.
  public init(codes: [UInt8]) { self.init(codes: codes, alphabet: .dna) }

  /// Encodes letters; upper and lower case are the same.
  ///
  /// - Returns: `nil` if a byte is no letter of the alphabet.
  public init?(letters: some Sequence<UInt8>, alphabet: Alphabet = .dna) {
    let (codeOfLetter, unknown) = (alphabet.codeOfLetter, alphabet.unknown)
    let codes = letters.map { codeOfLetter[Int($0)] }
    guard codes.allSatisfy({ $0 <= unknown }) else { return nil }
    self.codes = codes
    self.alphabet = alphabet
  }

  /// Encodes a text such as `ACGTN`; `nil` if a character is no letter of the alphabet.
  public init?(_ text: String, alphabet: Alphabet = .dna) {
    self.init(letters: text.utf8, alphabet: alphabet)
  }

  /// The code of an ASCII letter: 0…3 for A, C, G, T/U; 4 for another IUPAC nucleotide letter;
  /// 255 for anything else.
  public static func code(of letter: UInt8) -> UInt8 { codeOfLetter[Int(letter)] }

  /// The codes of all 256 byte values.
  public static let codeOfLetter = Alphabet.dna.codeOfLetter

  public var count: Int { codes.count }

  /// The letters, upper case: `ACGTN`.
  public var letters: [UInt8] { alphabet.letters(of: codes) }

  /// The text, upper case: `ACGTN`.
  public var text: String { String(decoding: letters, as: UTF8.self) }

  /// The bases of a range of positions.
  public subscript(range: Range<Int>) -> EncodedSequence {
    with(codes: Array(codes[range]))
  }

  /// The other strand, read in its own direction.
  ///
  /// - Precondition: The alphabet has complements.
  public var reverseComplement: EncodedSequence {
    with(codes: alphabet.reverseComplement(of: codes[...]))
  }

  /// The number of unknown bases.
  package var unknownCount: Int {
    let unknown = alphabet.unknown
    return codes.count { $0 == unknown }
  }

  /// Whether more than half of the bases are unknown: too little for a score that means something.
  public var isMostlyUnknown: Bool { 2 * unknownCount > count }

  /// The share of G and C among the known bases; `nil` if none is known, and of proteins.
  public var gcFraction: Double? {
    guard alphabet.hasComplement else { return nil }
    let known = codes.count - unknownCount
    guard known > 0 else { return nil }
    return Double(codes.count { $0 == 1 || $0 == 2 }) / Double(known)
  }
}

extension EncodedSequence {
  /// The sequence in the middle of at least `length` bases, those around it unknown.
  public func padded(to length: Int) -> EncodedSequence {
    guard count < length else { return self }
    let before = (length - count) / 2
    let unknown = { [UInt8](repeating: alphabet.unknown, count: $0) }
    return with(codes: unknown(before) + codes + unknown(length - count - before))
  }

  /// Other letters with the same beside them.
  package func with(codes: [UInt8]) -> EncodedSequence {
    var sequence = EncodedSequence(codes: codes, alphabet: alphabet)
    sequence.side = side
    return sequence
  }

  /// The letters alone.
  package var withoutSide: EncodedSequence { EncodedSequence(codes: codes, alphabet: alphabet) }
}
