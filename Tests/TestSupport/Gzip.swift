/// Gzip members (RFC 1952) of stored, uncompressed blocks, made without zlib.
public enum Gzip {
  /// One gzip member.
  public static func member(_ contents: some Sequence<UInt8>) -> [UInt8] {
    [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] + body(Array(contents))
  }

  /// One BGZF block (SAM specification, section 4.1); `contents` of at most 60,000 bytes.
  public static func block(_ contents: some Sequence<UInt8>) -> [UInt8] {
    let body = body(Array(contents))
    let size = 18 + body.count - 1
    return [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 6, 0, 66, 67, 2, 0] + littleEndian(size, 2) + body
  }

  /// A BGZF file of blocks of `blockLength` bytes, with the closing empty block.
  public static func blocked(_ contents: some Sequence<UInt8>, blockLength: Int) -> [UInt8] {
    let contents = Array(contents)
    let blocks = stride(from: 0, to: contents.count, by: blockLength).flatMap {
      block(contents[$0..<min($0 + blockLength, contents.count)])
    }
    return blocks + block([])
  }

  private static func body(_ contents: [UInt8]) -> [UInt8] {
    precondition(contents.count <= 60_000, "a stored block of \(contents.count) bytes")
    let count = contents.count
    return [1] + littleEndian(count, 2) + littleEndian(~count, 2) + contents
      + littleEndian(Int(crc32(contents)), 4) + littleEndian(count, 4)
  }

  private static func littleEndian(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// The CRC of RFC 1952, section 8, bit by bit.
  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in
        crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1
      }
    }
  }
}
