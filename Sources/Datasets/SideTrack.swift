public import Genomics
internal import GenomicsIO
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

extension [SideTrack] {
  /// Puts the means beside examples, each of which has a place in the genome.
  ///
  /// - Throws: `ByteError`; `EmptyInputError` if a track has none of the sequences.
  public func read(into examples: inout [Example], threads: Int) throws {
    guard !isEmpty, !examples.isEmpty else { return }
    let intervals = examples.map(\.interval)
    let tracks = self
    let means = concurrentMap(examples.count, threads: threads) { index in
      Result {
        try tracks.map { track in try intervals[index].map { try track.mean(of: $0) } ?? .nan }
      }
    }
    for index in examples.indices { examples[index].bases.side = try means[index].get() }
    for (number, track) in enumerated()
    where examples.allSatisfy({ $0.bases.side[number].isNaN }) {
      throw EmptyInputError(
        description:
          "\(track.file.escapedForTerminal): has none of the sequences that the examples are on; give a track of the same genome"
      )
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
