import Genomics

/// A line of a bigBed file.
public struct BigBedItem: Equatable, Sendable {
  public var sequence: String
  public var start: Int
  public var end: Int
  /// The fields behind the third, separated by tabs.
  public var rest: String

  public init(sequence: String, start: Int, end: Int, rest: String) {
    (self.sequence, self.start, self.end, self.rest) = (sequence, start, end, rest)
  }
}

/// Writes a bigBed file (Kent et al. 2010, "BigWig and BigBed", supplement): intervals with fields, compressed and indexed,
/// with zoom levels that count how many intervals cover each base.
///
/// Memory holds 40 bytes per interval for the zoom levels.
public struct BigBedWriter: ~Copyable {
  private var file: BigWigFile
  private let sequences: [(name: String, length: Int)]
  private let numbers: [String: Int]
  private let fields: (count: Int, defined: Int)
  private let schemaSize: Int
  private let sequenceTreeSize: Int
  private let threads: Int
  private var blocks: [BigWigBlock] = []
  private var pending: [(sequence: Int, item: BigBedItem)] = []
  private var last = (sequence: 0, start: 0)
  private var itemCount = 0
  private var largestBlock = 0
  private var coverage = CoverageSweep()

  private static let itemsPerBlock = 512
  private static let maximumZoomLevels = 10
  private static let headerSize = 64 + maximumZoomLevels * 24
  private static let totalSize = 40
  private static let firstReduction = 128

  /// - Parameters:
  ///   - sequences: All that may come, in the order in which they come.
  ///   - schema: The fields in autoSql.
  ///   - fields: The number of all fields, and of the first ones that are BED's.
  ///   - replacing: Whether a file that stands there may be replaced.
  ///   - threads: How many compress; the bytes are the same for any number.
  /// - Throws: What `BigWigWriter` throws.
  public init(
    path: String, sequences: [(name: String, length: Int)], schema: String,
    fields: (count: Int, defined: Int), replacing: Bool, threads: Int = 1
  ) throws {
    if let long = sequences.first(where: { $0.length > Int(UInt32.max) }) {
      throw OutputError(file: path, .sequenceTooLong(long.name))
    }
    var file = try BigWigFile(path: path, replacing: replacing)
    let text = Array(schema.utf8) + [0]
    try file.append([UInt8](repeating: 0, count: Self.headerSize) + text)
    try file.append([UInt8](repeating: 0, count: Self.totalSize))
    let tree = BigWigIndex.sequenceTree(sequences, at: file.offset)
    try file.append(tree)
    // Room for the number of intervals.
    try file.append([UInt8](repeating: 0, count: 8))
    (self.sequences, self.fields, self.threads) = (sequences, fields, threads)
    (schemaSize, sequenceTreeSize) = (text.count, tree.count)
    numbers = Dictionary(
      sequences.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.file = file
  }

  /// - Precondition: Sequences come in the order in which they were named, intervals by their start; none is empty or
  ///   past the sequence's end.
  public mutating func append(_ item: BigBedItem) throws {
    guard let number = numbers[item.sequence] else {
      preconditionFailure("no sequence \(item.sequence)")
    }
    precondition(
      (number, item.start) >= last && item.start >= 0 && item.start < item.end
        && item.end <= sequences[number].length,
      "\(item.sequence):\(item.start)-\(item.end) after \(last)")
    if let first = pending.first, first.sequence != number || pending.count == Self.itemsPerBlock {
      try flush()
    }
    last = (number, item.start)
    pending.append((number, item))
    itemCount += 1
    coverage.add(sequence: number, start: item.start, end: item.end)
  }

  /// Ends the writing: the output can be put in its place.
  ///
  /// - Throws: `OutputError`, as `OutputFile.finish()` does.
  public consuming func finish() throws -> FinishedOutput {
    try flush()
    let index = file.offset
    try file.append(
      BigWigIndex.blockTree(blocks, itemsPerBlock: Self.itemsPerBlock, at: file.offset))
    let segments = coverage.finish()
    let zooms = try appendZoomLevels(segments)
    try file.append(Self.signature)
    try file.replace(at: 0, with: header(index: index, zooms: zooms))
    try file.replace(at: Self.headerSize + schemaSize, with: Self.total(of: segments))
    var count: [UInt8] = []
    count.append(littleEndian: UInt64(itemCount))
    try file.replace(at: dataOffset, with: count)
    return try file.finish()
  }

  private var dataOffset: Int {
    Self.headerSize + schemaSize + Self.totalSize + sequenceTreeSize
  }

  /// Writes the pending intervals, all of one sequence, as a block.
  private mutating func flush() throws {
    guard let first = pending.first else { return }
    var bytes: [UInt8] = []
    for (sequence, item) in pending {
      for number in [sequence, item.start, item.end] { bytes.append(littleEndian: UInt32(number)) }
      bytes += Array(item.rest.utf8) + [0]
    }
    largestBlock = max(largestBlock, bytes.count)
    let block = bytes
    let place = try file.appendBlocks(1, threads: 1) { _ in block }[0]
    blocks.append(
      BigWigBlock(
        firstSequence: first.sequence, start: first.item.start, lastSequence: first.sequence,
        end: pending.map(\.item.end).max()!, offset: place.offset, size: place.size))
    pending.removeAll(keepingCapacity: true)
  }

  /// Writes levels, each four times as coarse as the one before, until one record says it all.
  ///
  /// - Returns: A header for each level.
  private mutating func appendZoomLevels(_ segments: [CoverageSweep.Segment]) throws -> [[UInt8]] {
    let lengths = sequences.map(\.length)
    var headers: [[UInt8]] = []
    var reduction = Self.firstReduction
    while headers.count < Self.maximumZoomLevels, !segments.isEmpty {
      var level = BigWigZoomLevel(reduction: reduction, lengths: lengths, threads: threads)
      let start = file.offset
      try file.append([0, 0, 0, 0])
      for segment in segments {
        for summary in segment.summaries(reduction: reduction) {
          try level.add(summary, to: &file)
        }
      }
      try level.finish(in: &file)
      var count: [UInt8] = []
      count.append(littleEndian: UInt32(level.count))
      try file.replace(at: start, with: count)
      headers.append(
        BigWigFile.zoomHeader(reduction: reduction, data: start, index: file.offset))
      try file.append(
        BigWigIndex.blockTree(
          level.blocks, itemsPerBlock: BigWigZoomLevel.recordsPerBlock, at: file.offset))
      if level.count <= lengths.count { break }
      reduction *= 4
    }
    return headers
  }

  private static let signature: [UInt8] = [0xeb, 0xf2, 0x89, 0x87]

  /// The first bytes of the file (tables 5 and 6): header and zoom headers.
  private func header(index: Int, zooms: [[UInt8]]) -> [UInt8] {
    var bytes = Self.signature
    bytes.append(littleEndian: 4 as UInt16)
    bytes.append(littleEndian: UInt16(zooms.count))
    let tree = Self.headerSize + schemaSize + Self.totalSize
    for offset in [tree, dataOffset, index] { bytes.append(littleEndian: UInt64(offset)) }
    bytes.append(littleEndian: UInt16(fields.count))
    bytes.append(littleEndian: UInt16(fields.defined))
    bytes.append(littleEndian: UInt64(Self.headerSize))
    bytes.append(littleEndian: UInt64(Self.headerSize + schemaSize))
    bytes.append(littleEndian: UInt32(max(largestBlock, BigWigFile.blockSize)))
    bytes.append(littleEndian: 0 as UInt64)
    bytes += zooms.joined()
    return bytes + [UInt8](repeating: 0, count: Self.headerSize - bytes.count)
  }

  /// The summary of all bases that are covered (table 7).
  private static func total(of segments: [CoverageSweep.Segment]) -> [UInt8] {
    let depths = segments.map { Double($0.depth) }
    let lengths = segments.map { Double($0.end - $0.start) }
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(segments.reduce(0) { $0 + $1.end - $1.start }))
    bytes.append(littleEndian: depths.min() ?? 0)
    bytes.append(littleEndian: depths.max() ?? 0)
    bytes.append(littleEndian: zip(depths, lengths).reduce(0) { $0 + $1.0 * $1.1 })
    bytes.append(littleEndian: zip(depths, lengths).reduce(0) { $0 + $1.0 * $1.0 * $1.1 })
    return bytes
  }
}

/// How many intervals cover each base, found from intervals that come sorted.
struct CoverageSweep {
  /// Bases that as many intervals cover.
  struct Segment: Equatable {
    let sequence: Int
    let start: Int
    let end: Int
    let depth: Int
  }

  private var segments: [Segment] = []
  /// The ends of the intervals that reach past `position`, ascending.
  private var ends: [Int] = []
  private var sequence = 0
  private var position = 0

  mutating func add(sequence: Int, start: Int, end: Int) {
    close(before: sequence == self.sequence ? start : .max)
    (self.sequence, position) = (sequence, start)
    ends.insert(end, at: ends.partitioningIndex { $0 > end })
  }

  /// The segments of all intervals, in order.
  mutating func finish() -> [Segment] {
    close(before: .max)
    return segments
  }

  /// Ends what ends before a position, and covers up to it.
  private mutating func close(before limit: Int) {
    while let end = ends.first, end <= limit {
      cover(to: end)
      ends.removeFirst()
    }
    if !ends.isEmpty { cover(to: limit) }
  }

  private mutating func cover(to end: Int) {
    guard end > position else { return }
    segments.append(Segment(sequence: sequence, start: position, end: end, depth: ends.count))
    position = end
  }
}

extension CoverageSweep.Segment {
  /// A summary for each bin that the bases lie in.
  fileprivate func summaries(reduction: Int) -> [BigWigSummary] {
    stride(from: start / reduction * reduction, to: end, by: reduction).map { bin in
      let (first, last) = (max(start, bin), min(end, bin + reduction))
      let (count, depth) = (last - first, Float(self.depth))
      return BigWigSummary(
        sequence: sequence, start: first, end: last, count: count, minimum: depth, maximum: depth,
        sum: Double(count) * Double(depth), sumOfSquares: Double(count) * Double(depth * depth))
    }
  }
}
