public import Genomics

/// Reads the records of a FASTA file, gzip or not, or of standard input for the path `-`.
///
/// What is read and refused is what `GenomeStream` reads and refuses, but several records may have
/// one name.
public struct FASTAReader: ~Copyable {
  private var stream: GenomeStream
  private let alphabet: Alphabet

  /// - Throws: `ByteError`.
  public init(path: String, alphabet: Alphabet = .dna) throws {
    self.alphabet = alphabet
    stream = try GenomeStream(
      path: path, chunkLength: 1 << 20, uniqueNames: false, alphabet: alphabet)
  }

  /// How much of the file has been read.
  public var progress: ReadingProgress { stream.progress }

  /// The next record; `nil` after the last.
  ///
  /// - Throws: `ByteError`, `FASTAError` with the line.
  public mutating func next() throws -> DNASequence? {
    guard var chunk = try stream.next() else { return nil }
    var codes = chunk.codes
    while !chunk.isLast, let following = try stream.next() {
      codes += following.codes
      chunk = following
    }
    return DNASequence(
      name: chunk.sequence, bases: EncodedSequence(codes: codes, alphabet: alphabet))
  }
}

/// The number of records of a FASTA file, to tell how long it takes to work through them.
///
/// - Returns: `nil` for a file that can't be read twice, is larger than `most` bytes, or has a fault.
public func recordCount(ofFASTA path: String, most: Int) -> Int? {
  guard path != "-", let size = (try? InputFile(path: path))?.size, size <= most,
    var reader = try? ByteReader(path: path)
  else { return nil }
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  var (count, isLineStart) = (0, true)
  while true {
    guard let length = try? reader.read(into: &buffer) else { return nil }
    if length == 0 { return count }
    for byte in buffer[..<length] {
      if isLineStart, byte == UInt8(ascii: ">") { count += 1 }
      isLineStart = byte == lineFeed || byte == carriageReturn
    }
  }
}

/// The records of a FASTA file, in file order.
///
/// - Throws: `ByteError`, `FASTAError`.
public func readFASTA(_ path: String, alphabet: Alphabet = .dna) throws -> [DNASequence] {
  var reader = try FASTAReader(path: path, alphabet: alphabet)
  var sequences: [DNASequence] = []
  while let sequence = try reader.next() { sequences.append(sequence) }
  return sequences
}
