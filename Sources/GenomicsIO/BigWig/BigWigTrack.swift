public import Genomics

/// A bigWig file of any program, read where it is asked for.
///
/// Blocks of all three kinds are read: of bedGraph, of variable and of fixed steps (Kent et al. 2010, supplement,
/// tables 12 and 13).
public struct BigWigTrack: Sendable {
  /// The sequences that may have values.
  public let sequences: [GenomeSequence]
  private let file: InputFile
  /// The number of bytes that a block takes before compression at most; 0 if none is compressed.
  private let blockSize: Int
  /// Those of each sequence, by their places.
  private let blocks: [[BigWigBlock]]

  private static let largestBlock = 1 << 26

  /// - Throws: `ByteError`.
  public init(path: String) throws {
    let file = try InputFile(path: path)
    let header = try file.bytes(at: 0, count: 64)
    guard header.starts(with: [0x26, 0xfc, 0x8f, 0x88]) else {
      throw BigWigReader.corrupt(file, "no bigWig header")
    }
    let sequences = try BigWigReader.sequences(treeAt: header.number(at: 8, bytes: 8), in: file)
    blockSize = header.number(at: 52, bytes: 4)
    guard blockSize <= Self.largestBlock else {
      throw BigWigReader.corrupt(file, "blocks of \(blockSize) bytes")
    }
    var blocks = [[BigWigBlock]](repeating: [], count: sequences.count)
    let entries = try BigWigReader.leaves(
      below: header.number(at: 24, bytes: 8) &+ 48, leafSize: 32, innerSize: 24, in: file)
    for entry in entries {
      let block = BigWigBlock(entry)
      guard block.firstSequence == block.lastSequence, block.firstSequence < sequences.count,
        block.start < block.end, 1...max(Self.largestBlock, 1) ~= block.size
      else { throw BigWigReader.corrupt(file, "its index is damaged") }
      blocks[block.firstSequence].append(block)
    }
    self.blocks = blocks.map { own in own.sorted { ($0.start, $0.end) < ($1.start, $1.end) } }
    (self.file, self.sequences) = (file, sequences)
  }

  /// The mean over the bases of an interval; a base without a value counts as 0.
  ///
  /// - Returns: `nil` if the track hasn't the interval's sequence, by that very name.
  /// - Throws: `ByteError` if a block can't be read.
  public func mean(of interval: GenomicInterval) throws -> Float? {
    var sum = 0.0
    let isKnown = try forEachItem(of: interval) {
      sum += Double($0.value) * Double($0.end - $0.start)
    }
    return isKnown ? Float(sum / Double(max(1, interval.length))) : nil
  }

  /// The means over each window of `length` bases in an interval, one per base that such a window begins at; a base
  /// without a value counts as 0.
  ///
  /// - Returns: `nil` if the track hasn't the interval's sequence, by that very name.
  /// - Throws: `ByteError` if a block can't be read.
  public func means(ofWindows length: Int, in interval: GenomicInterval) throws -> [Float]? {
    guard interval.length >= length else { return [] }
    var values = [Float](repeating: 0, count: interval.length)
    let isKnown = try forEachItem(of: interval) { item in
      for position in item.start..<item.end { values[position - interval.start] += item.value }
    }
    guard isKnown else { return nil }
    var sums = [0.0]
    sums.reserveCapacity(values.count + 1)
    for value in values { sums.append(sums[sums.count - 1] + Double(value)) }
    return (0...interval.length - length).map { start in
      Float((sums[start + length] - sums[start]) / Double(length))
    }
  }

  /// Visits the numbers in an interval, in order, cut to it.
  ///
  /// - Returns: Whether the track has the interval's sequence, by that very name.
  private func forEachItem(of interval: GenomicInterval, _ visit: (Item) -> Void) throws -> Bool {
    guard let number = sequences.firstIndex(where: { $0.name == interval.sequence }) else {
      return false
    }
    let own = blocks[number]
    var index = own.partitioningIndex { $0.end > interval.start }
    while index < own.count, own[index].start < interval.end {
      for item in try items(of: own[index]) {
        let (start, end) = (max(item.start, interval.start), min(item.end, interval.end))
        if start < end, !item.value.isNaN { visit((start, end, item.value)) }
      }
      index += 1
    }
    return true
  }

  private typealias Item = (start: Int, end: Int, value: Float)

  private func items(of block: BigWigBlock) throws -> [Item] {
    let stored = try file.bytes(at: block.offset, count: block.size)
    let bytes = blockSize == 0 ? stored : BigWigFile.expanded(stored, most: blockSize)
    guard let bytes, bytes.count >= 24 else {
      throw BigWigReader.corrupt(file, "a block can't be expanded")
    }
    func number(_ offset: Int) -> Int { bytes.number(at: offset, bytes: 4) }
    func value(_ offset: Int) -> Float { Float(bitPattern: UInt32(number(offset))) }
    let (start, step, span, count) = (
      number(4), number(12), number(16), bytes.number(at: 22, bytes: 2)
    )
    let sizes: [UInt8: Int] = [1: 12, 2: 8, 3: 4]
    guard let size = sizes[bytes[20]], bytes.count >= 24 + size * count else {
      throw BigWigReader.corrupt(file, "a block of no known kind")
    }
    return (0..<count).map { index in
      let place = 24 + size * index
      switch bytes[20] {
      case 1: return (number(place), number(place + 4), value(place + 8))
      case 2: return (number(place), number(place) + span, value(place + 4))
      default: return (start + index * step, start + index * step + span, value(place))
      }
    }
  }
}
