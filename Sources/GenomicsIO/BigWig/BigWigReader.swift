import Genomics
internal import Parallel

/// All values of a track, summed up: equal for equal tracks, and hardly for others.
public struct TrackSummary: Codable, Equatable, Sendable {
  public let count: Int
  /// 0 if there is no value.
  public let minimum: Double
  public let maximum: Double
  public let sum: Double
  public let sumOfSquares: Double
}

/// The values of consecutive positions.
public struct TrackStretch: Equatable, Sendable {
  public let sequence: String
  /// The 0-based position of the first value.
  public let start: Int
  public let values: [Float]

  public init(sequence: String, start: Int, values: [Float]) {
    self.sequence = sequence
    self.start = start
    self.values = values
  }
}

/// Reads the values of a bigWig file that `BigWigWriter` wrote, from the first to the last.
///
/// Files of other programs are refused where they hold something else than a value for each position.
public struct BigWigReader: ~Copyable {
  /// The sequences that may have values, in their order.
  public let sequences: [GenomeSequence]
  public let summary: TrackSummary
  private let file: InputFile
  private let blocks: [BigWigBlock]
  private var nextBlock = 0

  /// Blocks expanded at a time.
  private static let batchSize = 256
  private static let deepestTree = 16
  private static let longestKey = 1 << 16

  /// - Throws: `ByteError`.
  public init(path: String) throws {
    let file = try InputFile(path: path)
    let header = try file.bytes(at: 0, count: 64)
    guard header.starts(with: [0x26, 0xfc, 0x8f, 0x88]) else {
      throw Self.corrupt(file, "no bigWig header")
    }
    let total = try file.bytes(at: header.number(at: 44, bytes: 8), count: 40)
    func figure(_ field: Int) -> Double {
      Double(bitPattern: UInt64(bitPattern: Int64(total.number(at: 8 * field, bytes: 8))))
    }
    let summary = TrackSummary(
      count: total.number(at: 0, bytes: 8), minimum: figure(1), maximum: figure(2), sum: figure(3),
      sumOfSquares: figure(4))
    let sequences = try Self.sequences(treeAt: header.number(at: 8, bytes: 8), in: file)
    let blocks = try Self.leaves(
      below: header.number(at: 24, bytes: 8) &+ 48, leafSize: 32, innerSize: 24, in: file
    ).map(BigWigBlock.init)
    guard Self.areInOrder(blocks, of: sequences) else {
      throw Self.corrupt(file, "its index is out of order")
    }
    (self.file, self.summary, self.sequences, self.blocks) = (file, summary, sequences, blocks)
  }

  /// The first value's sequence, as its number, and position, and those behind the last value; `nil` if
  /// there is no value.
  public var bounds: (start: (sequence: Int, position: Int), end: (sequence: Int, position: Int))? {
    guard let first = blocks.first, let last = blocks.last else { return nil }
    return ((first.firstSequence, first.start), (last.lastSequence, last.end))
  }

  /// The next values, in the order of the sequences and positions; `nil` at the end.
  ///
  /// - Parameter threads: How many expand.
  /// - Throws: `ByteError`.
  public mutating func next(threads: Int) throws -> [TrackStretch]? {
    guard nextBlock < blocks.count else { return nil }
    let batch = Array(blocks[nextBlock..<min(nextBlock + Self.batchSize, blocks.count)])
    nextBlock += batch.count
    let (file, sequences) = (file, sequences)
    return try concurrentMap(batch.count, threads: threads) { index in
      Result { try Self.stretch(of: batch[index], in: file, sequences: sequences) }
    }.map { try $0.get() }
  }

  /// A block of fixed steps (Kent et al. 2010, supplement, tables 12 and 13).
  private static func stretch(
    of block: BigWigBlock, in file: InputFile, sequences: [GenomeSequence]
  ) throws -> TrackStretch {
    let compressed = try file.bytes(at: block.offset, count: block.size)
    guard let bytes = BigWigFile.expanded(compressed), bytes.count >= 24 else {
      throw corrupt(file, "a block can't be expanded")
    }
    let expected = [block.firstSequence, block.start, block.end, 1, 1]
    let count = block.end - block.start
    guard expected.indices.allSatisfy({ bytes.number(at: 4 * $0, bytes: 4) == expected[$0] }),
      bytes[20] == 3, bytes.number(at: 22, bytes: 2) == count, bytes.count == 24 + 4 * count
    else { throw corrupt(file, "a block without a value for each position") }
    return TrackStretch(
      sequence: sequences[block.firstSequence].name, start: block.start,
      values: bytes.withUnsafeBytes { bytes in
        (0..<count).map { index in
          let bits = bytes.loadUnaligned(fromByteOffset: 24 + 4 * index, as: UInt32.self)
          return Float(bitPattern: UInt32(littleEndian: bits))
        }
      })
  }

  /// Whether blocks follow each other and lie on their sequences.
  private static func areInOrder(_ blocks: [BigWigBlock], of sequences: [GenomeSequence]) -> Bool {
    var end = (0, 0)
    return blocks.allSatisfy { block in
      defer { end = (block.lastSequence, block.end) }
      return block.firstSequence == block.lastSequence && block.firstSequence < sequences.count
        && (block.firstSequence, block.start) >= end && block.start < block.end
        && block.end <= sequences[block.firstSequence].length
        && (1...2 * BigWigFile.blockSize).contains(block.size)
    }
  }

  /// The names and lengths of a B+ tree (tables 8–11), by number.
  static func sequences(treeAt offset: Int, in file: InputFile) throws -> [GenomeSequence] {
    let keySize = try file.bytes(at: offset, count: 32).number(at: 8, bytes: 4)
    guard keySize <= longestKey else { throw corrupt(file, "names of \(keySize) bytes") }
    let entries = try leaves(
      below: offset + 32, leafSize: keySize + 8, innerSize: keySize + 8, in: file
    ).sorted { $0.number(at: keySize, bytes: 4) < $1.number(at: keySize, bytes: 4) }
    return try entries.enumerated().map { number, entry in
      guard entry.number(at: keySize, bytes: 4) == number else {
        throw corrupt(file, "its sequences aren't numbered")
      }
      return GenomeSequence(
        name: String(decoding: entry[..<keySize].prefix { $0 != 0 }, as: UTF8.self),
        length: entry.number(at: keySize + 4, bytes: 4))
    }
  }

  /// The entries of the leaves below a node of either tree, in order. An inner entry ends with the place of
  /// its node.
  static func leaves(
    below offset: Int, leafSize: Int, innerSize: Int, in file: InputFile, depth: Int = 0
  ) throws -> [[UInt8]] {
    guard depth < deepestTree, 0..<(file.size ?? 0) ~= offset else {
      throw corrupt(file, "a tree that leads nowhere")
    }
    let head = try file.bytes(at: offset, count: 4)
    let isLeaf = head[0] == 1
    let size = isLeaf ? leafSize : innerSize
    let bytes = try file.bytes(at: offset + 4, count: size * head.number(at: 2, bytes: 2))
    let entries = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<$0 + size]) }
    return isLeaf
      ? entries
      : try entries.flatMap { entry in
        try leaves(
          below: entry.number(at: size - 8, bytes: 8), leafSize: leafSize, innerSize: innerSize,
          in: file, depth: depth + 1)
      }
  }

  static func corrupt(_ file: InputFile, _ reason: String) -> ByteError {
    ByteError(file: file.name, .corrupt(reason: reason))
  }
}

extension BigWigBlock {
  /// The block of an entry of the index.
  init(_ entry: [UInt8]) {
    self.init(
      firstSequence: entry.number(at: 0, bytes: 4), start: entry.number(at: 4, bytes: 4),
      lastSequence: entry.number(at: 8, bytes: 4), end: entry.number(at: 12, bytes: 4),
      offset: entry.number(at: 16, bytes: 8), size: entry.number(at: 24, bytes: 8))
  }
}

extension [UInt8] {
  /// The whole number whose lowest byte stands at `offset`.
  func number(at offset: Int, bytes: Int) -> Int {
    (0..<bytes).reduce(0) { $0 | Int(self[offset + $1]) << (8 * $1) }
  }
}
