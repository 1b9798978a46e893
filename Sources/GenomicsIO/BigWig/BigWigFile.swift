import Genomics
import Glibc
internal import Parallel

/// Where a compressed block of a bigWig file stands, and which positions it holds.
struct BigWigBlock: Sendable {
  let firstSequence: Int
  let start: Int
  let lastSequence: Int
  let end: Int
  let offset: Int
  let size: Int
}

/// The bytes of a bigWig file that is being made.
struct BigWigFile: ~Copyable {
  /// The largest block before compression.
  static let blockSize = 1 << 14

  private var target: OutputTarget
  /// The file's length so far.
  private(set) var offset = 0

  init(path: String, replacing: Bool) throws {
    let target = try OutputTarget(path: path, replacing: replacing)
    guard target.temporaryPath != nil else { throw OutputError(file: path, .notSeekable) }
    self.target = target
  }

  mutating func append(_ bytes: [UInt8]) throws {
    try target.write(bytes)
    offset += bytes.count
  }

  /// Makes blocks, compresses them, both side by side, and writes them in order.
  ///
  /// - Returns: Where each stands.
  mutating func appendBlocks(
    _ count: Int, threads: Int, _ make: @escaping @Sendable (Int) -> [UInt8]
  ) throws
    -> [(offset: Int, size: Int)]
  {
    try concurrentMap(count, threads: threads) { Deflate.compressed(make($0)[...], as: .zlib) }.map
    { block in
      let start = offset
      try append(block)
      return (start, block.count)
    }
  }

  /// Reads blocks back and expands them, which checks what was written, and takes from each what
  /// `transform` makes of it; side by side.
  func mapBlocks<Value: Sendable>(
    _ blocks: ArraySlice<BigWigBlock>, threads: Int,
    _ transform: @escaping @Sendable (BigWigBlock, UnsafeRawBufferPointer) -> Value
  ) throws -> [Value] {
    let (descriptor, first) = (target.descriptor, blocks.startIndex)
    let values = concurrentMap(blocks.count, threads: threads) { index in
      let block = blocks[first + index]
      return Self.expanded(block, in: descriptor)?.withUnsafeBytes { transform(block, $0) }
    }
    return try values.map { value in
      guard let value else {
        throw OutputError(file: target.path, .notReadBack("a block is damaged"))
      }
      return value
    }
  }

  private static func expanded(_ block: BigWigBlock, in descriptor: Int32) -> [UInt8]? {
    var compressed = [UInt8](repeating: 0, count: block.size)
    var count = -1
    repeat {
      count = pread(descriptor, &compressed, block.size, off_t(block.offset))
    } while count < 0 && errno == EINTR
    return count == block.size ? expanded(compressed) : nil
  }

  /// What a block holds; `nil` if it is damaged.
  ///
  /// - Parameter most: The number of bytes that it may expand to.
  static func expanded(_ compressed: [UInt8], most: Int = blockSize) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: most)
    guard let count = Deflate.expand(compressed[...], as: .zlib, into: &bytes) else { return nil }
    return Array(bytes[..<count])
  }

  /// Writes over what stands at `offset`.
  func replace(at offset: Int, with bytes: [UInt8]) throws {
    try target.write(bytes, at: offset)
  }

  /// The header of a zoom level: the bins' width, and where its data and its index stand.
  static func zoomHeader(reduction: Int, data: Int, index: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt32(reduction))
    bytes.append(littleEndian: 0 as UInt32)
    bytes.append(littleEndian: UInt64(data))
    bytes.append(littleEndian: UInt64(index))
    return bytes
  }

  mutating func finish() throws -> FinishedOutput { try target.finish() }
}
