public import Genomics

/// A sequence of a genome.
public struct GenomeSequence: Equatable, Sendable {
  public let name: String
  /// The number of bases.
  public let length: Int

  public init(name: String, length: Int) {
    self.name = name
    self.length = length
  }
}

/// A FASTA file whose bases can be read anywhere. Safe to use from many threads.
///
/// A plain or BGZF file is read where it stands, through the `.fai` (and `.gzi`) beside it or an
/// index made in memory; nothing is written. Any other gzip, a pipe, or a file with lines that no
/// index can describe is kept in memory, one byte a base.
public final class Genome: Sendable {
  /// In file order.
  public let sequences: [GenomeSequence]
  private let contents: Contents
  private let indexOfName: [String: Int]

  private enum Contents {
    case memory([[UInt8]])
    case file(IndexedFASTA)
  }

  /// - Throws: `ByteError`, `FASTAError` (two sequences of one name too), `IndexError` where an
  ///   index beside the file does not describe it.
  public convenience init(path: String) throws {
    if let file = try IndexedFASTA(path: path) {
      try self.init(path: path, file)
    } else {
      let records = try readFASTA(path)
      let sequences = records.map { GenomeSequence(name: $0.name, length: $0.length) }
      try self.init(
        path: path, sequences: sequences, contents: .memory(records.map(\.bases.codes)))
    }
  }

  /// A genome that is read where it stands; `nil` for one that had to be kept in memory.
  ///
  /// - Throws: What `init(path:)` throws.
  public convenience init?(inPlace path: String) throws {
    guard let file = try IndexedFASTA(path: path) else { return nil }
    try self.init(path: path, file)
  }

  private convenience init(path: String, _ file: IndexedFASTA) throws {
    let sequences = file.records.map { GenomeSequence(name: $0.name, length: $0.length) }
    try self.init(path: path, sequences: sequences, contents: .file(file))
  }

  private init(path: String, sequences: [GenomeSequence], contents: Contents) throws {
    self.sequences = sequences
    self.contents = contents
    indexOfName = Dictionary(
      sequences.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    for (index, sequence) in sequences.enumerated() {
      if indexOfName[sequence.name] != index {
        throw FASTAError(file: path, .duplicateName(sequence.name))
      }
      if sequence.length == 0 { throw FASTAError(file: path, .noBases(name: sequence.name)) }
    }
    if sequences.isEmpty { throw FASTAError(file: path, .empty) }
  }

  /// The number of bases of a sequence; `nil` if none has the name.
  public func length(of name: String) -> Int? {
    indexOfName[name].map { sequences[$0].length }
  }

  /// The bases of an interval.
  ///
  /// - Throws: `ByteError`, `FASTAError`, `IndexError` where the file can't be read or isn't what
  ///   its index says.
  /// - Precondition: The interval lies inside a sequence of the genome.
  public func bases(in interval: GenomicInterval) throws -> EncodedSequence {
    guard let index = indexOfName[interval.sequence] else {
      preconditionFailure("no sequence \(interval.sequence)")
    }
    precondition(
      interval.start >= 0 && interval.end <= sequences[index].length,
      "[\(interval.start), \(interval.end)) of \(sequences[index].length) bases")
    let range = interval.start..<interval.end
    switch contents {
    case .memory(let codes): return EncodedSequence(codes: Array(codes[index][range]))
    case .file(let file): return EncodedSequence(codes: try file.codes(of: index, in: range))
    }
  }
}
