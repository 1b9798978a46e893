import Genomics

/// What is wrong with a motif, and in which line.
struct MatrixFault: Error {
  let line: Int
  let problem: JASPARProblem
}

/// The name of a matrix and the rows behind it.
struct MatrixBlock {
  /// What a row of a matrix holds.
  enum Layout: Hashable {
    /// JASPAR: A, C, G and T have a row each.
    case rowPerBase
    /// HOMER: each position has a row of four numbers.
    case rowPerPosition
  }

  let line: Int
  /// What stands behind `>`; `nil` for a matrix without such a line.
  var header: String?
  private(set) var rows: [(line: Int, text: String)] = []
  /// The base of each column of a row per position, and whether the position's number stands before them, if the
  /// file says so.
  var columns: (order: [Int], isNumbered: Bool)?
  /// The lines on weight and gap that Cluster-Buster reads.
  private(set) var comments: [String] = []
  /// Whether blank lines stand between the rows.
  private var hasGaps = false

  init(line: Int, header: String?) {
    (self.line, self.header) = (line, header)
  }

  /// Whether nothing has been read but names.
  var isHeader: Bool { rows.isEmpty && columns == nil }

  /// Whether a row that follows belongs to another matrix.
  func isComplete(followsBlank: Bool) -> Bool {
    followsBlank && !hasGaps && rows.count >= Alphabet.dna.count
  }

  mutating func add(_ row: String, number: Int, followsBlank: Bool) {
    hasGaps = hasGaps || followsBlank && !rows.isEmpty
    rows.append((number, row))
  }

  mutating func addComment(_ line: String) {
    let text = line.trimmed
    if ["# WEIGHT", "# GAP"].contains(where: text.hasPrefix) { comments.append(text) }
  }

  /// The field of the name and the others of HOMER's header, `CONSENSUS`, `NAME`, `THRESHOLD` and more, which tabs
  /// separate, or spaces if the logarithm of a p-value follows the threshold; `nil` for another header.
  private var homer: (name: String, header: HOMERHeader)? {
    let header = header ?? ""
    var fields = header.split(separator: "\t", omittingEmptySubsequences: false).map(\.trimmed)
    if fields.count == 1 {
      fields = headerWords.map(String.init)
      guard fields.count > 3, fields[0].isConsensus, Double(fields[3]) != nil else { return nil }
    }
    guard fields.count > 2, rows.allSatisfy({ !$0.text.isSequence }),
      let header = HOMERHeader(consensus: fields[0], fields: Array(fields[2...]))
    else { return nil }
    return (fields[1], header)
  }

  /// The words of what stands behind `>`.
  var headerWords: [Substring] { (header ?? "").split(whereSeparator: \.isWhitespace) }

  /// The first word is a name, and the others are a second one.
  private var names: [Substring] {
    homer?.name.split(whereSeparator: \.isWhitespace) ?? headerWords
  }

  var name: String { names.first.map(String.init) ?? "" }

  private var alternateName: String? {
    let words = names.dropFirst()
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  /// The numbers of all rows, if all rows hold four and nothing else.
  private var fours: [SIMD4<Double>]? {
    let numbers = rows.compactMap { fourNumbers($0.text) }
    return numbers.count == rows.count ? numbers : nil
  }

  /// The layout that header and shape tell; `nil` for four rows of four numbers.
  var certainLayout: Layout? {
    if homer != nil || columns != nil { return .rowPerPosition }
    guard let fours, !fours.isEmpty else { return .rowPerBase }
    switch fours.count {
    case Alphabet.dna.count: return nil
    case (Alphabet.dna.count + 1)...: return .rowPerPosition
    // Fewer than four rows are positions, or what is left of a row for each base.
    default: return fours.haveEqualSums ? .rowPerPosition : .rowPerBase
    }
  }

  /// The layout; of four rows of four numbers the sums tell it, as those of one position sum alike.
  ///
  /// - Parameter common: The layout of the file's other motifs, if they have one in common.
  func layout(inFileOf common: Layout?) throws(MatrixFault) -> Layout {
    if let certainLayout { return certainLayout }
    let fours = fours ?? []
    let columns = (0..<Alphabet.dna.count).map { column in SIMD4(fours.map { $0[column] }) }
    let bySums: Layout? =
      switch (fours.haveEqualSums, columns.haveEqualSums) {
      case (true, false): .rowPerPosition
      case (false, true): .rowPerBase
      default: nil
      }
    guard let layout = bySums ?? common, common ?? layout == layout else {
      throw MatrixFault(line: line, problem: .ambiguous(motif: name))
    }
    return layout
  }

  func motif(_ layout: Layout) throws(MatrixFault) -> Motif {
    guard !name.isEmpty else { throw MatrixFault(line: line, problem: .unnamedMotif) }
    if let first = rows.first, first.text.isSequence {
      throw MatrixFault(line: first.line, problem: .sequence(motif: name))
    }
    let columns = try layout == .rowPerBase ? columnsOfBases() : columnsOfPositions()
    let sums = columns.map { $0.sum() }
    if let position = sums.firstIndex(where: { $0 == 0 || !$0.isFinite }) {
      throw MatrixFault(line: line, problem: .emptyColumn(position: position + 1))
    }
    var motif = Motif(
      name: name, alternateName: alternateName, matrix: columns,
      mayBeOneSite: layout == .rowPerBase)
    motif.homer = homer?.header
    motif.clusterBuster = comments
    return motif
  }

  private func columnsOfPositions() throws(MatrixFault) -> [SIMD4<Double>] {
    guard !rows.isEmpty else {
      throw MatrixFault(line: line, problem: .rows(motif: name, found: 0))
    }
    var columns: [SIMD4<Double>] = []
    for row in rows {
      guard let numbers = fourNumbers(row.text), numbers.min() >= 0, numbers.sum().isFinite else {
        throw MatrixFault(line: row.line, problem: .badPosition(row.text.trimmed))
      }
      columns.append(numbers)
    }
    return columns
  }

  /// The numbers of A, C, G and T in the row of a position.
  private func fourNumbers(_ row: String) -> SIMD4<Double>? {
    let words = row.split(whereSeparator: \.isWhitespace).dropFirst(
      columns?.isNumbered ?? false ? 1 : 0)
    let numbers = words.compactMap { Double($0) }
    guard words.count == Alphabet.dna.count, numbers.count == words.count else { return nil }
    var bases = SIMD4<Double>()
    for (column, number) in numbers.enumerated() {
      bases[columns?.order[column] ?? column] = number
    }
    return bases
  }

  private func columnsOfBases() throws(MatrixFault) -> [SIMD4<Double>] {
    let letters = rows.compactMap { BaseRow($0.text).letter }
    let isLettered = letters.count == rows.count && Set(letters).count == rows.count
    var counts: [[Double]] = []
    for row in rows {
      guard counts.count < Alphabet.dna.count else {
        throw MatrixFault(line: row.line, problem: .rows(motif: name, found: counts.count + 1))
      }
      counts.append(try self.counts(row, after: counts, mayBeOther: isLettered))
    }
    guard counts.count == Alphabet.dna.count else {
      throw MatrixFault(line: line, problem: .rows(motif: name, found: counts.count))
    }
    // The row of each base.
    let order = isLettered ? Alphabet.dna.text.map { letters.firstIndex(of: $0)! } : Array(0..<4)
    return counts[0].indices.map { position in SIMD4(order.map { counts[$0][position] }) }
  }

  /// The counts of the next base.
  ///
  /// - Parameter mayBeOther: Whether the letter may be another than that of the base whose turn it is.
  private func counts(
    _ row: (line: Int, text: String), after others: [[Double]], mayBeOther: Bool
  ) throws(MatrixFault) -> [Double] {
    let base = Array(Alphabet.dna.text)[others.count]
    let parts = BaseRow(row.text)
    let counts = parts.words.compactMap { Double($0) }
    guard mayBeOther || parts.letter ?? base == base, !parts.words.isEmpty,
      counts.count == parts.words.count, counts.allSatisfy({ $0 >= 0 && $0.isFinite })
    else {
      throw MatrixFault(line: row.line, problem: .badRow(row.text.trimmed, base: "\(base)"))
    }
    if let first = others.first, counts.count != first.count {
      throw MatrixFault(
        line: row.line, problem: .unequalRows(count: counts.count, expected: first.count))
    }
    return counts
  }
}

/// The letter and the numbers of a base's row; U counts as T.
struct BaseRow {
  let letter: Character?
  let words: [Substring]

  init(_ text: String) {
    var words = text.split { $0.isWhitespace || "[]|".contains($0) }
    let first = words.first?.uppercased()
    letter = first.flatMap { word in "ACGT".first { "\($0)" == (word == "U" ? "T" : word) } }
    if letter != nil { words.removeFirst() }
    self.words = words
  }
}

extension Motif {
  /// The motif of a matrix that holds counts or, if each position sums to about 1, probabilities.
  ///
  /// - Parameter mayBeOneSite: Whether zeros and ones alone count the bases of one site.
  init(
    name: String, alternateName: String?, matrix: [SIMD4<Double>], mayBeOneSite: Bool = false
  ) {
    let isWhole = matrix.allSatisfy { $0 == $0.rounded(.toNearestOrEven) }
    if matrix.allSatisfy(ProbabilityMatrix.accepts), !(mayBeOneSite && isWhole) {
      self.init(name: name, alternateName: alternateName, givenProbabilities: matrix)
    } else {
      self.init(name: name, alternateName: alternateName, counts: matrix)
    }
  }
}

extension [SIMD4<Double>] {
  /// Whether the vectors sum to about the same, above 0.
  fileprivate var haveEqualSums: Bool {
    let sums = map { $0.sum() }
    guard let least = sums.min(), let most = sums.max() else { return false }
    return least > 0 && most - least <= 0.05 * most
  }
}

extension StringProtocol {
  var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Whether a row is made of letters, as one of FASTA; one letter may be a base's row without counts.
  var isSequence: Bool {
    let text = trimmed
    return text.count > 1 && text.allSatisfy(\.isLetter)
  }

  /// Whether a word is made of IUPAC's letters for nucleotides.
  var isConsensus: Bool {
    count > 1
      && utf8.allSatisfy { Alphabet.dna.codeOfLetter[Int($0)] <= Alphabet.dna.unknown }
  }
}
