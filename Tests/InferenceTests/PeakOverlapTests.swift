import Genomics
import Inference
import Testing

@Suite struct PeakOverlapTests {
  private func site(_ sequence: String, _ start: Int, _ end: Int, output: Float) -> BindingSite {
    BindingSite(
      interval: GenomicInterval(sequence, start: start, end: end), strand: .forward,
      window: start..<end, task: 0, output: output)
  }

  private let scanned = [
    GenomicInterval("1", start: 0, end: 2050), GenomicInterval("2", start: 5, end: 3000),
  ]

  /// Counted by hand: of four peaks two lie on one place, and one has no site; the site on another sequence and the one
  /// beside a peak lie in none. Three further peaks lie beside what was scanned, and an empty one nowhere.
  @Test func countsTheBestSitesFirst() {
    let peaks = [
      ("chr1", 100, 200), ("chr1", 0, 1000), ("chr1", 2000, 2100), ("chr2", 0, 10),
      ("chr2", 0, 5), ("chr1", 2050, 2060), ("chr3", 0, 10), ("chr1", 70, 70),
    ].map { Peak(interval: GenomicInterval($0.0, start: $0.1, end: $0.2)) }
    var overlap = PeakOverlap(peaks, in: scanned)
    overlap.add(site("1", 2100, 2110, output: 3))
    overlap.add(site("1", 150, 160, output: 4))
    overlap.add(site("3", 150, 160, output: 2))
    overlap.add(site("1", 2099, 2110, output: 1))
    #expect(overlap.peakCount == 4 && overlap.outsideCount == 4)
    #expect(
      overlap.curve() == [
        .init(sites: 1, sitesInPeaks: 1, peaksWithSite: 0.5),
        .init(sites: 2, sitesInPeaks: 0.5, peaksWithSite: 0.5),
        .init(sites: 3, sitesInPeaks: 1.0 / 3, peaksWithSite: 0.5),
        .init(sites: 4, sitesInPeaks: 0.5, peaksWithSite: 0.75),
      ])
  }

  @Test func nothingIsNoCurve() {
    #expect(PeakOverlap([], in: scanned).curve().isEmpty)
  }
}
