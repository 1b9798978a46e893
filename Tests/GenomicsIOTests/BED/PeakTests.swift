import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct PeakTests {
  private func peaks(_ text: String, in name: String = "a.bed") throws -> [Peak] {
    let folder = TemporaryFolder()
    return try readPeaks(folder.write(text, to: name))
  }

  @Test(arguments: [
    "chr1\t5\t9\nchr2\t0\t0\n", "chr1\t5\t9\r\nchr2\t0\t0", "chr1  5 9 \n chr2 0\t 0\n",
    "#chrom\tstart\tend\nchr1\t5\t9\n\n#x\nchr2\t0\t0\n",
    "chrom\tstart\tend\nchr1\t5\t9\nchr2\t0\t0\n",
    "browser position chr1:1-2\ntrack name=\"a b\"\nchr1\t005\t9\t\nchr2\t0\t0\n",
    "\u{feff}chr1\t5\t9\nchr2\t0\t0\n",
  ])
  func readsThreeColumns(text: String) throws {
    let folder = TemporaryFolder()
    let expected = [
      Peak(interval: GenomicInterval("chr1", start: 5, end: 9)),
      Peak(interval: GenomicInterval("chr2", start: 0, end: 0)),
    ]
    #expect(try readPeaks(folder.write(text, to: "a.bed")) == expected)
    #expect(try readPeaks(folder.write(Gzip.member(text.utf8), to: "a.gz")) == expected)
  }

  @Test func readsSixColumns() throws {
    let peak = try #require(try peaks("chr1\t5\t9\tx\t1500.5\t-\n").first)
    #expect(peak.name == "x" && peak.score == 1500.5 && peak.strand == .reverse)
    let absent = try #require(try peaks("chr1\t5\t9\t.\t.\t.\n").first)
    #expect(absent == Peak(interval: GenomicInterval("chr1", start: 5, end: 9)))
  }

  @Test func readsSummits() throws {
    let line = "chr1\t100\t200\tp\t3000\t.\t12.5\t-1\t-1\t"
    let peak = try #require(try peaks(line + "30\n").first)
    #expect(peak.summitOffset == 30 && peak.center == 130 && peak.signalValue == 12.5)
    #expect(try peaks(line + "-1\n").first?.summitOffset == nil)
    #expect(try peaks(line + "100\n").first?.center == 200)
    for summit in ["101", "-2", "1000000"] {
      #expect(throws: BEDError.self) { try peaks(line + summit + "\n") }
    }
  }

  /// The shape tells a narrowPeak from ten columns of BED, and a name settles it.
  @Test func tellsFormatsApart() throws {
    let bed = "chr1\t100\t200\tp\t0\t+\t100\t200\t255,0,0\t30\n"
    #expect(try peaks(bed).first?.summitOffset == nil)
    #expect(try peaks(bed, in: "a.narrowPeak").first?.summitOffset == 30)
    #expect(throws: BEDError.self) { try peaks("chr1\t1\t2\n", in: "a.narrowPeak.gz") }
    #expect(try peaks("chr1\t100\t200\tp\t0\t+\t8.5\t3\t2\n").first?.signalValue == 8.5)
    #expect(try peaks("chr1\t100\t200\tp\t0\t+\t100\t150\t0\n").first?.signalValue == nil)
    let bed12 = "chr1\t100\t200\tp\t0\t+\t100\t200\t0\t1\t100,\t0,\n"
    #expect(try peaks(bed12).first?.signalValue == nil)
  }

  @Test(
    arguments: [
      ("chr1\t5\n", .tooFewColumns(count: 2, needed: 3)),
      ("chr1\tx\t9\n", .badPosition(column: "start", text: "x")),
      ("chr1\t5\t9.5\n", .badPosition(column: "end", text: "9.5")),
      ("chr1\t-5\t9\n", .badPosition(column: "start", text: "-5")),
      ("chr1\t+5\t9\n", .badPosition(column: "start", text: "+5")),
      ("chr1\t5\t4294967296\n", .badPosition(column: "end", text: "4294967296")),
      ("chr1\t9\t5\n", .endBeforeStart(start: 9, end: 5)),
      ("\"chr1\"\t5\t9\n", .badSequenceName("\"chr1\"")), (".\t5\t9\n", .badSequenceName(".")),
    ] as [(String, BEDProblem)])
  func refuses(text: String, problem: BEDProblem) throws {
    let folder = TemporaryFolder()
    let path = folder.write("#\n" + text, to: "a.bed")
    #expect(throws: BEDError(file: path, line: 2, problem)) { try readPeaks(path) }
  }

  @Test func refusesMixedColumns() throws {
    let folder = TemporaryFolder()
    let path = folder.write("chr1\t5\t9\nchr1\t5\t9\tx\n", to: "a.bed")
    #expect(throws: BEDError(file: path, line: 2, .mixedColumns(count: 4, expected: 3))) {
      try readPeaks(path)
    }
  }
}
