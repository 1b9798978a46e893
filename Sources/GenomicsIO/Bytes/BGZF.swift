/// The blocked gzip format of the SAM specification, section 4.1: gzip members of at most 64 KiB
/// whose headers state their sizes, closed by an empty one.
enum BGZF {
  static let maximumBlockSize = 65_536
  /// How much is put into a block: what fits even if it can't be compressed.
  static let contentsPerBlock = 0xff00
  /// The empty block that closes a file.
  static let closingBlock: [UInt8] =
    [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0]
    + [UInt8](repeating: 0, count: 8)

  /// Compresses at most `contentsPerBlock` bytes.
  static func block(of contents: ArraySlice<UInt8>) -> [UInt8] {
    let body = Deflate.compressed(contents, as: .bare)
    let size = 18 + body.count + 8
    precondition(size <= maximumBlockSize, "a block of \(size) bytes")
    var block = Array(closingBlock[..<16])
    block.append(littleEndian: UInt16(size - 1))
    block += body
    block.append(littleEndian: Deflate.checksum(contents))
    block.append(littleEndian: UInt32(contents.count))
    return block
  }

  /// The total size of a block, from the `BC` subfield of its gzip header's extra field.
  ///
  /// - Returns: `nil` if there is no such subfield.
  static func blockSize(inExtraField extra: UnsafeBufferPointer<UInt8>) -> Int? {
    var position = 0
    while position + 4 <= extra.count {
      let length = Int(extra[position + 2]) | Int(extra[position + 3]) << 8
      if extra[position] == UInt8(ascii: "B"), extra[position + 1] == UInt8(ascii: "C"),
        length == 2, position + 6 <= extra.count
      {
        return (Int(extra[position + 4]) | Int(extra[position + 5]) << 8) + 1
      }
      position += 4 + length
    }
    return nil
  }

  /// The sizes of a block and of its header, from the bytes it starts with.
  ///
  /// - Returns: `nil` if the bytes don't start a BGZF block.
  static func sizes(of start: [UInt8]) -> (block: Int, header: Int)? {
    guard start.count >= 18, start[0] == 0x1f, start[1] == 0x8b, start[2] == 8, start[3] == 4
    else { return nil }
    let header = 12 + Int(start[10]) + Int(start[11]) << 8
    let size = start[12..<min(header, start.count)].withUnsafeBufferPointer {
      blockSize(inExtraField: $0)
    }
    guard let size, size >= header + 8 else { return nil }
    return (size, header)
  }
}
