public import Genomics
public import GenomicsIO

/// Which windows of a genome to scan, as pieces that are read one after the other.
///
/// Parts of the genome are cut into pieces on a grid that starts with the part, the same for any number of shards.
/// A shard takes a run of pieces of its own and reads the piece before and the piece behind too, so that
/// it knows what its outermost windows overlap.
public struct ScanPlan: Sendable {
  /// The bases that a piece adds to those before it, and what becomes of them.
  public struct Piece: Equatable, Sendable {
    /// With the bases of its first windows that lie before it, where no piece comes before.
    public let interval: GenomicInterval
    /// Whether no window reaches from here into the next piece.
    public let isLast: Bool
    /// Whether its windows are this shard's, and not read only to know what stands beside them.
    public let isOwn: Bool
  }

  /// In the order of the genome.
  public private(set) var pieces: [Piece] = []
  /// What all shards scan.
  public let parts: [GenomicInterval]
  /// The length of the longest sequence.
  public let longestSequence: Int
  let genome: Genome

  /// - Parameters:
  ///   - parts: What is to be scanned: in the genome's order, and no two with a base in common.
  ///   - shard: One of `shardCount`, counted from 0.
  public init(
    of genome: Genome, parts: [GenomicInterval], windowLength: Int, shard: Int = 0,
    shardCount: Int = 1
  ) {
    self.genome = genome
    self.parts = parts
    longestSequence = genome.sequences.map(\.length).max() ?? 0
    let length = GenomeScan.chunkLength
    let starts = parts.enumerated().flatMap { part, interval in
      stride(from: interval.start, to: interval.end, by: length).map { (part: part, start: $0) }
    }
    let own = starts.count * shard / shardCount..<starts.count * (shard + 1) / shardCount
    guard !own.isEmpty else { return }
    var first = own.lowerBound
    if first > 0, starts[first - 1].part == starts[first].part { first -= 1 }
    var end = own.upperBound
    if end < starts.count, starts[end].part == starts[end - 1].part { end += 1 }
    for index in first..<end {
      let (part, start) = starts[index]
      let partInterval = parts[part]
      let follows = index > first && starts[index - 1].part == part
      let leadIn = follows ? 0 : min(windowLength - 1, start - partInterval.start)
      pieces.append(
        Piece(
          interval: GenomicInterval(
            partInterval.sequence, start: start - leadIn,
            end: min(start + length, partInterval.end)),
          isLast: index + 1 == end || starts[index + 1].part != part,
          isOwn: own.contains(index)))
    }
  }

  /// The genome's, in its order.
  public var sequences: [GenomeSequence] { genome.sequences }

  /// The number of bases to read.
  public var baseCount: Int { pieces.reduce(0) { $0 + $1.interval.length } }
}

/// Reads the pieces of a plan.
struct PlannedChunks: Sendable {
  private let plan: ScanPlan
  private var next = 0

  init(_ plan: ScanPlan) {
    self.plan = plan
  }

  mutating func read() throws -> GenomeChunk? {
    guard next < plan.pieces.count else { return nil }
    let piece = plan.pieces[next]
    next += 1
    return GenomeChunk(
      sequence: piece.interval.sequence, start: piece.interval.start,
      codes: try plan.genome.bases(in: piece.interval).codes, isLast: piece.isLast)
  }
}

extension Genome {
  /// Every sequence from end to end.
  public var allSequences: [GenomicInterval] {
    sequences.map { GenomicInterval($0.name, start: 0, end: $0.length) }
  }

  /// What some regions cover, in the genome's order: overlapping and adjacent ones joined, ends
  /// that lie beyond a sequence's cut off, and those on unknown sequences left out.
  public func covered(by regions: [GenomicInterval], naming: SequenceNaming) -> [GenomicInterval] {
    var ranges: [String: [Range<Int>]] = [:]
    for region in regions {
      guard let name = naming.resolve(region.sequence), let length = length(of: name) else {
        continue
      }
      guard region.start < min(region.end, length) else { continue }
      ranges[name, default: []].append(region.start..<min(region.end, length))
    }
    return sequences.flatMap { sequence in
      let own = ranges[sequence.name, default: []].sorted { $0.lowerBound < $1.lowerBound }
      let joined = own.reduce(into: [Range<Int>]()) { joined, range in
        if let last = joined.last, range.lowerBound <= last.upperBound {
          joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
        } else {
          joined.append(range)
        }
      }
      return joined.map {
        GenomicInterval(sequence.name, start: $0.lowerBound, end: $0.upperBound)
      }
    }
  }
}
