public import Genomics
public import GenomicsIO

/// What a BED, narrowPeak or broadPeak file holds.
public struct RegionSummary: Codable, Equatable, Sendable {
  /// Missing for a file without a region.
  public let format: RegionFormat?
  public let regions: Int
  /// Of the regions' widths; missing for a file without a region.
  public let shortest, median, longest: Int?
  /// The regions with a summit; the others are centred on their midpoints.
  public let summits: Int
  /// The regions with a signal value or a score.
  public let strengths: Int
  /// The regions with a text where the strength should be.
  public let unreadStrengths: Int
  /// The regions that share a base with another.
  public let overlapping: Int
  /// Whether the regions of a sequence stand together, by start.
  public let isSorted: Bool
  /// The regions on each sequence, in the order of the file.
  public let sequences: [NamedCount]

  /// Reads and checks every line.
  ///
  /// - Throws: `ByteError`, `BEDError` with the line.
  public init(path: String) throws { self.init(try PeakFileContents(path: path)) }

  init(_ contents: PeakFileContents) {
    let intervals = contents.peaks.map(\.interval)
    let widths = intervals.map(\.length).sorted()
    format = contents.format
    regions = widths.count
    (shortest, longest) = (widths.first, widths.last)
    median = widths.isEmpty ? nil : widths[widths.count / 2]
    summits = contents.peaks.count { $0.summitOffset != nil }
    strengths = contents.peaks.count { $0.signalValue != nil || $0.score != nil }
    unreadStrengths = contents.unreadStrengths
    var counter = NameCounter()
    var isSorted = true
    for (index, interval) in intervals.enumerated() where !counter.add(interval.sequence) {
      let last = intervals[index - 1]
      if last.sequence != interval.sequence || last.start > interval.start { isSorted = false }
    }
    self.isSorted = isSorted
    sequences = counter.counts
    overlapping = overlappingCount(of: intervals)
  }
}

/// The number of intervals that share a base with another one.
private func overlappingCount(of intervals: [GenomicInterval]) -> Int {
  let sorted = intervals.sorted {
    ($0.sequence, $0.start, $0.end) < ($1.sequence, $1.start, $1.end)
  }
  var (count, first) = (0, 0)
  while first < sorted.count {
    // Those from `first` on that a chain of shared bases joins.
    var (next, end) = (first + 1, sorted[first].end)
    while next < sorted.count, sorted[next].sequence == sorted[first].sequence,
      sorted[next].start < end, sorted[next].length > 0
    {
      end = max(end, sorted[next].end)
      next += 1
    }
    if next > first + 1 { count += next - first }
    first = next
  }
  return count
}
