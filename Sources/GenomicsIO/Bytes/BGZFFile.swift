import Genomics
import Synchronization

/// Random access to the expanded contents of a BGZF file. Safe to use from many threads.
///
/// Blocks last used stay expanded: at most 64 MiB.
final class BGZFFile: Sendable {
  private let file: InputFile
  /// The `.gzi` that lists the blocks; `nil` if they were found in the file.
  private let indexPath: String?
  /// Where each block starts in the file, and last where the file ends.
  private let offsets: [Int]
  /// Where each block's contents start in the expanded file, and last how long that is.
  private let starts: [Int]
  /// The expanded block last used of those whose index is the slot's, modulo the slot count.
  private let cache = Mutex<[(block: Int, bytes: [UInt8])]>(
    Array(repeating: (-1, []), count: 1024))

  /// The length of the expanded file.
  var size: Int { starts[starts.count - 1] }

  /// - Parameters:
  ///   - indexPath: The file's `.gzi`; without one the blocks are found by going from each to the
  ///     next.
  /// - Throws: `ByteError` if a block's header is not BGZF or the closing empty block is missing;
  ///   `IndexError`.
  init(_ file: InputFile, size fileSize: Int, indexPath: String?) throws {
    self.file = file
    self.indexPath = indexPath
    let listed = try indexPath.map { try GZIndex.read($0, fileSize: fileSize) } ?? []
    var offsets = listed.map(\.offset)
    var starts = listed.map(\.start)
    // The last block listed is measured like those that aren't.
    var offset = offsets.popLast() ?? 0
    var start = starts.popLast() ?? 0
    var length = -1
    while offset < fileSize {
      let header = try file.bytes(at: offset, count: min(256, fileSize - offset))
      guard let sizes = BGZF.sizes(of: header) else {
        throw Self.noBlock(at: offset, in: file, indexPath: indexPath)
      }
      guard offset + sizes.block <= fileSize else { throw ByteError(file: file.name, .truncated) }
      offsets.append(offset)
      starts.append(start)
      offset += sizes.block
      length = Int(littleEndian32(try file.bytes(at: offset - 4, count: 4)))
      guard length <= BGZF.maximumBlockSize else {
        throw ByteError(file: file.name, .corrupt(reason: "a BGZF block of \(length) bytes"))
      }
      start += length
    }
    guard length == 0 else { throw ByteError(file: file.name, .truncated) }
    self.offsets = offsets + [offset]
    self.starts = starts + [start]
  }

  /// The expanded bytes of `range`.
  ///
  /// - Throws: `ByteError` if a block can't be read or is damaged.
  /// - Precondition: The range lies in `0..<size`.
  func bytes(in range: Range<Int>) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    var block = starts.partitioningIndex { $0 > range.lowerBound } - 1
    while bytes.count < range.count {
      let contents = try expanded(block)
      let from = range.lowerBound + bytes.count - starts[block]
      let to = min(contents.count, range.upperBound - starts[block])
      bytes += contents[from..<to]
      block += 1
    }
    return bytes
  }

  private func expanded(_ block: Int) throws -> [UInt8] {
    let slot = block % 1024
    if let bytes = cache.withLock({ $0[slot].block == block ? $0[slot].bytes : nil }) {
      return bytes
    }
    let compressed = try file.bytes(at: offsets[block], count: offsets[block + 1] - offsets[block])
    let length = starts[block + 1] - starts[block]
    guard BGZF.sizes(of: compressed)?.block == compressed.count,
      littleEndian32(compressed.suffix(4)) == length
    else { throw Self.noBlock(at: offsets[block], in: file, indexPath: indexPath) }
    var bytes = [UInt8](repeating: 0, count: length)
    guard Deflate.expand(compressed[...], as: .gzip, into: &bytes) == length else {
      throw ByteError(file: file.name, .corrupt(reason: "a BGZF block can't be expanded"))
    }
    cache.withLock { $0[slot] = (block, bytes) }
    return bytes
  }

  private static func noBlock(at offset: Int, in file: InputFile, indexPath: String?)
    -> any Failure
  {
    guard let indexPath else {
      return ByteError(file: file.name, .corrupt(reason: "no BGZF block at byte \(offset)"))
    }
    let what = "puts a block at byte \(offset), where \(file.name.quoted) has none of that size"
    return IndexError(file: indexPath, .stale(what: what))
  }
}
