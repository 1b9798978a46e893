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

/// The records of a FASTA file, in file order.
///
/// - Throws: `ByteError`, `FASTAError`.
public func readFASTA(_ path: String, alphabet: Alphabet = .dna) throws -> [DNASequence] {
  var reader = try FASTAReader(path: path, alphabet: alphabet)
  var sequences: [DNASequence] = []
  while let sequence = try reader.next() { sequences.append(sequence) }
  return sequences
}
