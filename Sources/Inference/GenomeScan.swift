internal import GenomicsIO
public import Networks
internal import Tensors

/// The scores of consecutive windows of one sequence.
public struct ScannedStretch: Sendable {
  public let sequence: String
  /// The 0-based start of the first window; the next begins one base on.
  public let start: Int
  public let scores: WindowScores
  /// Whether the sequence ends with these windows.
  public let isLast: Bool

  package init(sequence: String, start: Int, scores: WindowScores, isLast: Bool) {
    self.sequence = sequence
    self.start = start
    self.scores = scores
    self.isLast = isLast
  }
}

/// Scores every window of a genome, base by base, both strands, in one pass.
///
/// Each position is convolved once. Of the genome one chunk is held at a time, whatever the length
/// of its sequences; the blocks of a chunk are computed side by side.
public struct GenomeScan: ~Copyable {
  private var stream: GenomeStream
  private let network: Network
  private let windowLength: Int
  private let threads: Int
  /// The last bases of the chunk before, where the windows begin that reach into the next.
  private var carried: [UInt8] = []

  /// Bases read at a time.
  private static let chunkLength = 1 << 20
  /// Windows computed at a time, small enough for their features to stay in the cache.
  private static let windowsPerBlock = 4096

  /// - Throws: What opening the genome throws.
  public init(genome path: String, model: Model, threads: Int) throws {
    stream = try GenomeStream(path: path, chunkLength: Self.chunkLength)
    network = model.network
    windowLength = model.windowLength
    self.threads = threads
  }

  /// The next windows, in the order of the file; `nil` at its end.
  ///
  /// A sequence shorter than a window comes as a stretch without scores.
  /// - Throws: What reading the genome throws.
  public mutating func next() throws -> ScannedStretch? {
    while let chunk = try stream.next() {
      let codes = carried + chunk.codes
      let start = chunk.start - carried.count
      let overlap = min(windowLength - 1, codes.count)
      carried = chunk.isLast ? [] : Array(codes.suffix(overlap))
      if codes.count < windowLength && !chunk.isLast { continue }
      return ScannedStretch(
        sequence: chunk.sequence, start: start, scores: scores(of: codes), isLast: chunk.isLast)
    }
    return nil
  }

  private func scores(of codes: [UInt8]) -> WindowScores {
    let windows = codes.count - windowLength + 1
    guard windows > 0 else { return WindowScores(outputs: [], isReverse: []) }
    let (network, length, size) = (network, windowLength, Self.windowsPerBlock)
    let blocks = concurrentMap((windows + size - 1) / size, threads: threads) { block in
      let first = block * size
      let last = min(first + size, windows) - 1
      return network.windowScores(Array(codes[first..<last + length]), length: length)
    }
    return WindowScores(
      outputs: blocks.flatMap(\.outputs), isReverse: blocks.flatMap(\.isReverse))
  }
}
