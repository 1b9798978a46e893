import Genomics

/// The two trees of a bigWig file (Kent et al. 2010, supplement, tables 8–11 and 14–17).
enum BigWigIndex {
  private static let nodeSize = 256

  /// The B+ tree of sequence names at `offset`: nodes level by level from the root, each of full
  /// size, keys in byte order.
  static func sequenceTree(_ sequences: [(name: String, length: Int)], at offset: Int) -> [UInt8] {
    let keySize = sequences.map(\.name.utf8.count).max() ?? 1
    let items = sequences.enumerated().map { number, sequence in
      var item = Array(sequence.name.utf8) + [UInt8](repeating: 0, count: keySize)
      item.removeSubrange(keySize...)
      item.append(littleEndian: UInt32(number))
      item.append(littleEndian: UInt32(sequence.length))
      return item
    }.sorted { $0.lexicographicallyPrecedes($1) }

    var bytes: [UInt8] = []
    bytes.append(littleEndian: 0x78ca_8c91 as UInt32)
    for number in [nodeSize, keySize, 8] { bytes.append(littleEndian: UInt32(number)) }
    bytes.append(littleEndian: UInt64(items.count))
    bytes.append(littleEndian: 0 as UInt64)

    // How many items each level has, the root's first.
    var counts = [items.count]
    while counts[0] > nodeSize { counts.insert(counts[0].dividedRoundingUp(by: nodeSize), at: 0) }
    let nodeBytes = 4 + nodeSize * (keySize + 8)
    for (level, count) in counts.enumerated() {
      let isLeaf = level == counts.count - 1
      let childrenStart =
        offset + bytes.count + max(count, 1).dividedRoundingUp(by: nodeSize) * nodeBytes
      // How many names stand below one entry of this level.
      let span = counts[level...].dropFirst().reduce(1) { span, _ in span * nodeSize }
      for first in stride(from: 0, to: max(count, 1), by: nodeSize) {
        let entries = first..<min(first + nodeSize, count)
        var node: [UInt8] = [isLeaf ? 1 : 0, 0]
        node.append(littleEndian: UInt16(entries.count))
        for entry in entries {
          node += isLeaf ? items[entry] : Array(items[entry * span][..<keySize])
          if !isLeaf { node.append(littleEndian: UInt64(childrenStart + entry * nodeBytes)) }
        }
        bytes += node + [UInt8](repeating: 0, count: nodeBytes - node.count)
      }
    }
    return bytes
  }

  /// The R tree over blocks, for a place at `offset` of the file: nodes level by level from the root.
  static func blockTree(_ blocks: [BigWigBlock], itemsPerBlock: Int, at offset: Int) -> [UInt8] {
    var levels = [blocks]
    while levels[0].count > nodeSize { levels.insert(parents(of: levels[0]), at: 0) }

    var bytes: [UInt8] = []
    bytes.append(littleEndian: 0x2468_ace0 as UInt32)
    bytes.append(littleEndian: UInt32(nodeSize))
    bytes.append(littleEndian: UInt64(blocks.count))
    append(bounds: bounds(of: blocks[...], offset: 0), to: &bytes)
    bytes.append(littleEndian: UInt64(offset))
    bytes.append(littleEndian: UInt32(itemsPerBlock))
    bytes.append(littleEndian: 0 as UInt32)

    for (level, entries) in levels.enumerated() {
      let isLeaf = level == levels.count - 1
      let nodeCount = max(1, entries.count.dividedRoundingUp(by: nodeSize))
      var child = offset + bytes.count + nodeCount * 4 + entries.count * 24
      for first in stride(from: 0, to: max(entries.count, 1), by: nodeSize) {
        let node = entries[first..<min(first + nodeSize, entries.count)]
        bytes += [isLeaf ? 1 : 0, 0]
        bytes.append(littleEndian: UInt16(node.count))
        for entry in node {
          append(bounds: entry, to: &bytes)
          bytes.append(littleEndian: UInt64(isLeaf ? entry.offset : child))
          if isLeaf {
            bytes.append(littleEndian: UInt64(entry.size))
          } else {
            // An inner entry's size is the number of entries below it.
            child += 4 + entry.size * (level == levels.count - 2 ? 32 : 24)
          }
        }
      }
    }
    return bytes
  }

  /// An entry for each node of a level.
  private static func parents(of entries: [BigWigBlock]) -> [BigWigBlock] {
    stride(from: 0, to: entries.count, by: nodeSize).map {
      bounds(of: entries[$0..<min($0 + nodeSize, entries.count)], offset: 0)
    }
  }

  /// What a run of entries covers; its size is their number.
  private static func bounds(of entries: ArraySlice<BigWigBlock>, offset: Int) -> BigWigBlock {
    guard let first = entries.first, let last = entries.last else {
      return BigWigBlock(
        firstSequence: 0, start: 0, lastSequence: 0, end: 0, offset: offset, size: 0)
    }
    // Intervals of a bigBed may reach past those of later blocks.
    let end = entries.lazy.filter { $0.lastSequence == last.lastSequence }.map(\.end).max()!
    return BigWigBlock(
      firstSequence: first.firstSequence, start: first.start, lastSequence: last.lastSequence,
      end: end, offset: offset, size: entries.count)
  }

  private static func append(bounds: BigWigBlock, to bytes: inout [UInt8]) {
    for number in [bounds.firstSequence, bounds.start, bounds.lastSequence, bounds.end] {
      bytes.append(littleEndian: UInt32(number))
    }
  }
}
