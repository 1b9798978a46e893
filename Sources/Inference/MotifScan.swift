internal import GenomicsIO
public import Motifs
internal import Tensors

/// What was made of the hits in consecutive stretches of one sequence.
public struct ScannedMotifs<Output: Sendable>: Sendable {
  public let sequence: String
  /// The number of positions whose windows were looked at.
  public let positionCount: Int
  public let outputs: [Output]
}

/// Finds motifs in a genome, in one pass.
///
/// Stretches are computed side by side while the next chunk is read. They are the shorter the more hits
/// there may be, so that memory is bounded whatever the p-value and the genome.
public struct MotifScan: ~Copyable {
  private let reader: ChunkReader
  private let scanner: MotifScanner
  private let threads: Int
  private let stretchLength: Int
  /// The last bases of the chunk before, where windows begin that reach into the next.
  private var carried: [UInt8] = []

  private static let stretchesPerChunk = 64
  private static let hitsPerStretch = 1 << 16

  /// - Parameters:
  ///   - pValue: The limit of the tables, which tells how many hits to be ready for.
  /// - Throws: What opening the genome throws.
  public init(
    genome path: String, tables: [PValueTable], pValue: Double, bothStrands: Bool, threads: Int
  ) throws {
    scanner = MotifScanner(tables, bothStrands: bothStrands)
    let hitsPerPosition = pValue * Double(tables.count * (bothStrands ? 2 : 1))
    stretchLength = Int(min(max(Double(Self.hitsPerStretch) / hitsPerPosition, 64), 16384))
    reader = try ChunkReader(
      genome: path, chunkLength: max(Self.stretchesPerChunk * stretchLength, 1 << 16))
    self.threads = threads
  }

  /// Applies a function to the hits of the next stretches, on several threads; `nil` at the end of the
  /// genome.
  ///
  /// - Parameter transform: Takes a sequence's name and hits in it, by start, motif and strand. Its
  ///   results come in the order of the genome.
  /// - Throws: What reading the genome throws.
  public mutating func next<Output: Sendable>(
    _ transform: @escaping @Sendable (String, [MotifHit]) -> Output
  ) throws -> ScannedMotifs<Output>? {
    guard let chunk = try reader.takeChunk() else { return nil }
    let codes = carried + chunk.codes
    let start = chunk.start - carried.count
    let overlap = scanner.width - 1
    carried = chunk.isLast ? [] : Array(codes.suffix(overlap))
    let count = chunk.isLast ? codes.count : max(0, codes.count - overlap)
    let (reader, scanner, size) = (reader, scanner, stretchLength)
    let outputs = concurrentMap(1 + (count + size - 1) / size, threads: threads) { index in
      guard index > 0 else {
        reader.readAhead()
        return Output?.none
      }
      let first = (index - 1) * size
      let last = min(first + size, count)
      let hits = scanner.hits(
        in: Array(codes[first..<min(last + overlap, codes.count)]), count: last - first,
        start: start + first)
      return transform(chunk.sequence, hits)
    }
    return ScannedMotifs(
      sequence: chunk.sequence, positionCount: count, outputs: outputs.compactMap { $0 })
  }
}

extension Background {
  /// Counts the known bases of a genome.
  ///
  /// - Throws: What reading it throws.
  public init(genome path: String) throws {
    var stream = try GenomeStream(path: path, chunkLength: 1 << 20)
    var counts = [0, 0, 0, 0, 0]
    while let chunk = try stream.next() {
      for code in chunk.codes { counts[Int(code)] += 1 }
    }
    self.init(baseCounts: counts.dropLast())
  }
}
