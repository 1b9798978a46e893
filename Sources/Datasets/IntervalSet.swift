package import Genomics

/// The bases that some intervals cover.
package struct IntervalSet: Sendable {
  /// What is covered of each sequence: ascending ranges, apart from one another.
  private let ranges: [String: [Range<Int>]]

  package init(_ intervals: some Sequence<GenomicInterval>) {
    var ranges: [String: [Range<Int>]] = [:]
    for interval in intervals where interval.length > 0 {
      ranges[interval.sequence, default: []].append(interval.start..<interval.end)
    }
    self.ranges = ranges.mapValues(Self.merged)
  }

  package func overlaps(_ interval: GenomicInterval) -> Bool {
    guard let covered = ranges[interval.sequence] else { return false }
    let index = covered.partitioningIndex { $0.upperBound > interval.start }
    return index < covered.count && covered[index].lowerBound < interval.end
  }

  /// What of an interval is not covered, in ascending order.
  func gaps(in interval: GenomicInterval) -> [Range<Int>] {
    let covered = ranges[interval.sequence] ?? []
    var gaps: [Range<Int>] = []
    var start = interval.start
    for range in covered[covered.partitioningIndex(where: { $0.upperBound > interval.start })...] {
      guard range.lowerBound < interval.end else { break }
      if range.lowerBound > start { gaps.append(start..<range.lowerBound) }
      start = range.upperBound
    }
    if start < interval.end { gaps.append(start..<interval.end) }
    return gaps
  }

  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }
}
