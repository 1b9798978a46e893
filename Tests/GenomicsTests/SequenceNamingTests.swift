import Genomics
import Testing

@Suite struct SequenceNamingTests {
  @Test func mapsBothWays() {
    let ensembl = SequenceNaming(known: ["1", "20", "X", "MT"])
    #expect(ensembl.resolve("20") == "20")
    #expect(ensembl.resolve("chr20") == "20")
    #expect(ensembl.resolve("chrM") == "MT")
    #expect(ensembl.resolve("chr2") == nil)
    let ucsc = SequenceNaming(known: ["chr1", "chr20", "chrX", "chrM"])
    #expect(ucsc.resolve("X") == "chrX")
    #expect(ucsc.resolve("MT") == "chrM")
    #expect(ucsc.resolve("M") == "chrM")
    #expect(ucsc.resolve("") == nil)
    #expect(SequenceNaming(known: [""]).resolve("chr") == nil)
  }

  /// Names that mean one sequence each are never merged, and none is chosen from several.
  @Test func isNeverAmbiguous() {
    let both = SequenceNaming(known: ["20", "chr20", "chrM", "MT"])
    #expect(both.resolve("20") == "20")
    #expect(both.resolve("chr20") == "chr20")
    #expect(both.resolve("M") == nil)
  }

  @Test func saysWhatWasMapped() {
    let naming = SequenceNaming(known: ["1", "2", "3", "4", "20"])
    #expect(naming.explanation(of: ["chr20", "chr20", "chrUn"]) == "names mapped: chr20 → 20")
    #expect(naming.explanation(of: ["1", "chrUn"]) == nil)
    #expect(
      naming.explanation(of: ["chr1", "chr2", "chr3", "chr4"])
        == "names mapped: chr1 → 1, chr2 → 2, chr3 → 3 and 1 more")
  }
}
