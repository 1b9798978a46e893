/// Joins summaries, given in order, into those of wider bins, and writes these as a zoom level.
struct BigWigZoomLevel {
  /// The bins' width: bins start at its multiples.
  let reduction: Int
  private let lengths: [Int]
  private var bin: BigWigSummary?
  private var pending: [UInt8] = []
  private var pendingBounds: (first: BigWigSummary, last: BigWigSummary)?
  private(set) var blocks: [BigWigBlock] = []
  private(set) var count = 0

  static let recordsPerBlock = BigWigFile.blockSize / BigWigSummary.size

  init(reduction: Int, lengths: [Int]) {
    self.reduction = reduction
    self.lengths = lengths
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
    bin.append(to: &pending)
    pendingBounds = (pendingBounds?.first ?? bin, bin)
    count += 1
    if pending.count == BigWigFile.blockSize { try flush(to: &file) }
  }

  private mutating func flush(to file: inout BigWigFile) throws {
    guard let (first, last) = pendingBounds else { return }
    let (offset, size) = try file.appendBlock(pending)
    blocks.append(
      BigWigBlock(
        firstSequence: first.sequence, start: first.start, lastSequence: last.sequence,
        end: last.end, offset: offset, size: size))
    pending.removeAll(keepingCapacity: true)
    pendingBounds = nil
  }
}
