import Genomics
import Testing

@Suite struct GenomicIntervalTests {
  /// samtools' regions are 1-based and inclusive: `chr1:5-8` is the fifth to the eighth base.
  @Test func readsRegions() {
    let interval = GenomicInterval(region: "chr1:5-8")
    #expect(interval == GenomicInterval("chr1", start: 4, end: 8))
    #expect(interval?.length == 4)
    let allele = GenomicInterval(region: "HLA-A*01:01:1-2")
    #expect(allele == GenomicInterval("HLA-A*01:01", start: 0, end: 2))
    #expect(GenomicInterval(region: "chr1:1-0") == GenomicInterval("chr1", start: 0, end: 0))
  }

  @Test(arguments: ["", "chr1", "chr1:5", "chr1:0-4", "chr1:8-5", ":1-2", "chr1:a-b", "chr1:1-2-3"])
  func refusesOtherTexts(text: String) {
    #expect(GenomicInterval(region: text) == nil)
  }

  @Test func overlapsWhereABaseIsShared() {
    let interval = GenomicInterval("a", start: 10, end: 20)
    #expect(interval.overlaps(GenomicInterval("a", start: 19, end: 30)))
    #expect(!interval.overlaps(GenomicInterval("a", start: 20, end: 30)))
    #expect(!interval.overlaps(GenomicInterval("b", start: 10, end: 20)))
  }

  @Test func centersWindows() {
    let odd = GenomicInterval.centered(on: 100, length: 5, in: "a")
    #expect(odd == GenomicInterval("a", start: 98, end: 103))
    let even = GenomicInterval.centered(on: 1, length: 4, in: "a")
    #expect(even == GenomicInterval("a", start: -1, end: 3))
  }

  @Test func peakCentersOnSummitElseMidpoint() {
    let interval = GenomicInterval("a", start: 100, end: 111)
    let summit = Peak(interval: interval, summitOffset: 3)
    #expect(summit.center == 103 && summit.centerSource == .summit)
    let plain = Peak(interval: interval)
    #expect(plain.center == 105 && plain.centerSource == .midpoint)
  }

  @Test func variantCoversItsReference() {
    let variant = Variant(sequence: "a", position: 9, reference: "ACG", alternates: ["A"])
    #expect(variant.interval == GenomicInterval("a", start: 9, end: 12))
  }
}
