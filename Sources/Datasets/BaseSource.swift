public import Genomics
public import GenomicsIO

/// Named sequences whose bases can be read anywhere: a genome file, or sequences in memory.
public protocol BaseSource: Sendable {
  /// The sequences' names, in a fixed order.
  var names: [String] { get }
  /// The number of bases of a sequence; `nil` if there is none of that name.
  func length(of name: String) -> Int?
  /// - Precondition: The interval lies inside its sequence.
  func bases(in interval: GenomicInterval) throws -> EncodedSequence
}

extension Genome: BaseSource {
  public var names: [String] { sequences.map(\.name) }
}

extension BaseSource {
  /// Every sequence from end to end.
  package var wholeSequences: [GenomicInterval] {
    names.map { GenomicInterval($0, start: 0, end: length(of: $0) ?? 0) }
  }

  func contains(_ interval: GenomicInterval) -> Bool {
    guard let length = length(of: interval.sequence) else { return false }
    return interval.start >= 0 && interval.end <= length
  }

  /// Reads windows in the order in which they stand, neighbours in one go, and hands each one's
  /// index and codes to `body`.
  ///
  /// - Precondition: Every window lies inside its sequence.
  func forEachWindow(
    _ windows: [GenomicInterval], _ body: (Int, ArraySlice<UInt8>) -> Void
  ) throws {
    let rank = Dictionary(
      names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let keys = windows.map { (rank: rank[$0.sequence] ?? 0, start: $0.start) }
    let order = windows.indices.sorted {
      (keys[$0].rank, keys[$0].start, $0) < (keys[$1].rank, keys[$1].start, $1)
    }
    var next = 0
    while next < order.count {
      let first = windows[order[next]]
      var end = first.end
      var last = next + 1
      while last < order.count {
        let window = windows[order[last]]
        guard window.sequence == first.sequence, window.start <= end + longestSkip,
          window.end <= first.start + longestRead
        else { break }
        end = max(end, window.end)
        last += 1
      }
      let codes = try bases(in: GenomicInterval(first.sequence, start: first.start, end: end)).codes
      for index in order[next..<last] {
        let start = windows[index].start - first.start
        body(index, codes[start..<start + windows[index].length])
      }
      next = last
    }
  }
}

/// Bases that are read for nothing rather than begin a read anew: the size of a BGZF block.
private let longestSkip = 1 << 16
private let longestRead = 1 << 22
