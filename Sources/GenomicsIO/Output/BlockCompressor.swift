import Genomics
import Glibc
internal import Parallel

/// Makes BGZF of bytes: blocks of a fixed size, compressed side by side, the same for any number of threads.
struct BlockCompressor {
  private let threads: Int
  /// Bytes that wait until there are blocks for all threads.
  private var pending: [UInt8] = []

  private static let blockSize = BGZF.contentsPerBlock
  private static let blocksPerThread = 8

  init(threads: Int) {
    self.threads = threads
  }

  /// Takes bytes.
  ///
  /// - Returns: The blocks that became full.
  mutating func blocks(adding bytes: [UInt8]) -> [[UInt8]] {
    pending += bytes
    let batch = Self.blockSize * Self.blocksPerThread * threads
    return pending.count < batch ? [] : takeBlocks(pending.count / Self.blockSize)
  }

  /// What is left, and the empty block that marks the end.
  mutating func lastBlocks() -> [[UInt8]] {
    takeBlocks(pending.count.dividedRoundingUp(by: Self.blockSize)) + [BGZF.closingBlock]
  }

  private mutating func takeBlocks(_ count: Int) -> [[UInt8]] {
    let bytes = pending
    let end = min(count * Self.blockSize, bytes.count)
    pending = Array(bytes[end...])
    return concurrentMap(count, threads: threads) { index in
      let start = index * Self.blockSize
      return BGZF.block(of: bytes[start..<min(start + Self.blockSize, end)])
    }
  }
}
