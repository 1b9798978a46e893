public import Genomics

/// What can be wrong with a file in MEME format.
public enum MEMEProblem: InputProblem {
  case noMotif
  /// What the file is, and what to give instead.
  case otherFormat(String)
  case alphabet(String)
  case unnamedMotif
  case matrixBeforeMotif
  case noMatrix(motif: String)
  case badValue(key: String, text: String)
  case notFourNumbers(String)
  case badSum(Double)
  case rows(found: Int, width: Int?)
  case badBackground(String)

  public var description: String {
    switch self {
    case .noMotif:
      "holds no motif; give MEME's text format, lines `MOTIF NAME`, each with a matrix, or that of JASPAR, "
        + "TRANSFAC or HOMER"
    case .otherFormat(let format): "is \(format)"
    case .alphabet(let letters):
      "the alphabet is \(letters.quoted); only \(Alphabet.dna.text) and \(Alphabet.rna.text) can be read"
    case .unnamedMotif:
      "a motif without a name; write `MOTIF NAME`"
    case .matrixBeforeMotif:
      "a matrix that belongs to no motif; put a line `MOTIF NAME` before it"
    case .noMatrix(let motif):
      "motif \(motif.quoted) has no matrix; add `letter-probability matrix:` and a row a position"
    case .badValue(let key, let text):
      "\(key)= \(text.quoted) can't be used; \(key == "alength" ? "write 4" : "write a number")"
    case .notFourNumbers(let row):
      "\(row.quoted) isn't a row of \(Alphabet.dna.count) probabilities; give those of A, C, G and T"
    case .badSum(let sum):
      "the row sums to \(Float(sum)); probabilities must sum to 1 within \(ProbabilityMatrix.sumTolerance)"
    case .rows(let found, let width):
      if let width {
        "the matrix has \(found) row(s) but says w= \(width); give a row a position"
      } else {
        "a matrix without a width or a row; give a row a position"
      }
    case .badBackground(let text):
      "\(text.quoted) are no background frequencies; write `A 0.25 C 0.25 G 0.25 T 0.25`, each "
        + "above 0, together 1"
    }
  }
}

public typealias MEMEError = InputError<MEMEProblem>

/// What a file in MEME's format says before its motifs.
public struct MEMEHeader: Equatable, Sendable {
  /// DNA or RNA.
  public var alphabet = Alphabet.dna
  /// The strands that sites were looked for on, `+ -` or `+`; `nil` if nobody says.
  public var strands: String? = "+ -"
  /// The background; `nil` if the file gives none.
  public var background: Background?
  /// The frequencies of the background as a file gives them; their sum may be off by their rounding.
  var givenFrequencies: SIMD4<Double>?

  public init(background: Background? = nil) {
    self.background = background
  }

  /// A line each for alphabet, strands and background, between empty lines.
  fileprivate var text: String {
    let numbers =
      givenFrequencies.map { exactDecimals($0) }
      ?? decimals((background ?? .uniform).frequencies)
    let frequencies = zip(alphabet.text, numbers).map { "\($0) \($1)" }
    return """
      ALPHABET= \(alphabet.text)
      \(strands.map { "\nstrands: \($0)\n" } ?? "")
      Background letter frequencies
      \(frequencies.joined(separator: " "))

      """
  }
}

/// Figures of a motif as a file has them: MEME's E-values may be smaller than the smallest number that isn't 0, and
/// a number of sites may have decimals.
struct MEMEFigures: Equatable, Sendable {
  let siteCount, eValue: String?

  /// The number of sites that a text gives, rounded up; `nil` for 0.
  static func siteCount(_ number: Double) -> Int? { number > 0 ? Int(number.rounded(.up)) : nil }
}

extension Motif {
  /// The number of sites as text: the file's, unless it has been changed since.
  fileprivate var siteCountText: String? {
    let given = meme?.siteCount.flatMap { text in
      Double(text).flatMap(MEMEFigures.siteCount) == siteCount ? text : nil
    }
    return siteCount.map { given ?? "\($0)" }
  }

  /// The E-value as text: the file's, unless it has been changed since. A motif of no file has 0 if nobody says one,
  /// as MEME Suite has it.
  fileprivate var eValueText: String? {
    let given = meme?.eValue.flatMap { Double($0) == eValue ? $0 : nil }
    guard let eValue else { return isOfFile ? nil : "0" }
    return given ?? (eValue == 0 ? "0" : "\(eValue)")
  }
}

/// The motifs in MEME's minimal text format, version 5, which MEME Suite, Biopython, memelite and
/// GimmeMotifs read; the latter needs single spaces and an empty line behind a matrix.
///
/// Numbers of a file in this format are written as they are. Other probabilities have 6 decimals. White space and
/// control characters in names become `_`.
///
/// - Parameter comment: Whole lines behind the first one, which readers pass over.
public func memeText(_ motifs: [Motif], header: MEMEHeader, comment: String = "") -> String {
  var text = "MEME version 5\n\(comment)\n\(header.text)"
  for motif in motifs {
    let names = [motif.name, motif.alternateName].compactMap { $0.map(word) }
    let siteCount = motif.siteCountText.map { " nsites= \($0)" } ?? ""
    let eValue = motif.eValueText.map { " E= \($0)" } ?? ""
    text += """

      MOTIF \(names.joined(separator: " "))
      letter-probability matrix: alength= \(header.alphabet.count) w= \(motif.width)\(siteCount)\(eValue)

      """
    for row in motif.probabilityTexts(decimals: 6) {
      text += " " + row.joined(separator: " ") + "\n"
    }
    if let url = motif.url { text += "\nURL \(word(url))\n" }
  }
  return text
}

/// The motifs in MEME's minimal text format, of DNA and both strands.
public func memeText(_ motifs: [Motif], background: Background, comment: String = "") -> String {
  memeText(motifs, header: MEMEHeader(background: background), comment: comment)
}
