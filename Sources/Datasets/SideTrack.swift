public import Genomics
public import GenomicsIO
internal import Parallel

/// A track whose mean over each window is read beside the window's bases.
public struct SideTrack: Sendable {
  public let name: String
  public let file: String
  private let track: BigWigTrack
  private let naming: SequenceNaming

  /// - Throws: `ByteError`.
  public init(name: String, path: String) throws {
    (self.name, file) = (name, path)
    track = try BigWigTrack(path: path)
    naming = SequenceNaming(known: track.sequences.map(\.name))
  }

  /// The mean over an interval; `chr20` and `20` are one sequence. Not a number if the track hasn't the sequence.
  ///
  /// - Throws: `ByteError`.
  public func mean(of interval: GenomicInterval) throws -> Float {
    guard let name = naming.resolve(interval.sequence) else { return .nan }
    return try track.mean(of: interval.renamed(name)) ?? .nan
  }
}

extension SideTrack {
  /// Whether the track has a sequence; `chr20` and `20` are one.
  func has(_ sequence: String) -> Bool { naming.resolve(sequence) != nil }

  fileprivate var isOfAnotherGenome: EmptyInputError {
    EmptyInputError(
      description:
        "\(file.escapedForTerminal): has none of the sequences that are read; give a track of the same genome"
    )
  }

  /// The means over each window of `length` bases in an interval, one per base that such a window begins at; not numbers
  /// if the track hasn't the sequence.
  ///
  /// - Throws: `ByteError`.
  public func means(ofWindows length: Int, in interval: GenomicInterval) throws -> [Float] {
    let known = try naming.resolve(interval.sequence).flatMap {
      try track.means(ofWindows: length, in: interval.renamed($0))
    }
    return known ?? [Float](repeating: .nan, count: max(0, interval.length - length + 1))
  }
}

extension [SideTrack] {
  /// The bases of an interval with the means over it beside them.
  ///
  /// - Throws: `ByteError`.
  public func beside(_ bases: EncodedSequence, of interval: GenomicInterval) throws
    -> EncodedSequence
  {
    var bases = bases
    bases.side = try means(of: interval)
    return bases
  }

  /// Refuses a track that has none of a genome's sequences.
  ///
  /// - Throws: `EmptyInputError`.
  public func requireSequences(of genome: [GenomeSequence]) throws {
    for track in self where !genome.contains(where: { track.has($0.name) }) {
      throw track.isOfAnotherGenome
    }
  }

  /// The means over an interval, one per track.
  ///
  /// - Throws: `ByteError`.
  public func means(of interval: GenomicInterval) throws -> [Float] {
    try map { try $0.mean(of: interval) }
  }

  /// The means over each window of `length` bases in an interval, `[window][track]`.
  ///
  /// - Throws: `ByteError`.
  public func means(ofWindows length: Int, in interval: GenomicInterval) throws -> [Float] {
    let columns = try map { try $0.means(ofWindows: length, in: interval) }
    guard columns.count != 1 else { return columns[0] }
    return (0..<(columns.first?.count ?? 0)).flatMap { window in columns.map { $0[window] } }
  }

  /// Puts the means beside examples, each of which has a place in the genome.
  ///
  /// - Throws: `ByteError`; `EmptyInputError` if a track has none of the sequences.
  public func read(into examples: inout [Example], threads: Int) throws {
    guard !isEmpty, !examples.isEmpty else { return }
    let intervals = examples.map(\.interval)
    let tracks = self
    let means = concurrentMap(examples.count, threads: threads) { index in
      Result {
        try intervals[index].map { try tracks.means(of: $0) } ?? tracks.map { _ in .nan }
      }
    }
    for index in examples.indices { examples[index].bases.side = try means[index].get() }
    for (number, track) in enumerated()
    where examples.allSatisfy({ $0.bases.side[number].isNaN }) {
      throw track.isOfAnotherGenome
    }
  }
}

extension PreparedDataset {
  /// Puts the means of tracks beside the examples of each side.
  ///
  /// - Throws: What `read(into:threads:)` throws.
  public mutating func read(_ tracks: [SideTrack], threads: Int) throws {
    for side in Side.allCases { try tracks.read(into: &self[side], threads: threads) }
  }
}
