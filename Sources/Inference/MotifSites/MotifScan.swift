internal import Genomics
public import GenomicsIO
public import Motifs
internal import Parallel
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
/// While the caller uses the hits of one chunk, those of the next are found, in stretches side by side,
/// and the one after it is read. Stretches are the shorter the more hits there may be, so that memory is
/// bounded whatever the p-value and the genome.
public struct MotifScan<Output: Sendable>: ~Copyable {
  /// A chunk whose hits are being found.
  private struct Begun {
    let sequence: String
    let positionCount: Int
    let outputs: TeamMap<Output?>
  }

  private let reader: ChunkReader
  private let scanner: any WindowMatcher
  private let transform: @Sendable (String, [MotifHit]) -> Output
  private let team: ThreadTeam
  private let stretchLength: Int
  /// The last bases of the chunk before, where windows begin that reach into the next.
  private var carried: [UInt8] = []
  /// What comes next: hits, the end, or an error; `nil` before the first.
  private var ahead: Result<Begun?, any Error>?

  /// - Parameters:
  ///   - pValue: The limit of the tables, which tells how many hits to expect.
  ///   - hitsPerChunk: How many hits a chunk is cut for, if background is what it holds.
  ///   - transform: Takes a sequence's name and hits in it, by start, motif and strand, on any thread.
  /// - Throws: What opening the genome throws.
  public init(
    genome path: String, tables: [PValueTable], pValue: Double, bothStrands: Bool, threads: Int,
    hitsPerChunk: Double = 1e6,
    transform: @escaping @Sendable (String, [MotifHit]) -> Output
  ) throws {
    let lanes = tables.count * (bothStrands ? 2 : 1)
    try self.init(
      genome: path, scanner: MotifScanner(tables, bothStrands: bothStrands),
      hitsPerPosition: pValue * Double(lanes), hitsPerChunk: hitsPerChunk, threads: threads,
      transform: transform)
  }

  /// Finds motifs whose positions depend on each other.
  ///
  /// - Throws: What opening the genome throws.
  /// - Precondition: There is a table.
  public init(
    genome path: String, coupled tables: [CoupledScoreTable], pValue: Double, bothStrands: Bool,
    threads: Int, transform: @escaping @Sendable (String, [MotifHit]) -> Output
  ) throws {
    let lanes = tables.count * (bothStrands ? 2 : 1)
    try self.init(
      genome: path, scanner: CoupledMotifScanner(tables, bothStrands: bothStrands),
      hitsPerPosition: pValue * Double(lanes), hitsPerChunk: 1e6, threads: threads,
      transform: transform)
  }

  private init(
    genome path: String, scanner: any WindowMatcher, hitsPerPosition: Double,
    hitsPerChunk: Double, threads: Int,
    transform: @escaping @Sendable (String, [MotifHit]) -> Output
  ) throws {
    let stretchesPerChunk = 64
    self.scanner = scanner
    let chunkHits = hitsPerPosition * Double(stretchesPerChunk)
    stretchLength = Int(min(max(hitsPerChunk / chunkHits, 64), 16384))
    reader = try ChunkReader(genome: path, chunkLength: stretchesPerChunk * stretchLength)
    team = ThreadTeam(threads: threads)
    self.transform = transform
  }

  /// How much of the genome's file has been read.
  public var progress: ReadingProgress? { reader.progress }

  /// What was made of the next hits, in the order of the genome; `nil` at its end.
  ///
  /// - Throws: What reading the genome throws.
  public mutating func next() throws -> ScannedMotifs<Output>? {
    guard let begun = try (ahead ?? begin()).get() else { return nil }
    let outputs = begun.outputs.results().compactMap { $0 }
    ahead = begin()
    return ScannedMotifs(
      sequence: begun.sequence, positionCount: begun.positionCount, outputs: outputs)
  }

  /// Begins the next chunk; the chunk after it is read beside it.
  private mutating func begin() -> Result<Begun?, any Error> {
    Result {
      guard let chunk = try reader.takeChunk() else { return nil }
      let codes = carried + chunk.codes
      let start = chunk.start - carried.count
      let overlap = scanner.width - 1
      carried = chunk.isLast ? [] : Array(codes.suffix(overlap))
      let count = chunk.isLast ? codes.count : max(0, codes.count - overlap)
      let (reader, scanner, size, transform) = (reader, scanner, stretchLength, transform)
      let outputs = team.begin(1 + count.dividedRoundingUp(by: size)) { index -> Output? in
        guard index > 0 else {
          reader.readAhead()
          return nil
        }
        let first = (index - 1) * size
        let last = min(first + size, count)
        let hits = scanner.hits(
          in: Array(codes[first..<min(last + overlap, codes.count)]), count: last - first,
          start: start + first)
        return transform(chunk.sequence, hits)
      }
      return Begun(sequence: chunk.sequence, positionCount: count, outputs: outputs)
    }
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
