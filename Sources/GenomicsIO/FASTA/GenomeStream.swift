public import Genomics

/// A stretch of one sequence of a FASTA file.
public struct GenomeChunk: Equatable, Sendable {
  /// The name of the sequence.
  public let sequence: String
  /// The 0-based position of the first base.
  public let start: Int
  /// One code a base, as in `EncodedSequence`.
  public let codes: [UInt8]
  /// Whether the sequence ends with this chunk.
  public let isLast: Bool

  public init(sequence: String, start: Int, codes: [UInt8], isLast: Bool) {
    self.sequence = sequence
    self.start = start
    self.codes = codes
    self.isLast = isLast
  }
}

/// Reads the sequences of a FASTA file, gzip or not, chunk after chunk.
///
/// Lower case, RNA, every IUPAC letter, lines of any length, blank lines and blanks within lines
/// are read; whatever else stands among bases is refused. Memory is bounded by the chunk's length.
public struct GenomeStream: ~Copyable {
  private var bytes: ByteReader
  private var input: [UInt8]
  private var position: Int
  private var end: Int
  private var line = 1
  private var followsCarriageReturn = false
  private var isLineStart = true

  /// The bases of the chunk in the making.
  private var codes: [UInt8]
  private var codeCount = 0
  /// The sequence that is being read; `nil` before a header.
  private var sequence: String?
  private var headerLine: Int?
  private var start = 0
  private let alphabet: Alphabet
  /// The names so far, where each may come once.
  private var names: Set<String>?

  /// - Parameters:
  ///   - chunkLength: The number of bases of each chunk but the last of a sequence.
  ///   - uniqueNames: Whether two sequences of one name are refused, as in a genome.
  /// - Throws: `ByteError`.
  /// - Precondition: `chunkLength` is at least 1.
  public init(
    path: String, chunkLength: Int, uniqueNames: Bool = true, alphabet: Alphabet = .dna
  ) throws {
    precondition(chunkLength >= 1, "chunks of \(chunkLength) bases")
    var bytes = try ByteReader(path: path)
    var input = [UInt8](repeating: 0, count: 1 << 18)
    let count = try bytes.read(into: &input)
    let start = try TextEncoding.start(of: input[..<count], file: bytes.name)
    try TextFormat.expect(.fasta, in: input[start..<count], file: bytes.name)
    self.bytes = bytes
    self.alphabet = alphabet
    self.input = input
    (position, end) = (start, count)
    codes = [UInt8](repeating: 0, count: chunkLength)
    names = uniqueNames ? [] : nil
  }

  /// How much of the file has been read.
  public var progress: ReadingProgress { bytes.progress }

  /// The next chunk; `nil` after the last.
  ///
  /// - Throws: `ByteError`, `FASTAError` with the line.
  public mutating func next() throws -> GenomeChunk? {
    if sequence == nil {
      guard try skipBlanks() else {
        if headerLine == nil { throw problem(.empty, line: nil) }
        return nil
      }
      headerLine = line
      let name = try readHeader()
      if names?.insert(name).inserted == false {
        throw problem(.duplicateName(name), line: headerLine)
      }
      sequence = name
      start = 0
    }
    let name = sequence!
    codeCount = 0
    while try skipBlanks(), !isAtHeader, codeCount < codes.count {
      try encode()
    }
    let isLast = position == end || isAtHeader
    guard start + codeCount > 0 else { throw problem(.noBases(name: name), line: headerLine) }
    let chunk = GenomeChunk(
      sequence: name, start: start, codes: Array(codes[..<codeCount]), isLast: isLast)
    start += codeCount
    if isLast { sequence = nil }
    return chunk
  }

  private var isAtHeader: Bool {
    isLineStart && position < end && input[position] == UInt8(ascii: ">")
  }

  /// Encodes the bases up to the next other byte, or to the end of the input or of the chunk.
  private mutating func encode() throws {
    let count = min(end - position, codes.count - codeCount)
    let (from, to) = (position, codeCount)
    let (table, unknown) = (alphabet.codeOfLetter, alphabet.unknown)
    let encoded = input.withUnsafeBufferPointer { input in
      codes.withUnsafeMutableBufferPointer { codes in
        table.withUnsafeBufferPointer { table in
          for index in 0..<count {
            let code = table[Int(input[from + index])]
            if code > unknown { return index }
            codes[to + index] = code
          }
          return count
        }
      }
    }
    guard encoded > 0 else { throw problem(notALetter, line: line) }
    position += encoded
    codeCount += encoded
    isLineStart = false
    followsCarriageReturn = false
  }

  /// What is wrong with the byte that can't be encoded.
  private var notALetter: FASTAProblem {
    let byte = input[position]
    return alphabet == .protein ? .notAnAminoAcid(byte: byte) : .notABase(byte: byte)
  }

  /// Skips line ends and blanks, reading on where need be.
  ///
  /// - Returns: Whether another byte follows.
  private mutating func skipBlanks() throws -> Bool {
    while true {
      if position == end { try refill() }
      guard position < end else { return false }
      switch input[position] {
      case lineFeed: endLine(isCarriageReturn: false)
      case carriageReturn: endLine(isCarriageReturn: true)
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        followsCarriageReturn = false
        isLineStart = false
      default: return true
      }
      position += 1
    }
  }

  private mutating func endLine(isCarriageReturn: Bool) {
    if isCarriageReturn || !followsCarriageReturn { line += 1 }
    followsCarriageReturn = isCarriageReturn
    isLineStart = true
  }

  /// Reads a header up to the end of its line, and gives the name in it.
  private mutating func readHeader() throws -> String {
    guard isAtHeader else { throw problem(.noHeader(firstByte: input[position]), line: line) }
    var header: [UInt8] = []
    while position < end {
      let rest = input[position..<end]
      let stop = rest.firstIndex { $0 == lineFeed || $0 == carriageReturn } ?? end
      header += input[position..<stop]
      position = stop
      if stop < end { break }
      try refill()
    }
    isLineStart = false
    followsCarriageReturn = false
    do throws(FASTAProblem) {
      return try sequenceName(inHeader: header)
    } catch {
      throw problem(error, line: line)
    }
  }

  private mutating func refill() throws {
    position = 0
    end = try bytes.read(into: &input)
  }

  private func problem(_ problem: FASTAProblem, line: Int?) -> FASTAError {
    FASTAError(file: bytes.name, line: line, problem)
  }
}
