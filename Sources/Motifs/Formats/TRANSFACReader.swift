import Genomics

/// Reads motifs in TRANSFAC's format, entry by entry: lines that begin with a key of two letters, up to `//`.
///
/// A motif's name is its accession (`AC`), else its identifier (`ID`), which is the second name beside an
/// accession. A matrix begins behind `P0` (or `PO`, as many files have it) and ends at the first line that doesn't
/// begin with a number; a letter behind the counts is the consensus. Other lines are kept as they are. Entries
/// without a name and a matrix, such as the version, are passed over.
struct TRANSFACReader {
  private struct Entry {
    var line = 0
    var accession: String?
    var identifier: String?
    var columns: [SIMD4<Double>]?
    var rest = TRANSFACEntry()

    var name: String? { accession ?? identifier }
  }

  private let file: String
  private var entry = Entry()
  private var isInMatrix = false
  private(set) var motifs: [Motif] = []
  private(set) var passedOver: [PassedOverMotif] = []

  /// - Throws: `TRANSFACError` if no motif can be used.
  init(_ lines: [String], file: String) throws {
    self.file = file
    for (index, line) in lines.enumerated() { read(line, number: index + 1) }
    end()
    guard !motifs.isEmpty else {
      throw passedOver.first?.error ?? TRANSFACError(file: file, .unnamedMotif) as any Failure
    }
  }

  /// Whether a file is in this format: a matrix has a header.
  static func recognizes(_ lines: [String]) -> Bool {
    lines.contains { line in
      let words = line.split(whereSeparator: \.isWhitespace)
      return words.first.map(isMatrixKey) ?? false && words.count == Alphabet.dna.count + 1
        && words[1...].allSatisfy { $0.count == 1 }
    }
  }

  private static func isMatrixKey(_ word: Substring) -> Bool { word == "P0" || word == "PO" }

  private mutating func read(_ line: String, number: Int) {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard let key = words.first else { return }
    let isRow = isInMatrix && key.first!.isNumber
    isInMatrix = isRow
    switch key {
    case _ where isRow: addRow(words, line: line, number: number)
    case "//": end()
    case "AC": entry.accession = words.dropFirst().first.map(String.init)
    case "ID": entry.identifier = words.dropFirst().first.map(String.init)
    case _ where Self.isMatrixKey(key):
      beginMatrix(letters: words.dropFirst().joined(), number: number)
    default: entry.rest.add(key, words.dropFirst(), isBehindMatrix: entry.columns != nil)
    }
    if entry.line == 0, entry.name != nil { entry.line = number }
  }

  private mutating func beginMatrix(letters: String, number: Int) {
    entry.line = number
    guard Alphabet(nucleotides: letters) != nil else {
      return passOver(number, .letters(letters))
    }
    (entry.columns, isInMatrix) = ([], true)
  }

  private mutating func addRow(_ words: [Substring], line: String, number: Int) {
    guard let columns = entry.columns else { return }
    let numbers = words.dropFirst().prefix(Alphabet.dna.count).compactMap { Double($0) }
    guard numbers.count == Alphabet.dna.count, words.count <= Alphabet.dna.count + 2,
      numbers.allSatisfy({ $0 >= 0 }), numbers.reduce(0, +).isFinite
    else { return passOver(number, .badRow(line)) }
    guard numbers.contains(where: { $0 > 0 }) else {
      return passOver(number, .emptyColumn(position: columns.count + 1))
    }
    entry.columns = columns + [SIMD4(numbers)]
    entry.rest.consensus.append(
      words.dropFirst(Alphabet.dna.count + 1).first.map(String.init) ?? "")
  }

  /// Passes over the entry's matrix, whose other rows aren't looked at.
  private mutating func passOver(_ line: Int, _ problem: TRANSFACProblem) {
    passedOver.append(
      PassedOverMotif(
        name: entry.name, error: TRANSFACError(file: file, line: line, problem)))
    entry = Entry()
  }

  private mutating func end() {
    defer { entry = Entry() }
    switch (entry.name, entry.columns) {
    case (nil, nil): break
    case (nil, _?): passOver(entry.line, .unnamedMotif)
    case (let name?, nil): passOver(entry.line, .noMatrix(motif: name))
    case (let name?, let columns?):
      guard !columns.isEmpty else { return passOver(entry.line, .noMatrix(motif: name)) }
      let second = entry.accession == nil ? nil : entry.identifier
      var motif = Motif(name: name, alternateName: second == name ? nil : second, matrix: columns)
      motif.transfac = entry.rest
      motifs.append(motif)
    }
  }
}
