public import Genomics

/// What can be wrong with motifs in XML.
public enum MotifXMLProblem: InputProblem, Error {
  /// What isn't well-formed.
  case malformed(String)
  /// What the root is.
  case foreign(String)
  case noMotif
  case missing(String, in: String)
  case notNucleotides(String)
  case badNumber(String)
  case badColumn([Double])
  case columns(found: Int, expected: Int)

  public var description: String {
    switch self {
    case .malformed(let what): "isn't well-formed XML: \(what); fetch or make the file again"
    case .foreign(let root):
      "is XML of the kind \("<\(root)>".quoted), which isn't read; give XML of MEME or XMS, or plain text"
    case .noMotif: "holds no motif; give the file of a run that found some"
    case .missing(let part, let whole):
      "\("<\(whole)>".quoted) has no \(part); fetch or make the file again"
    case .notNucleotides(let letters):
      "the alphabet is \(letters.quoted); only DNA and RNA can be read"
    case .badNumber(let text): "\(text.quoted) can't be used; write a number of 0 or more"
    case .badColumn(let numbers):
      "a position sums to \(Float(numbers.reduce(0, +))); probabilities must sum to 1 within "
        + "\(ProbabilityMatrix.sumTolerance)"
    case .columns(let found, let expected):
      "the motif has \(found) position(s) but says \(expected); fetch or make the file again"
    }
  }
}

public typealias MotifXMLError = InputError<MotifXMLProblem>

/// The probabilities of one position, whose elements a letter or a base's name tells.
func probabilities(
  _ values: [(letter: String, element: XMLElement)], in column: XMLElement, file: String
) throws(MotifXMLError) -> SIMD4<Double> {
  var numbers: [Int: Double] = [:]
  for (letter, element) in values {
    guard let base = basesOfNames[letter.lowercased()], numbers[base] == nil else {
      throw MotifXMLError(file: file, line: element.line, .notNucleotides(letter))
    }
    numbers[base] = try number(element.text.words, of: element, file: file)
  }
  let row = SIMD4((0..<4).map { numbers[$0] ?? 0 })
  guard ProbabilityMatrix.accepts(row) else {
    throw MotifXMLError(file: file, line: column.line, .badColumn((0..<4).map { row[$0] }))
  }
  return row
}

private let basesOfNames = [
  "a": 0, "c": 1, "g": 2, "t": 3, "u": 3,
  "adenine": 0, "cytosine": 1, "guanine": 2, "thymine": 3, "uracil": 3,
]

/// A number from 0 to a limit.
func number(
  _ text: String, upTo limit: Double = .infinity, of element: XMLElement, file: String
) throws(MotifXMLError) -> Double {
  guard let number = Double(text), number >= 0, number <= limit else {
    throw MotifXMLError(file: file, line: element.line, .badNumber(text))
  }
  return number
}

/// The most sites, and positions, that a motif may say it has.
let largestCount = 1e15

/// Checks that a motif has the number of positions that it says, and one at least.
func checkCount(
  _ found: Int, _ text: String?, of element: XMLElement, file: String
) throws(MotifXMLError) {
  let expected = try text.map { text throws(MotifXMLError) in
    Int(try number(text, upTo: largestCount, of: element, file: file))
  }
  guard found > 0, expected ?? found == found else {
    throw MotifXMLError(
      file: file, line: element.line, .columns(found: found, expected: expected ?? 1))
  }
}

extension String {
  /// The words of a text, with one space between them.
  var words: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
