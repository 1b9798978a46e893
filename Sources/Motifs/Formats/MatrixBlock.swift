import Genomics

/// What is wrong with a motif, and in which line.
struct MatrixFault: Error {
  let line: Int
  let problem: JASPARProblem
}

/// A line `>NAME` and the rows behind it.
struct MatrixBlock {
  /// What a row of a matrix holds.
  enum Layout: Hashable {
    /// JASPAR: A, C, G and T have a row each.
    case rowPerBase
    /// HOMER: each position has a row of four numbers.
    case rowPerPosition
  }

  let line: Int
  /// What stands behind `>`.
  let header: String
  var rows: [(line: Int, text: String)] = []

  init(line: Int, header: String) {
    (self.line, self.header) = (line, header)
  }

  /// `CONSENSUS`, `NAME`, `THRESHOLD` and more of HOMER's header, which tabs separate; `nil` for another header.
  private var homerHeader: (consensus: String, name: String, header: HOMERHeader)? {
    let fields = header.split(separator: "\t", omittingEmptySubsequences: false).map(\.trimmed)
    guard fields.count > 2, rows.allSatisfy({ !$0.text.isSequence }),
      let header = HOMERHeader(fields: Array(fields[2...]))
    else { return nil }
    return (fields[0], fields[1], header)
  }

  var name: String {
    homerHeader?.name ?? header.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
  }

  private var alternateName: String? {
    homerHeader?.consensus
      ?? header.split(whereSeparator: \.isWhitespace).dropFirst().first.map(String.init)
  }

  /// The numbers of all rows, if all rows hold four and nothing else.
  private var fours: [SIMD4<Double>]? {
    let numbers = rows.compactMap { $0.text.fourNumbers }
    return numbers.count == rows.count ? numbers : nil
  }

  /// The layout that header and shape tell; `nil` for four rows of four numbers.
  var certainLayout: Layout? {
    if homerHeader != nil { return .rowPerPosition }
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
    if let position = sums.firstIndex(of: 0) {
      throw MatrixFault(line: line, problem: .emptyColumn(position: position + 1))
    }
    var motif = Motif(
      name: name, alternateName: alternateName, matrix: columns,
      mayBeOneSite: layout == .rowPerBase)
    motif.homer = homerHeader?.header
    return motif
  }

  private func columnsOfPositions() throws(MatrixFault) -> [SIMD4<Double>] {
    guard !rows.isEmpty else {
      throw MatrixFault(line: line, problem: .rows(motif: name, found: 0))
    }
    var columns: [SIMD4<Double>] = []
    for row in rows {
      guard let numbers = row.text.fourNumbers, numbers.min() >= 0, numbers.sum().isFinite else {
        throw MatrixFault(line: row.line, problem: .badPosition(row.text.trimmed))
      }
      columns.append(numbers)
    }
    return columns
  }

  private func columnsOfBases() throws(MatrixFault) -> [SIMD4<Double>] {
    var counts: [[Double]] = []
    for row in rows {
      guard counts.count < Alphabet.dna.count else {
        throw MatrixFault(line: row.line, problem: .rows(motif: name, found: counts.count + 1))
      }
      counts.append(try self.counts(row, after: counts))
    }
    guard counts.count == Alphabet.dna.count else {
      throw MatrixFault(line: line, problem: .rows(motif: name, found: counts.count))
    }
    return counts[0].indices.map { position in SIMD4(counts.map { $0[position] }) }
  }

  /// The counts of the next base.
  private func counts(_ row: (line: Int, text: String), after others: [[Double]])
    throws(MatrixFault) -> [Double]
  {
    let base = Array(Alphabet.dna.text)[others.count].description
    var words = row.text.split { $0.isWhitespace || "[]|".contains($0) }
    if let word = words.first?.uppercased(), word == base || word == "U" && base == "T" {
      words.removeFirst()
    }
    let counts = words.compactMap { Double($0) }
    guard !words.isEmpty, counts.count == words.count,
      counts.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { throw MatrixFault(line: row.line, problem: .badRow(row.text.trimmed, base: base)) }
    if let first = others.first, counts.count != first.count {
      throw MatrixFault(
        line: row.line, problem: .unequalRows(count: counts.count, expected: first.count))
    }
    return counts
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
      self.init(
        name: name, alternateName: alternateName,
        probabilities: ProbabilityMatrix(normalizing: matrix))
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
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Whether a row is made of letters, as one of FASTA; one letter may be a base's row without counts.
  fileprivate var isSequence: Bool {
    let text = trimmed
    return text.count > 1 && text.allSatisfy(\.isLetter)
  }

  fileprivate var fourNumbers: SIMD4<Double>? {
    let words = split(whereSeparator: \.isWhitespace)
    let numbers = words.compactMap { Double($0) }
    return words.count == Alphabet.dna.count && numbers.count == words.count ? SIMD4(numbers) : nil
  }
}
