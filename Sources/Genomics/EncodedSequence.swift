/// A nucleotide sequence as one code a base, those of `Alphabet.dna`: 0 A, 1 C, 2 G, 3 T (or U), 4 unknown.
///
/// It is the one-hot tensor kept small: code `c < 4` stands for 1 in channel `c`, code 4 (N and
/// every other IUPAC letter) for 0.25 in each channel.
public struct EncodedSequence: Hashable, Sendable {
  /// The code of a base that is not known for certain.
  public static let unknown: UInt8 = 4

  /// One code a base, each 0…4.
  public let codes: [UInt8]

  /// - Precondition: Every code is 0…4.
  public init(codes: [UInt8]) {
    precondition(codes.allSatisfy { $0 <= Self.unknown }, "a code above 4")
    self.codes = codes
  }

  /// Encodes letters; upper and lower case are the same.
  ///
  /// - Returns: `nil` if a byte is no IUPAC nucleotide letter.
  public init?(letters: some Sequence<UInt8>) {
    let codes = letters.map { Self.code(of: $0) }
    guard codes.allSatisfy({ $0 <= Self.unknown }) else { return nil }
    self.codes = codes
  }

  /// Encodes a text such as `ACGTN`; `nil` if a character is no IUPAC nucleotide letter.
  public init?(_ text: String) {
    self.init(letters: text.utf8)
  }

  /// The code of an ASCII letter: 0…3 for A, C, G, T/U; 4 for another IUPAC nucleotide letter;
  /// 255 for anything else.
  public static func code(of letter: UInt8) -> UInt8 { codeOfLetter[Int(letter)] }

  /// The codes of all 256 byte values.
  public static let codeOfLetter = Alphabet.dna.codeOfLetter

  public var count: Int { codes.count }

  /// The letters, upper case: `ACGTN`.
  public var letters: [UInt8] { codes.map(Alphabet.dna.letter) }

  /// The text, upper case: `ACGTN`.
  public var text: String { String(decoding: letters, as: UTF8.self) }

  /// The bases of a range of positions.
  public subscript(range: Range<Int>) -> EncodedSequence {
    EncodedSequence(codes: Array(codes[range]))
  }

  /// The other strand, read in its own direction.
  public var reverseComplement: EncodedSequence {
    EncodedSequence(codes: Alphabet.dna.reverseComplement(of: codes[...]))
  }

  /// The number of unknown bases.
  package var unknownCount: Int { codes.count { $0 == Self.unknown } }

  /// Whether more than half of the bases are unknown: too little for a score that means something.
  public var isMostlyUnknown: Bool { 2 * unknownCount > count }

  /// The share of G and C among the known bases; `nil` if none is known.
  public var gcFraction: Double? {
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
    let unknown = { [UInt8](repeating: Self.unknown, count: $0) }
    return EncodedSequence(codes: unknown(before) + codes + unknown(length - count - before))
  }
}
