import Genomics
import GenomicsIO
import TestSupport
import Testing

/// What separates columns, and which of them can refuse a file. Expected values are read off the lines by hand.
@Suite struct BEDColumnsTests {
  private func contents(_ text: String, in name: String = "a.bed") throws -> PeakFileContents {
    let folder = TemporaryFolder()
    return try PeakFileContents(path: folder.write(text, to: name))
  }

  /// The BED specification allows spaces in names if tabs separate the fields (hts-specs, BEDv1, 1.5).
  @Test(arguments: [
    "chr1\t5\t9\tCTCF site\n", "chr1\t5\t9\tCTCF site\t.\t+\n", "chr1\t5\t9\t CTCF site \t7\n",
    " chr1 \t5 \t 9\tCTCF site\n", "chr1\t5\t9\tCTCF site\t\t\n",
  ]) func namesKeepTheirSpaces(line: String) throws {
    let peak = try #require(try contents(line).peaks.first)
    #expect(peak.name == "CTCF site" && peak.interval == GenomicInterval("chr1", start: 5, end: 9))
  }

  @Test func spacesSeparateLinesWithoutTabs() throws {
    let peaks = try contents("chr1  5 9  a 3\nchr2 1\t4 b 2\nchr3   1\t4\tc\t2\n").peaks
    #expect(peaks.map(\.name) == ["a", "b", "c"] && peaks.map(\.score) == [3, 2, 2])
  }

  /// Acidbio calls a file good that has tabs and, in one line, spaces for one of them.
  @Test func spacesSeparateWhereTabsAreTooFew() throws {
    let peaks = try contents("chr1\t5\t9\ta\t3\nchr1\t5\t9\tb   4\nchr1 5\t9\tc\t2\n").peaks
    #expect(peaks.map(\.name) == ["a", "b", "c"] && peaks.map(\.score) == [3, 4, 2])
  }

  @Test func narrowPeaksWithSpacesInNames() throws {
    let line = "chr1\t100\t200\tmy peak\t632\t.\t31.5\t63\t47\t30\n"
    let peak = try #require(try contents(line).peaks.first)
    #expect(peak.name == "my peak" && peak.score == 632 && peak.signalValue == 31.5)
    #expect(peak.center == 130)
  }

  /// Strands, colours, thick parts and statistics serve nothing. The sixth column of SEACR is a region.
  @Test(arguments: [
    "chr1\t5\t9\tx\t3\t*\n", "chr1\t5\t9\tx\t3\t0\n", "chr1\t5\t9\tx\t3\tchr1:1-100\n",
    "chr1\t5\t9\tx\t3\t+\tx\ty\trgb(1,2,3)\n", "chr1\t5\t9\tx\t3\t.\t6\t8\t0\t2\t1,1\t0\n",
  ]) func unusedColumnsRefuseNothing(line: String) throws {
    #expect(try contents(line).peaks.map(\.score) == [3])
    #expect(try contents(line).unreadStrengths == 0)
  }

  @Test func aStrandIsPlusOrMinusOrUnknown() throws {
    let lines = ["+", "-", ".", "*", "1"].map { "chr1\t5\t9\tx\t3\t\($0)\n" }.joined()
    #expect(
      try contents(lines).peaks.map(\.strand)
        == [.forward, .reverse, .unspecified, .unspecified, .unspecified])
  }

  @Test func scoresThatAreNoNumbersAreMissingAndCounted() throws {
    let found = try contents("chr1\t5\t9\tx\tsite\nchr1\t6\t9\tx\t.\nchr1\t7\t9\tx\tnan\n")
    #expect(found.peaks.map(\.score) == [nil, nil, nil])
    #expect(found.unreadStrengths == 2 && found.firstUnreadStrength == "site")
    // The signal value serves, whatever the score says.
    let narrow = try contents("chr1\t5\t9\tx\tsite\t.\t2.5\tNA\tinf\t1\n", in: "a.NarrowPeak.GZ")
    #expect(narrow.peaks.map(\.signalValue) == [2.5] && narrow.unreadStrengths == 0)
    #expect(narrow.peaks.map(\.summitOffset) == [1])
  }

  /// Only what is used is checked: a bad summit means nothing where only the place is read.
  @Test func intervalsNeedThreeColumns() throws {
    let folder = TemporaryFolder()
    let path = folder.write("chr1\t5\t9\tx\t3\t.\t1\t1\t1\t99\n", to: "a.narrowPeak")
    #expect(throws: BEDError.self) { try readPeaks(path) }
    #expect(try readIntervals(path) == [GenomicInterval("chr1", start: 5, end: 9)])
  }

  @Test(
    arguments: [
      ("chr 1\t5\t9\n", .badSequenceName("chr 1")),
      ("\t5\t9\n", .badSequenceName("")),
      ("chr1\t5\t9 x y\nchr1\t5x\t9\n", .badPosition(column: "start", text: "5x")),
      // A line that was cut off in the middle of its end.
      ("chr1\t5\t90\tx\nchr1\t5\t9\n", .mixedColumns(count: 3, expected: 4)),
      ("chr1\t5\n", .tooFewColumns(count: 2, needed: 3)),
    ] as [(String, BEDProblem)])
  func usedColumnsAreStrict(text: String, problem: BEDProblem) throws {
    let error = #expect(throws: BEDError.self) { try contents(text) }
    #expect(error?.problem == problem)
  }

  /// Columns that are empty at the end may be left out.
  @Test func emptyColumnsMayBeLeftOut() throws {
    #expect(try contents("chr1\t5\t9\tx\nchr1\t5\t9\t\nchr1\t5\t9\ty\t\t\n").peaks.count == 3)
    #expect(try contents("chr1\t5\t9\t\nchr1\t5\t9\n").peaks.count == 2)
  }

  @Test(arguments: [
    "# MACS2\n\nchr\tstart\tend\tlength\tabs_summit\tpileup\t-log10(pvalue)\nchr1\t5\t9\t5\t7\t3\t2\n",
    "seqnames\tstart\tend\twidth\tstrand\nchr1\t5\t9\t5\t*\n",
  ]) func tablesThatCountFromOneAreRefused(text: String) throws {
    let error = #expect(throws: BEDError.self) { try contents(text) }
    #expect(error.map { "\($0)".contains("positions count from 1") } == true)
  }
}

@Suite(.enabled(if: SharedData.isPresent)) struct BEDFieldReportTests {
  /// The README says which names are right.
  @Test(arguments: [
    ("bed4name.bed", "CTCF site"), ("bed4name7.bed", "CTCF 7"), ("npname.narrowPeak", "my peak"),
  ]) func readsNamesWithSpaces(file: String, name: String) throws {
    let path = SharedData.path("corpora/field-reports/bed-name-spaces/\(file)")
    let found = try PeakFileContents(path: path)
    #expect(found.peaks.count == (try lines(of: path).count))
    #expect(found.peaks.contains { $0.name == name } && found.unreadStrengths == 0)
    #expect(found.peaks.allSatisfy { file.hasSuffix("Peak") == ($0.score != nil) })
  }

  /// bedtools reads all of these as BED; it refuses none but those that aren't.
  @Test(
    arguments: SharedData.files(below: "corpora/bedtools2/test").filter {
      $0.hasSuffix(".bed") || $0.hasSuffix(".bed.gz")
    }) func readsBedtoolsFiles(path: String) throws
  {
    _ = try readPeaks(path)
  }
}
