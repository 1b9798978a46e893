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
  /// The block that isn't full yet, and where its first value stands.
  private var pending: [Float] = []
  private var pendingStart = (sequence: 0, position: 0)
  private let sequenceTreeSize: Int

  private static let valuesPerBlock = (BigWigFile.blockSize - 24) / 4
  private static let headerSize = 64 + maximumZoomLevels * 24 + 40
  private static let maximumZoomLevels = 10
  private static let firstReduction = 32

  /// - Parameters:
  ///   - sequences: All that may come, in the order in which they come.
  ///   - replacing: Whether a file that stands there may be replaced.
  /// - Throws: `OutputError`: `.exists`, `.isFolder`, `.busy`, `.notCreated`; `.notSeekable` for a
  ///   pipe or a device; `.sequenceTooLong`.
  public init(path: String, sequences: [(name: String, length: Int)], replacing: Bool) throws {
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
    pending.reserveCapacity(Self.valuesPerBlock)
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
      let isNext =
        pendingStart.sequence == number && pendingStart.position + pending.count == start + index
      if !isNext || pending.count == Self.valuesPerBlock { try flush() }
      if pending.isEmpty { pendingStart = (number, start + index) }
      let limit = min(values.count, index + Self.valuesPerBlock - pending.count)
      let end = values[index..<limit].firstIndex(where: \.isNaN) ?? limit
      pending += values[index..<end]
      index = end
    }
  }

  public consuming func commit() throws {
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
    try file.commit()
  }

  /// Writes the pending values as a block of fixed steps.
  private mutating func flush() throws {
    guard !pending.isEmpty else { return }
    let (sequence, start) = pendingStart
    let end = start + pending.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(BigWigFile.blockSize)
    // The sequence, start, end, step and span.
    for number in [sequence, start, end, 1, 1] { bytes.append(littleEndian: UInt32(number)) }
    bytes += [3, 0]
    bytes.append(littleEndian: UInt16(pending.count))
    pending.withUnsafeBytes { bytes.append(contentsOf: $0) }
    pending.withUnsafeBufferPointer {
      total.add(BigWigSummary(values: $0, sequence: sequence, start: start))
    }
    let (offset, size) = try file.appendBlock(bytes)
    blocks.append(
      BigWigBlock(
        firstSequence: sequence, start: start, lastSequence: sequence, end: end, offset: offset,
        size: size))
    pending.removeAll(keepingCapacity: true)
  }

  /// Writes levels, each four times as coarse as the one before, until one record says it all.
  ///
  /// - Returns: A header for each level.
  private mutating func appendZoomLevels() throws -> [[UInt8]] {
    let lengths = cursor.sequences.map(\.length)
    var headers: [[UInt8]] = []
    var level = BigWigZoomLevel(reduction: Self.firstReduction, lengths: lengths)
    while headers.count < Self.maximumZoomLevels, !blocks.isEmpty {
      let previous = level.blocks
      if !headers.isEmpty {
        level = BigWigZoomLevel(reduction: level.reduction * 4, lengths: lengths)
      }
      let start = file.offset
      try file.append([0, 0, 0, 0])
      if headers.isEmpty {
        for block in blocks { try add(dataBlock: block, to: &level) }
      } else {
        for block in previous { try add(zoomBlock: block, to: &level) }
      }
      try level.finish(in: &file)
      var count: [UInt8] = []
      count.append(littleEndian: UInt32(level.count))
      try file.replace(at: start, with: count)
      headers.append(Self.zoomHeader(reduction: level.reduction, data: start, index: file.offset))
      try file.append(
        BigWigIndex.blockTree(
          level.blocks, itemsPerBlock: BigWigZoomLevel.recordsPerBlock, at: file.offset))
      if level.count <= lengths.count { break }
    }
    return headers
  }

  private mutating func add(dataBlock block: BigWigBlock, to level: inout BigWigZoomLevel) throws {
    let bytes = try file.block(block)
    let values = [Float](unsafeUninitializedCapacity: block.end - block.start) { buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes[24...])
      count = block.end - block.start
    }
    var start = block.start
    while start < block.end {
      let end = min((start / level.reduction + 1) * level.reduction, block.end)
      let summary = values.withUnsafeBufferPointer {
        BigWigSummary(
          values: UnsafeBufferPointer(rebasing: $0[(start - block.start)..<(end - block.start)]),
          sequence: block.firstSequence, start: start)
      }
      try level.add(summary, to: &file)
      start = end
    }
  }

  private mutating func add(zoomBlock block: BigWigBlock, to level: inout BigWigZoomLevel) throws {
    let bytes = try file.block(block)
    for start in stride(from: 0, to: bytes.count, by: BigWigSummary.size) {
      let summary = bytes.withUnsafeBytes {
        BigWigSummary(
          record: UnsafeRawBufferPointer(rebasing: $0[start..<start + BigWigSummary.size]))
      }
      try level.add(summary, to: &file)
    }
  }

  private static func zoomHeader(reduction: Int, data: Int, index: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt32(reduction))
    bytes.append(littleEndian: 0 as UInt32)
    bytes.append(littleEndian: UInt64(data))
    bytes.append(littleEndian: UInt64(index))
    return bytes
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
