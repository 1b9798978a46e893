import Genomics

/// The blocks that a `.gzi` file lists: the count, then each block but the first as its offset in
/// the file and in the expanded file; all are 64-bit little-endian numbers (`bgzip --index`).
enum GZIndex {
  struct Block: Equatable, Sendable {
    /// Where the block starts in the file.
    let offset: Int
    /// Where its contents start in the expanded file.
    let start: Int
  }

  /// That of a terabyte of sequence.
  private static let largestIndex = 1 << 29

  /// Reads the index beside a BGZF file, and checks that a file of `fileSize` bytes can have it.
  ///
  /// - Throws: `ByteError`; `IndexProblem.malformed`, `.stale`.
  static func read(_ path: String, fileSize: Int) throws -> [Block] {
    let index = try InputFile(path: path)
    let malformed = IndexError(file: path, .malformed)
    guard let size = index.size, (8...largestIndex).contains(size) else { throw malformed }
    let bytes = try index.bytes(at: 0, count: size)
    let numbers = stride(from: 0, to: size - size % 8, by: 8).map {
      UInt64(littleEndian32(bytes[$0..<$0 + 4]))
        | UInt64(littleEndian32(bytes[$0 + 4..<$0 + 8])) << 32
    }
    guard size % 16 == 8, numbers[0] == UInt64((size - 8) / 16),
      numbers.dropFirst().allSatisfy({ $0 < 1 << 62 })
    else { throw malformed }
    var blocks = [Block(offset: 0, start: 0)]
    for pair in stride(from: 1, to: numbers.count, by: 2) {
      let block = Block(offset: Int(numbers[pair]), start: Int(numbers[pair + 1]))
      let last = blocks[blocks.count - 1]
      guard block.offset > last.offset, block.start >= last.start,
        block.start - last.start <= BGZF.maximumBlockSize
      else { throw malformed }
      blocks.append(block)
    }
    guard blocks[blocks.count - 1].offset < fileSize else {
      throw IndexError(file: path, .stale(what: "lists blocks beyond the end of the file"))
    }
    return blocks
  }
}
