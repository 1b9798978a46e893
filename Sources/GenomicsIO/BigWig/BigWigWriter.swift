import Genomics

/// Writes a bigWig file (Kent et al. 2010, "BigWig and BigBed", supplement): one value a position,
/// and zoom levels for browsers.
///
/// Memory is bounded: some 10 bytes for every thousand values. libBigWig would hold all values of a
/// sequence, 14 bytes each, to make the zoom levels; here each level is made from the one below, read
/// back from the file, which also checks what was written.
public struct BigWigWriter: TrackWriter, ~Copyable {
  private var file: BigWigFile
  private var cursor: TrackCursor
  private var blocks: [BigWigBlock] = []
  private var total = BigWigSummary(sequence: 0, start: 0, end: 0)
  /// Runs of values that aren't written yet; only the last can grow.
  private var pending: [Run] = []
  private let threads: Int
  private let sequenceTreeSize: Int

  /// Values of consecutive positions, at most those of a block.
  private struct Run: Sendable {
    let sequence: Int
    let start: Int
    var values: [Float]

    var end: Int { start + values.count }
  }

  /// Blocks compressed, or read back, at a time.
  private static let batchSize = 256
  private static let valuesPerBlock = (BigWigFile.blockSize - 24) / 4
  private static let headerSize = 64 + maximumZoomLevels * 24 + 40
  private static let maximumZoomLevels = 10
  private static let firstReduction = 32

  /// - Parameters:
  ///   - sequences: All that may come, in the order in which they come.
  ///   - replacing: Whether a file that stands there may be replaced.
  ///   - threads: How many compress; the bytes are the same for any number.
  /// - Throws: `OutputError`: `.exists`, `.isFolder`, `.busy`, `.notCreated`; `.notSeekable` for a
  ///   pipe or a device; `.sequenceTooLong`.
  public init(
    path: String, sequences: [(name: String, length: Int)], replacing: Bool, threads: Int = 1
  ) throws {
    if let long = sequences.first(where: { $0.length > Int(UInt32.max) }) {
      throw OutputError(file: path, .sequenceTooLong(long.name))
    }
    var file = try BigWigFile(path: path, replacing: replacing)
    try file.append([UInt8](repeating: 0, count: Self.headerSize))
    let tree = BigWigIndex.sequenceTree(sequences, at: file.offset)
    try file.append(tree)
    // Room for the number of blocks.
    try file.append([UInt8](repeating: 0, count: 8))
    sequenceTreeSize = tree.count
    cursor = TrackCursor(sequences: sequences)
    self.threads = threads
    self.file = file
  }

  public mutating func append(_ values: [Float], sequence: String, start: Int) throws {
    let number = cursor.advance(sequence: sequence, start: start, count: values.count)
    var index = 0
    while index < values.count {
      if values[index].isNaN {
        index += 1
        continue
      }
      try startRun(sequence: number, position: start + index)
      let room = Self.valuesPerBlock - pending[pending.count - 1].values.count
      let limit = min(values.count, index + room)
      let end = values[index..<limit].firstIndex(where: \.isNaN) ?? limit
      pending[pending.count - 1].values += values[index..<end]
      index = end
    }
  }

  /// Sees to it that the last run can take the value of a position.
  private mutating func startRun(sequence: Int, position: Int) throws {
    if let last = pending.last, last.sequence == sequence, last.end == position,
      last.values.count < Self.valuesPerBlock
    {
      return
    }
    if pending.count == Self.batchSize { try flush() }
    var run = Run(sequence: sequence, start: position, values: [])
    run.values.reserveCapacity(Self.valuesPerBlock)
    pending.append(run)
  }

  public consuming func finish() throws -> FinishedOutput {
    try flush()
    let index = file.offset
    try file.append(
      BigWigIndex.blockTree(blocks, itemsPerBlock: Self.valuesPerBlock, at: file.offset))
    let zooms = try appendZoomLevels()
    try file.append(signature)
    try file.replace(at: 0, with: header(index: index, zooms: zooms))
    var count: [UInt8] = []
    count.append(littleEndian: UInt64(blocks.count))
    try file.replace(at: Self.headerSize + sequenceTreeSize, with: count)
    return try file.finish()
  }

  /// Writes the pending runs as blocks of fixed steps.
  private mutating func flush() throws {
    let runs = pending
    let places = try file.appendBlocks(runs.count, threads: threads) { Self.block(of: runs[$0]) }
    for (run, place) in zip(runs, places) {
      blocks.append(
        BigWigBlock(
          firstSequence: run.sequence, start: run.start, lastSequence: run.sequence, end: run.end,
          offset: place.offset, size: place.size))
    }
    pending.removeAll(keepingCapacity: true)
  }

  private static func block(of run: Run) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(BigWigFile.blockSize)
    // The sequence, start, end, step and span.
    for number in [run.sequence, run.start, run.end, 1, 1] {
      bytes.append(littleEndian: UInt32(number))
    }
    bytes += [3, 0]
    bytes.append(littleEndian: UInt16(run.values.count))
    run.values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// Writes levels, each four times as coarse as the one before, until one record says it all.
  ///
  /// - Returns: A header for each level.
  private mutating func appendZoomLevels() throws -> [[UInt8]] {
    let lengths = cursor.sequences.map(\.length)
    var headers: [[UInt8]] = []
    var level = BigWigZoomLevel(
      reduction: Self.firstReduction, lengths: lengths, threads: threads)
    while headers.count < Self.maximumZoomLevels, !blocks.isEmpty {
      let previous = level.blocks
      if !headers.isEmpty {
        level = BigWigZoomLevel(
          reduction: level.reduction * 4, lengths: lengths, threads: threads)
      }
      let start = file.offset
      try file.append([0, 0, 0, 0])
      try summarize(headers.isEmpty ? blocks : previous, isData: headers.isEmpty, in: &level)
      try level.finish(in: &file)
      var count: [UInt8] = []
      count.append(littleEndian: UInt32(level.count))
      try file.replace(at: start, with: count)
      headers.append(
        BigWigFile.zoomHeader(reduction: level.reduction, data: start, index: file.offset))
      try file.append(
        BigWigIndex.blockTree(
          level.blocks, itemsPerBlock: BigWigZoomLevel.recordsPerBlock, at: file.offset))
      if level.count <= lengths.count { break }
    }
    return headers
  }

  /// Adds what blocks of values, or those of the level below, hold to a level.
  private mutating func summarize(
    _ blocks: [BigWigBlock], isData: Bool, in level: inout BigWigZoomLevel
  ) throws {
    let reduction = level.reduction
    for first in stride(from: 0, to: blocks.count, by: Self.batchSize) {
      let batch = blocks[first..<min(first + Self.batchSize, blocks.count)]
      let summaries = try file.mapBlocks(batch, threads: threads) { block, bytes in
        isData
          ? Self.summaries(ofData: bytes, in: block, reduction: reduction)
          : stride(from: 0, to: bytes.count, by: BigWigSummary.size).map {
            BigWigSummary(
              record: UnsafeRawBufferPointer(rebasing: bytes[$0..<$0 + BigWigSummary.size]))
          }
      }
      for summary in summaries.joined() {
        if isData { total.add(summary) }
        try level.add(summary, to: &file)
      }
    }
  }

  /// The values of a block, summed up by the bins that they lie in.
  private static func summaries(
    ofData bytes: UnsafeRawBufferPointer, in block: BigWigBlock, reduction: Int
  ) -> [BigWigSummary] {
    UnsafeRawBufferPointer(rebasing: bytes[24...]).withMemoryRebound(to: Float.self) { values in
      var summaries: [BigWigSummary] = []
      var start = block.start
      while start < block.end {
        let end = min((start / reduction + 1) * reduction, block.end)
        let range = start - block.start..<end - block.start
        summaries.append(
          BigWigSummary(
            values: UnsafeBufferPointer(rebasing: values[range]), sequence: block.firstSequence,
            start: start))
        start = end
      }
      return summaries
    }
  }

  private var signature: [UInt8] { [0x26, 0xfc, 0x8f, 0x88] }

  /// The first bytes of the file (tables 5–7): header, zoom headers, total summary.
  private func header(index: Int, zooms: [[UInt8]]) -> [UInt8] {
    var bytes = signature
    bytes.append(littleEndian: 4 as UInt16)
    bytes.append(littleEndian: UInt16(zooms.count))
    for offset in [Self.headerSize, Self.headerSize + sequenceTreeSize, index] {
      bytes.append(littleEndian: UInt64(offset))
    }
    // No fields and no schema: those are bigBed's.
    bytes += [UInt8](repeating: 0, count: 12)
    bytes.append(littleEndian: UInt64(Self.headerSize - 40))
    bytes.append(littleEndian: UInt32(BigWigFile.blockSize))
    bytes.append(littleEndian: 0 as UInt64)
    bytes += zooms.joined()
    bytes += [UInt8](repeating: 0, count: Self.headerSize - 40 - bytes.count)
    bytes.append(littleEndian: UInt64(total.count))
    let isEmpty = total.count == 0
    bytes.append(littleEndian: isEmpty ? 0 : Double(total.minimum))
    bytes.append(littleEndian: isEmpty ? 0 : Double(total.maximum))
    bytes.append(littleEndian: total.sum)
    bytes.append(littleEndian: total.sumOfSquares)
    return bytes
  }
}
