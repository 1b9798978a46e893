internal import Datasets
public import Genomics

/// How sites and known peaks lie on each other: what share of the best sites lies in a peak, and what share of the peaks
/// has one.
public struct PeakOverlap: Sendable {
  public struct Point: Equatable, Sendable {
    /// The number of best sites.
    public let sites: Int
    /// The share of them that overlap a peak.
    public let sitesInPeaks: Double
    /// The share of the peaks that overlap one of them.
    public let peaksWithSite: Double

    package init(sites: Int, sitesInPeaks: Double, peaksWithSite: Double) {
      (self.sites, self.sitesInPeaks) = (sites, sitesInPeaks)
      self.peaksWithSite = peaksWithSite
    }
  }

  /// By start, with the largest end of those up to each.
  private let peaks: [String: [(place: Range<Int>, number: Int, furthestEnd: Int)]]
  private let naming: SequenceNaming
  /// Of those that lie in what was scanned.
  public let peakCount: Int
  /// Of the others.
  public let outsideCount: Int
  /// For each site its output, and the peaks that it overlaps.
  private var found: [(output: Float, peaks: [Int])] = []

  /// - Parameters:
  ///   - peaks: `chr20` and `20` are one sequence.
  ///   - scanned: Where sites were looked for; peaks that have no base in it aren't counted.
  public init(_ peaks: [Peak], in scanned: [GenomicInterval]) {
    var bySequence: [String: [(place: Range<Int>, number: Int, furthestEnd: Int)]] = [:]
    let scannedNames = SequenceNaming(known: scanned.map(\.sequence))
    let covered = IntervalSet(scanned)
    let inScanned = peaks.map(\.interval).filter { peak in
      guard peak.length > 0, let name = scannedNames.resolve(peak.sequence) else { return false }
      return covered.overlaps(peak.renamed(name))
    }
    let sorted = inScanned.enumerated().sorted {
      ($0.element.start, $0.offset) < ($1.element.start, $1.offset)
    }
    for (number, peak) in sorted {
      let furthest = bySequence[peak.sequence]?.last?.furthestEnd ?? 0
      bySequence[peak.sequence, default: []].append(
        (peak.start..<peak.end, number, max(furthest, peak.end)))
    }
    self.peaks = bySequence
    naming = SequenceNaming(known: bySequence.keys.sorted())
    peakCount = sorted.count
    outsideCount = peaks.count - sorted.count
  }

  public mutating func add(_ site: BindingSite) {
    found.append((site.output, overlapped(by: site.interval)))
  }

  private func overlapped(by site: GenomicInterval) -> [Int] {
    guard let own = naming.resolve(site.sequence).flatMap({ peaks[$0] }) else { return [] }
    var index = own.partitioningIndex { $0.place.lowerBound >= site.end }
    var numbers: [Int] = []
    while index > 0, own[index - 1].furthestEnd > site.start {
      index -= 1
      if own[index].place.upperBound > site.start { numbers.append(own[index].number) }
    }
    return numbers
  }

  /// The shares among the best sites, for some numbers of sites up to all.
  ///
  /// - Parameter most: The most points.
  public func curve(most: Int = 100) -> [Point] {
    let sorted = found.enumerated().sorted {
      ($1.element.output, $0.offset) < ($0.element.output, $1.offset)
    }.map(\.element.peaks)
    let ranks = Set((1...most).map { max(1, sorted.count * $0 / most) })
    var (points, inPeaks, seen) = ([Point](), 0, Set<Int>())
    for (index, numbers) in sorted.enumerated() {
      inPeaks += numbers.isEmpty ? 0 : 1
      seen.formUnion(numbers)
      guard ranks.contains(index + 1) else { continue }
      points.append(
        Point(
          sites: index + 1, sitesInPeaks: Double(inPeaks) / Double(index + 1),
          peaksWithSite: Double(seen.count) / Double(max(1, peakCount))))
    }
    return points
  }
}
