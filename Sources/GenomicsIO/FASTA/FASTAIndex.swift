import Genomics

/// Where the sequences of a FASTA file stand: the contents of a `.fai` file (samtools faidx(5)).
struct FASTAIndex: Equatable, Sendable {
  struct Record: Equatable, Sendable {
    let name: String
    /// The number of bases.
    let length: Int
    /// The offset of the first base in the expanded file.
    let offset: Int
    /// The number of bases in each line but the last.
    let lineBases: Int
    /// The number of bytes of each line, with its end.
    let lineWidth: Int

    /// The offset of a base in the expanded file.
    func offset(of position: Int) -> Int {
      lineBases == 0 ? offset : offset + position / lineBases * lineWidth + position % lineBases
    }

    /// The offset behind the last base in the expanded file.
    var end: Int { length == 0 ? offset : offset(of: length - 1) + 1 }
  }

  let records: [Record]

  /// Room for ten million sequences.
  private static let largest = 1 << 30

  /// Reads a `.fai` file.
  ///
  /// - Throws: `ByteError`; `IndexProblem.malformed` with the line.
  static func read(_ path: String) throws -> FASTAIndex {
    guard try InputFile(path: path).size ?? 0 <= largest else {
      throw ByteError(file: path, .tooLarge(limit: largest))
    }
    var reader = try LineReader(path: path)
    var records: [Record] = []
    while let line = try reader.next() {
      let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      let numbers = fields.dropFirst().compactMap { Int(String(decoding: $0, as: UTF8.self)) }
      guard fields.count == 5, numbers.count == 4, !fields[0].isEmpty,
        let name = String(validating: fields[0], as: UTF8.self),
        numbers.allSatisfy({ $0 >= 0 && $0 < 1 << 48 }),
        numbers[3] >= numbers[2], numbers[2] > 0 || numbers[0] == 0
      else { throw IndexError(file: path, line: reader.lineNumber, .malformed) }
      records.append(
        Record(
          name: name, length: numbers[0], offset: numbers[1], lineBases: numbers[2],
          lineWidth: numbers[3]))
    }
    return FASTAIndex(records: records)
  }

  /// Makes the index of a FASTA file, checking every letter.
  ///
  /// - Returns: `nil` if the lines of a sequence differ in length, so that no index is possible.
  /// - Throws: `ByteError`, `FASTAError` with the line.
  static func make(of path: String) throws -> FASTAIndex? {
    var reader = try LineReader(path: path)
    try reader.expect(.fasta)
    var maker = Maker()
    while true {
      let offset = reader.offset
      guard let line = try reader.next() else { break }
      do throws(FASTAProblem) {
        try maker.add(line, offset: offset, width: reader.offset - offset)
      } catch {
        throw FASTAError(file: reader.name, line: reader.lineNumber, error)
      }
      if !maker.isRegular { return nil }
    }
    return FASTAIndex(records: maker.finished())
  }
}

extension FASTAIndex {
  /// Gathers the records of an index, line by line.
  private struct Maker {
    private var records: [Record] = []
    private var names: Set<String> = []
    private var name: String?
    private var length = 0
    private var offset = 0
    private var lineBases = 0
    private var lineWidth = 0
    /// Whether a line shorter than those before it has come, which only the last may be.
    private var hasShortLine = false
    private(set) var isRegular = true

    mutating func add(_ line: [UInt8], offset: Int, width: Int) throws(FASTAProblem) {
      if line.first == UInt8(ascii: ">") {
        finish()
        let name = try sequenceName(inHeader: line)
        guard names.insert(name).inserted else { throw .duplicateName(name) }
        self.name = name
        self.offset = offset + width
      } else if line.isEmpty {
        hasShortLine = name != nil
      } else if name == nil {
        throw .noHeader(firstByte: line[0])
      } else {
        try addBases(line, width: width)
      }
    }

    private mutating func addBases(_ line: [UInt8], width: Int) throws(FASTAProblem) {
      if let other = line.first(where: { EncodedSequence.code(of: $0) > EncodedSequence.unknown }) {
        guard other == UInt8(ascii: " ") || other == UInt8(ascii: "\t") else {
          throw .notABase(byte: other)
        }
        isRegular = false
      }
      if length == 0 { (lineBases, lineWidth) = (line.count, width) }
      let end = width - line.count
      if hasShortLine || line.count > lineBases || (end > 0 && end != lineWidth - lineBases) {
        isRegular = false
      }
      hasShortLine = line.count < lineBases
      length += line.count
    }

    private mutating func finish() {
      guard let name else { return }
      records.append(
        Record(
          name: name, length: length, offset: offset, lineBases: lineBases, lineWidth: lineWidth))
      (length, lineBases, lineWidth, hasShortLine) = (0, 0, 0, false)
    }

    mutating func finished() -> [Record] {
      finish()
      return records
    }
  }
}
