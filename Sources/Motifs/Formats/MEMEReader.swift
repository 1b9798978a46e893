import Genomics

/// Reads motifs in MEME's minimal text format, or in the fuller text that MEME writes, line by line.
///
/// As MEME Suite does, it takes a file without `strands:` or background, letters U for T, an alphabet that is
/// defined letter by letter, a matrix without `w=` (it ends at the first line that is no row) or `nsites=`; it passes
/// over `log-odds matrix:` blocks and all text it doesn't know. Rows sum to 1 ± 0.1. Motifs that can't be used are
/// passed over.
struct MEMEReader {
  private let file: String
  private let lines: [ArraySlice<UInt8>]
  /// The index of the line that is read next, which is the number of the line read last.
  private var next = 0
  /// What has been read of the lines before the motifs.
  private(set) var header = MEMEHeader()
  /// The motifs that can't be used.
  private(set) var passedOver: [PassedOverMotif] = []
  /// The motif whose matrix is due.
  private var heading: Heading?
  /// Whether what follows belongs to a motif that can't be used.
  private var isPassingOver = false

  init(_ text: [UInt8], file: String) {
    self.file = file
    lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    header.strands = nil
  }

  mutating func motifs() throws -> [Motif] {
    var motifs: [Motif] = []
    while let words = nextWords() {
      switch words.first {
      case let word? where word.hasPrefix("ALPHABET="):
        header.alphabet = try alphabet(letters: String(words.joined().dropFirst(9)))
      case "ALPHABET":
        header.alphabet = try definedAlphabet()
      case "strands:":
        header.strands = words.dropFirst().joined(separator: " ")
      case "Background" where words.dropFirst().first == "letter":
        try readFrequencies()
      case "MOTIF":
        if let heading { passOver(heading.lacksMatrix(in: file)) }
        isPassingOver = false
        do { heading = try Heading(words, line: next, file: file) } catch { passOver(error) }
      case "letter-probability" where !isPassingOver:
        do { motifs.append(try motif(keys: words.dropFirst(2))) } catch { passOver(error) }
        heading = nil
      case "URL" where heading == nil && !isPassingOver && !motifs.isEmpty:
        motifs[motifs.count - 1].url = words.dropFirst().first
      default:
        continue
      }
    }
    if let heading { passOver(heading.lacksMatrix(in: file)) }
    guard !motifs.isEmpty else {
      throw passedOver.first?.error
        ?? MEMEError(file: file, .noMotif) as any Failure
    }
    return motifs
  }

  private mutating func passOver(_ error: MEMEError) {
    passedOver.append(PassedOverMotif(name: heading?.name, error: error))
    (heading, isPassingOver) = (nil, true)
  }

  /// The words of the next line: an empty list for an empty line, `nil` at the end of the file.
  private mutating func nextWords() -> [String]? {
    guard next < lines.count else { return nil }
    defer { next += 1 }
    return lines[next].split { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private func alphabet(letters: String) throws -> Alphabet {
    guard let alphabet = Alphabet(nucleotides: letters) else { throw error(.alphabet(letters)) }
    return alphabet
  }

  /// An alphabet between `ALPHABET "NAME"` and `END ALPHABET`: lines of a letter, of two that pair (`A ~ T`), or of
  /// a letter that stands for others (`N = ACGT`), with names and colours.
  private mutating func definedAlphabet() throws -> Alphabet {
    let line = next
    var letters: Set<String> = []
    while let words = nextWords(), words.first != "END" {
      guard let first = words.first, !first.hasPrefix("#"), !words.contains("=") else { continue }
      letters.insert(first)
      if let tilde = words.firstIndex(of: "~"), tilde + 1 < words.count {
        letters.insert(words[tilde + 1])
      }
    }
    let all = letters.sorted().joined()
    guard let alphabet = Alphabet(nucleotides: all) else {
      throw MEMEError(file: file, line: line, .alphabet(all))
    }
    return alphabet
  }

  /// Four letters with their frequencies, on one line or more.
  private mutating func readFrequencies() throws {
    var words: [String] = []
    while words.count < 2 * Alphabet.dna.count, let more = nextWords(), !more.isEmpty {
      words += more
    }
    let letters = stride(from: 0, to: words.count, by: 2).map { words[$0] }
    let numbers = stride(from: 1, to: words.count, by: 2).compactMap { Double(words[$0]) }
    guard words.count == 2 * Alphabet.dna.count, numbers.count == Alphabet.dna.count,
      letters.allSatisfy({ $0.utf8.count == 1 }), Alphabet(nucleotides: letters.joined()) != nil,
      let background = Background(SIMD4(numbers))
    else { throw error(.badBackground(words.joined(separator: " "))) }
    (header.background, header.givenFrequencies) = (background, SIMD4(numbers))
  }

  private mutating func motif(keys: ArraySlice<String>) throws(MEMEError) -> Motif {
    guard let heading else { throw error(.matrixBeforeMotif) }
    let line = next
    let values = Values(keys)
    if let length = values["alength"], length != "4" {
      throw error(.badValue(key: "alength", text: length))
    }
    let width: Int? = try number("w", in: values)
    let siteCount: Double? = try number("nsites", in: values, below: 1e15)
    let eValue: Double? = try number("E", in: values)
    let columns = try rows(width: width)
    guard columns.count == width ?? columns.count, !columns.isEmpty else {
      throw MEMEError(file: file, line: line, .rows(found: columns.count, width: width))
    }
    var motif = Motif(
      name: heading.name, alternateName: heading.alternateName, givenProbabilities: columns,
      siteCount: siteCount.flatMap(MEMEFigures.siteCount), eValue: eValue)
    motif.meme = MEMEFigures(siteCount: values["nsites"], eValue: values["E"])
    return motif
  }

  /// The number that a key has; `nil` if it isn't given.
  private func number<Number: LosslessStringConvertible & Numeric & Comparable>(
    _ key: String, in values: Values, below limit: Number? = nil
  ) throws(MEMEError) -> Number? {
    guard let text = values[key] else { return nil }
    guard let number = Number(text), number >= .zero, limit.map({ number < $0 }) ?? true else {
      throw error(.badValue(key: key, text: text))
    }
    return number
  }

  /// The rows of a matrix: `width` of them, or else all up to the first line that is no row.
  private mutating func rows(width: Int?) throws(MEMEError) -> [SIMD4<Double>] {
    var rows: [SIMD4<Double>] = []
    while rows.count < width ?? .max {
      let before = next
      guard let words = nextWords() else { break }
      guard let first = words.first, Double(first) != nil || width != nil && !isKeyword(first)
      else {
        next = before
        break
      }
      let numbers = words.compactMap { Double($0) }
      guard words.count == Alphabet.dna.count, numbers.count == words.count,
        numbers.allSatisfy({ $0 >= 0 })
      else {
        throw error(.notFourNumbers(words.joined(separator: " ")))
      }
      let row = SIMD4(numbers)
      guard ProbabilityMatrix.accepts(row) else { throw error(.badSum(row.sum())) }
      rows.append(row)
    }
    return rows
  }

  private func isKeyword(_ word: String) -> Bool {
    ["MOTIF", "URL", "letter-probability", "log-odds"].contains(word)
  }

  private func error(_ problem: MEMEProblem) -> MEMEError {
    MEMEError(file: file, line: next, problem)
  }
}

extension MEMEReader {
  /// A line `MOTIF NAME [ALTERNATE]`.
  private struct Heading {
    let name: String
    let alternateName: String?
    let line: Int

    init(_ words: [String], line: Int, file: String) throws(MEMEError) {
      guard words.count > 1 else { throw MEMEError(file: file, line: line, .unnamedMotif) }
      name = words[1]
      // MEME's own reports go on with `width = …`.
      alternateName = words.count > 2 && words[2] != "width" ? words[2] : nil
      self.line = line
    }

    func lacksMatrix(in file: String) -> MEMEError {
      MEMEError(file: file, line: line, .noMatrix(motif: name))
    }
  }

  /// The pairs `KEY= VALUE` after `letter-probability matrix:`.
  private struct Values {
    private let fields: [Substring]

    init(_ words: ArraySlice<String>) {
      fields = words.flatMap { $0.split(separator: "=") }
    }

    subscript(key: String) -> String? {
      guard let index = fields.firstIndex(where: { $0 == key }) else { return nil }
      return index + 1 < fields.count ? String(fields[index + 1]) : ""
    }
  }
}

extension Alphabet {
  /// DNA or RNA, whose letters in the order of their codes these are, in either case.
  init?(nucleotides letters: String) {
    guard let alphabet = [Alphabet.dna, .rna].first(where: { $0.text == letters.uppercased() })
    else { return nil }
    self = alphabet
  }
}
