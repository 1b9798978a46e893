import CZlib
import Genomics
import Glibc

/// Where a compressed block of a bigWig file stands, and which positions it holds.
struct BigWigBlock {
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

  /// Compresses and writes a block.
  ///
  /// - Returns: Where it stands.
  mutating func appendBlock(_ bytes: [UInt8]) throws -> (offset: Int, size: Int) {
    var size = compressBound(UInt(bytes.count))
    var compressed = [UInt8](repeating: 0, count: Int(size))
    let status = compress(&compressed, &size, bytes, UInt(bytes.count))
    precondition(status == Z_OK, "zlib failed: \(status)")
    compressed.removeSubrange(Int(size)...)
    let start = offset
    try append(compressed)
    return (start, Int(size))
  }

  /// Reads a block back and expands it, which checks what was written.
  func block(_ block: BigWigBlock) throws -> [UInt8] {
    var compressed = [UInt8](repeating: 0, count: block.size)
    var bytes = [UInt8](repeating: 0, count: Self.blockSize)
    var size = UInt(bytes.count)
    guard pread(target.descriptor, &compressed, block.size, off_t(block.offset)) == block.size,
      uncompress(&bytes, &size, compressed, UInt(block.size)) == Z_OK
    else { throw OutputError(file: target.path, .notReadBack("a block is damaged")) }
    return Array(bytes[..<Int(size)])
  }

  /// Writes over what stands at `offset`.
  func replace(at offset: Int, with bytes: [UInt8]) throws {
    guard pwrite(target.descriptor, bytes, bytes.count, off_t(offset)) == bytes.count else {
      throw OutputError(file: target.path, .notWritten(code: errno))
    }
  }

  mutating func commit() throws {
    try target.commit()
  }
}

extension [UInt8] {
  mutating func append(littleEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  mutating func append(littleEndian number: Float) { append(littleEndian: number.bitPattern) }

  mutating func append(littleEndian number: Double) { append(littleEndian: number.bitPattern) }
}
