/// A pattern of letters in the syntax of PROSITE, such as `C-x(2,4)-C-x(3)-[LIVMFYWC]`, or in IUPAC letters, such as
/// `CANNTG`.
///
/// Elements follow each other, with `-` between them or without: a letter, `x` for any, `[…]` for one of several, `{…}`
/// for any other. Behind an element `(3)` repeats it and `(2,4)` repeats it two to four times.
public struct SequencePattern: Equatable, Sendable {
  /// A letter of the pattern.
  public struct Element: Equatable, Sendable {
    /// The codes that it may have, in ascending order; never empty.
    public let codes: [UInt8]
    public let repeats: ClosedRange<Int>
  }

  public let text: String
  /// Never empty.
  public let elements: [Element]

  /// - Throws: `PatternProblem`.
  public init(_ text: String, alphabet: Alphabet) throws(PatternProblem) {
    var reader = PatternReader(text, alphabet: alphabet)
    self.text = text
    elements = try reader.elements()
  }

  /// The number of letters of the longest sequence of the pattern.
  public var longest: Int { elements.reduce(0) { $0 + $1.repeats.upperBound } }

  /// Draws a sequence of the pattern: numbers of repeats and letters, each as likely as the others.
  public func drawn(using random: inout RandomStream) -> [UInt8] {
    elements.flatMap { element in
      let (least, most) = (element.repeats.lowerBound, element.repeats.upperBound)
      return (0..<least + random.next(below: most - least + 1)).map { _ in
        element.codes[random.next(below: element.codes.count)]
      }
    }
  }
}

/// What can be wrong with a pattern.
public enum PatternProblem: InputProblem, Error {
  case empty
  case unknownLetter(String, alphabet: Alphabet)
  case badRepeats(String)
  case notClosed(String)
  case matchesNothing(String)

  public var description: String {
    switch self {
    case .empty: "the pattern is empty; write letters such as CANNTG or C-x(2)-C"
    case .unknownLetter(let letter, let alphabet):
      "\(letter.quoted) is no letter of a pattern of \(alphabet.name); write \(alphabet.text), x for any, "
        + "[…] for one of several or {…} for any other"
    case .badRepeats(let text):
      "\(text.quoted) is no number of repeats; write (3) or (2,4), up to \(PatternReader.mostRepeats)"
    case .notClosed(let bracket): "\(bracket.quoted) isn't closed; close it"
    case .matchesNothing(let text): "\(text.quoted) leaves no letter; allow one"
    }
  }
}

/// Reads a pattern letter by letter.
private struct PatternReader {
  static let mostRepeats = 1000

  private var rest: Substring
  private let alphabet: Alphabet

  init(_ text: String, alphabet: Alphabet) {
    rest = text.trimmingSuffix { $0 == "." }
    self.alphabet = alphabet
  }

  mutating func elements() throws(PatternProblem) -> [SequencePattern.Element] {
    var elements: [SequencePattern.Element] = []
    while let next = rest.popFirst() {
      if next == "-" { continue }
      elements.append(.init(codes: try codes(from: next), repeats: try repeats()))
    }
    guard elements.contains(where: { $0.repeats.upperBound > 0 }) else { throw .empty }
    return elements
  }

  /// The codes of the element that begins with a character.
  private mutating func codes(from first: Character) throws(PatternProblem) -> [UInt8] {
    switch first {
    case "[": return try sorted(inside(first, upTo: "]"))
    case "{":
      let text = try inside(first, upTo: "}")
      let refused = try sorted(text)
      let codes = (0..<alphabet.unknown).filter { !refused.contains($0) }
      guard !codes.isEmpty else { throw .matchesNothing("{\(text)}") }
      return codes
    default: return try sorted(String(first))
    }
  }

  private mutating func inside(_ opening: Character, upTo closing: Character)
    throws(PatternProblem) -> String
  {
    let text = rest.prefix { $0 != closing }
    guard text.endIndex < rest.endIndex else { throw .notClosed(String(opening)) }
    guard !text.isEmpty else { throw .matchesNothing("\(opening)\(closing)") }
    rest = rest[rest.index(after: text.endIndex)...]
    return String(text)
  }

  private func sorted(_ letters: String) throws(PatternProblem) -> [UInt8] {
    var codes = Set<UInt8>()
    for letter in letters {
      guard let own = alphabet.codes(matching: letter) else {
        throw .unknownLetter(String(letter), alphabet: alphabet)
      }
      codes.formUnion(own)
    }
    return codes.sorted()
  }

  /// The repeats that stand behind an element; once without.
  private mutating func repeats() throws(PatternProblem) -> ClosedRange<Int> {
    guard rest.first == "(" else { return 1...1 }
    rest.removeFirst()
    let text = try inside("(", upTo: ")")
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard let least = numbers[0], let most = numbers[numbers.count - 1], numbers.count <= 2,
      0 <= least, least <= most, most <= Self.mostRepeats
    else { throw .badRepeats("(\(text))") }
    return least...most
  }
}

extension Alphabet {
  /// The codes that a letter of a pattern may stand for; `nil` if it is no letter.
  fileprivate func codes(matching letter: Character) -> [UInt8]? {
    guard let byte = letter.asciiValue else { return nil }
    let upper = String(letter).uppercased()
    let several = upper == "X" ? text : hasComplement ? Self.nucleotides[upper] : Self.acids[upper]
    if let several { return several.utf8.map { codeOfLetter[Int($0)] } }
    let code = codeOfLetter[Int(byte)]
    return code < unknown ? [code] : nil
  }

  /// IUPAC's letters for several nucleotides (Cornish-Bowden 1985).
  private static let nucleotides = [
    "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC", "B": "CGT", "D": "AGT",
    "H": "ACT", "V": "ACG", "N": "ACGT",
  ]
  /// IUPAC's letters for several amino acids.
  private static let acids = ["B": "DN", "Z": "EQ", "J": "IL"]
}

extension String {
  fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> Substring {
    var text = self[...]
    while let last = text.last, isTrimmed(last) { text.removeLast() }
    return text
  }
}
