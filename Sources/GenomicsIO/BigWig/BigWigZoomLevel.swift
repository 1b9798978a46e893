/// Joins summaries, given in order, into those of wider bins, and writes these as a zoom level.
struct BigWigZoomLevel {
  /// The bins' width: bins start at its multiples.
  let reduction: Int
  private let lengths: [Int]
  private var bin: BigWigSummary?
  /// The bins that aren't written yet.
  private var pending: [BigWigSummary] = []
  private let threads: Int
  private(set) var blocks: [BigWigBlock] = []
  private(set) var count = 0

  static let recordsPerBlock = BigWigFile.blockSize / BigWigSummary.size

  /// Blocks compressed at a time.
  private static let batchSize = 128

  init(reduction: Int, lengths: [Int], threads: Int) {
    self.reduction = reduction
    self.lengths = lengths
    self.threads = threads
  }

  /// - Precondition: The summary lies in one bin, not before the one added last.
  mutating func add(_ summary: BigWigSummary, to file: inout BigWigFile) throws {
    if let bin, bin.sequence == summary.sequence, summary.start < bin.end {
      self.bin?.add(summary)
      return
    }
    try closeBin(in: &file)
    let start = summary.start / reduction * reduction
    var bin = BigWigSummary(
      sequence: summary.sequence, start: start,
      end: min(start + reduction, lengths[summary.sequence]))
    bin.add(summary)
    self.bin = bin
  }

  /// Writes what is left.
  mutating func finish(in file: inout BigWigFile) throws {
    try closeBin(in: &file)
    try flush(to: &file)
  }

  private mutating func closeBin(in file: inout BigWigFile) throws {
    guard let bin else { return }
    self.bin = nil
    pending.append(bin)
    count += 1
    if pending.count == Self.batchSize * Self.recordsPerBlock { try flush(to: &file) }
  }

  private mutating func flush(to file: inout BigWigFile) throws {
    let (bins, size) = (pending, Self.recordsPerBlock)
    let ranges = stride(from: 0, to: bins.count, by: size).map { $0..<min($0 + size, bins.count) }
    let places = try file.appendBlocks(ranges.count, threads: threads) { index in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(BigWigFile.blockSize)
      for bin in bins[ranges[index]] { bin.append(to: &bytes) }
      return bytes
    }
    for (range, place) in zip(ranges, places) {
      let (first, last) = (bins[range.lowerBound], bins[range.upperBound - 1])
      blocks.append(
        BigWigBlock(
          firstSequence: first.sequence, start: first.start, lastSequence: last.sequence,
          end: last.end, offset: place.offset, size: place.size))
    }
    pending.removeAll(keepingCapacity: true)
  }
}
