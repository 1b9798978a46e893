import Foundation
import Genomics
import Motifs
import TestSupport
import Testing

@Suite struct MotifFormatTests {
  private func read(_ text: String) throws -> [Motif] {
    let file = try MotifFile(Array(text.utf8), file: "m.txt")
    #expect(file.passedOver.isEmpty && file.notes.isEmpty)
    return file.motifs
  }

  /// As the formats' own documents and tools have them, by hand.
  static let texts: [(format: MotifFormat, text: String)] = [
    (
      .jaspar,
      """
      >MA0001.1\tAGL3
      A  [     0     20   15.5      1      9 ]
      C  [    20      0      0      1      9 ]
      G  [     0      0    4.5     12      1 ]
      T  [     0      0      0      6      1 ]

      """
    ),
    (
      .transfac,
      """
      AC  MA0001.1
      XX
      ID  AGL3
      XX
      DE  MA0001.1 AGL3
      BF  T00001; AGL3; Species: thale cress.
      XX
      P0      A      C      G      T
      01      0     20      0      0      C
      02     20      0      0      0
      03   15.5      0    4.5      0      W
      XX
      BA  20 sites
      XX
      CC  a comment
      XX
      //

      """
    ),
    (
      .homer,
      """
      >CAR\tAGL3(MADS)/x/Homer a second name\t5.25\t-1363.84\t0\tT:10.0(50.00%),B:2.5(1.00%),P:1e-592
      0.000\t1.000\t0.000\t0.000
      0.997\t0.001\t0.001\t0.001
      0.525\t0.000\t0.475\t0.000

      """
    ),
    (
      .clusterBuster,
      ">MA0001.1\tAGL3 of A. thaliana\n# WEIGHT: 3.0\n# GAP: 10.0\n0\t20\t0\t0\n20\t0\t0\t0\n15.5\t0\t4.5\t0\n1\t1\t12\t6\n9\t9\t1\t1\n"
    ),
    (.gimmePWM, ">MA0001.1\n0.000\t1.000\t0.000\t0.000\n0.7755\t0.000\t0.2245\t0.000\n"),
  ]

  @Test(arguments: texts.indices) func roundTripsAreExact(index: Int) throws {
    let (format, text) = Self.texts[index]
    let motifs = try read(text)
    #expect(format.text(motifs) == text)
    #expect(try read(format.text(motifs)) == motifs)
  }

  /// Counts go through all formats of counts; names too.
  @Test(arguments: [MotifFormat.jaspar, .transfac, .clusterBuster, .gimmePFM])
  func countsSurvive(format: MotifFormat) throws {
    let motifs = try read(Self.texts[0].text)
    let found = try read(format.text(motifs))
    #expect(MotifFormat.jaspar.text(found) == Self.texts[0].text && found[0].siteCount == 20)
    #expect(found[0].counts?[2] == [15.5, 0, 4.5, 0])
  }

  /// Of whole counts of 20 sites six decimals tell each.
  @Test func countsComeBackFromDecimals() throws {
    let motifs = try read(
      Self.texts[0].text.replacing("15.5", with: "16").replacing("4.5", with: "4"))
    let back = try read(MotifFormat.meme.text(motifs))
    #expect(back[0].counts == nil && back[0].siteCount == 20)
    #expect(try read(MotifFormat.jaspar.text(back)) == motifs)
  }

  /// Probabilities with six decimals come back from counts that have the number of sites, also if they aren't those of
  /// whole counts (0.7 of 17 sites) or miss 1 by rounding (thirds).
  @Test(arguments: [MotifFormat.jaspar, .transfac, .clusterBuster, .gimmePFM])
  func probabilitiesComeBackFromCounts(format: MotifFormat) throws {
    let meme = """
      MOTIF a b
      letter-probability matrix: nsites= 17
       0.7 0.1 0.1 0.1
       0.333333 0.333333 0.333333 0.000000
       0.176471 0.058824 0.000000 0.764706
       0.000000 0.176471 0.000000 0.823529
       0.529412 0.000000 0.176471 0.294118
      """
    let motifs = try read(meme)
    let back = try read(format.text(motifs))
    #expect(back[0].siteCount == 17 && back[0].counts?.last == [9, 0, 3, 5])
    #expect(MotifFormat.meme.text(back) == MotifFormat.meme.text(motifs))
  }

  /// Eight of twelve is twice four of twelve, which isn't more; the probabilities' six decimals would say it is.
  @Test func consensusIsThatOfTheCounts() throws {
    let motifs = try read(
      "MOTIF a\nletter-probability matrix: nsites= 12\n0.666667 0.000000 0.000000 0.333333\n")
    #expect(MotifFormat.transfac.text(motifs).contains("01      8      0      0      4      W\n"))
  }

  /// HOMER's field of the name holds both names.
  @Test func namesSurviveHOMER() throws {
    let motifs = try read("MOTIF a b\nletter-probability matrix:\n1 0 0 0\n0.5 0.5 0 0\n")
    #expect(MotifFormat.homer.text(motifs).hasPrefix(">AM\ta b\t"))
    let back = try read(MotifFormat.homer.text(motifs))
    #expect(back[0].name == "a" && back[0].alternateName == "b")
  }

  /// Nobody says how many sites there are: the probabilities are written, and read as such.
  @Test(arguments: [MotifFormat.jaspar, .transfac, .clusterBuster, .gimmePFM, .gimmePWM, .homer])
  func probabilitiesStayProbabilities(format: MotifFormat) throws {
    let motifs = try read(">a\n0.7 0.1 0.1 0.1\n0.25 0.5 0.125 0.125\n")
    let found = try read(format.text(motifs))
    #expect(found[0].siteCount == nil && found[0].counts == nil)
    #expect(found[0].probabilities == motifs[0].probabilities)
  }

  /// A motif of two certain bases can't be rarer than 1/16, so its highest score is the threshold: about 2 ln 4.
  /// One of ten has p = 4⁻¹⁰ for the highest, and its threshold is lower.
  @Test func homerThresholds() throws {
    func motif(width: Int) -> Motif {
      Motif(
        name: "m",
        probabilities: ProbabilityMatrix(columns: Array(repeating: [1, 0, 0, 0], count: width))!)
    }
    let short = try #require(read(MotifFormat.homer.text([motif(width: 2)]))[0].homer)
    #expect(abs(short.threshold - 2 * log(4)) < 0.02)
    let long = try #require(read(MotifFormat.homer.text([motif(width: 10)]))[0].homer)
    #expect(long.threshold < 9.5 * log(4) && long.threshold > 0)
  }

  @Test func namesStayOneField() throws {
    let hostile = Motif(
      name: "a b\t>\n//", alternateName: "",
      probabilities: ProbabilityMatrix(columns: [[1, 0, 0, 0]])!,
      siteCount: 4)
    for format in MotifFormat.allCases {
      #expect(try read(format.text([hostile])).map(\.name) == ["a_b_>_//"])
    }
  }
}

@Suite struct TRANSFACReaderTests {
  static let wrong: [(text: String, line: Int, problem: TRANSFACProblem)] = [
    ("P0 A C G T\n01 1 0 0 0\n//\n", 1, .unnamedMotif),
    ("ID a\nP0 A C T G\n01 1 0 0 0\n//\n", 2, .letters("ACTG")),
    ("ID a\n//\nP0 A C G T\n", 1, .noMatrix(motif: "a")),
    ("ID a\nP0 A C G T\nXX\n//\n", 2, .noMatrix(motif: "a")),
    ("ID a\nP0 A C G T\n01 1 0 0\n", 3, .badRow("01 1 0 0")),
    ("ID a\nP0 A C G T\n01 1 0 0 -1 A\n", 3, .badRow("01 1 0 0 -1 A")),
    ("ID a\nP0 A C G T\n01 1 0 0 1 A b\n", 3, .badRow("01 1 0 0 1 A b")),
    ("ID a\nP0 A C G T\n01 1 0 0 0 A\n02 0 0 0 0 N\n", 4, .emptyColumn(position: 2)),
  ]

  /// A motif that can't be used is passed over, with its line; a file without another is refused.
  @Test(arguments: wrong.indices) func refuses(index: Int) throws {
    let (text, line, problem) = Self.wrong[index]
    let error = TRANSFACError(file: "m", line: line, problem)
    #expect(throws: error) { try MotifFile(Array(text.utf8), file: "m") }
    let good = "AC good\nID name\nP0 A C G U\n01 3 1 0 0 A\nXX\n//\n"
    let file = try MotifFile(Array((text + "//\n" + good).utf8), file: "m")
    #expect(file.motifs.map(\.name) == ["good"] && file.motifs[0].alternateName == "name")
    #expect(file.motifs[0].counts == [[3, 1, 0, 0]])
    #expect(file.passedOver.first?.error as? TRANSFACError == error)
  }

  @Test func wording() {
    for (_, _, problem) in Self.wrong {
      #expect(problem.description.contains(";") && !problem.description.contains("\n"))
    }
  }
}

/// Biopython's examples: each is read, or refused with its reason. Names, widths and counts are read with the eye.
@Suite(.enabled(if: SharedData.isPresent)) struct BiopythonFileTests {
  private func file(_ name: String) throws -> MotifFile {
    try MotifFile(path: SharedData.path("corpora/biopython/Tests/motifs/\(name)"))
  }

  @Test func readsTRANSFAC() throws {
    let both = try file("transfac.dat")
    #expect(both.motifs.map(\.name) == ["motif1", "motif2"] && both.passedOver.isEmpty)
    #expect(both.motifs.map(\.width) == [12, 10])
    #expect(both.motifs[1].counts?[9] == [0, 2, 0, 3] && both.motifs[1].siteCount == 5)
    let jaspar = try file("MA0056.1.transfac")
    #expect(jaspar.motifs.map(\.name) == ["MA0056.1"] && jaspar.motifs[0].alternateName == "MZF1")
    #expect(jaspar.motifs[0].counts?[0] == [3, 5, 4, 8] && jaspar.motifs[0].width == 6)
  }

  /// XMS, AlignACE, MEME's XML, sites, and tables with a row per position.
  @Test func readsOtherFormats() throws {
    let xms = try file("abdb.xms").motifs
    #expect(xms.map(\.name) == ["Abd-B"] && xms[0].width == 14)
    #expect(abs(xms[0].probabilities.columns[0][1] - 0.208333333333333) < 1e-12)
    let alignACE = try file("alignace.out").motifs
    #expect(alignACE.count == 16 && alignACE[0].name == "Motif_1")
    #expect(alignACE[0].counts?[3] == [11, 0, 0, 0] && alignACE[0].counts?[4] == [1, 10, 0, 0])
    let xml = try file("meme.INO_up800.classic.oops.xml")
    #expect(xml.motifs.map(\.name) == ["GSKGCATGTGAAA", "TTGACWCYTGCYCWG"])
    #expect(xml.motifs.map(\.alternateName) == ["MEME-1", "MEME-2"])
    #expect(xml.motifs.map(\.siteCount) == [7, 7] && xml.motifs.map(\.eValue) == [0.19, 54])
    #expect(xml.background == Background([0.324, 0.176, 0.176, 0.324]))
    let sites = try file("Arnt.sites").motifs
    #expect(sites.map(\.name) == ["MA0004"] && sites[0].alternateName == "ARNT")
    #expect(sites[0].counts?[0] == [4, 16, 0, 0] && sites[0].width == 6)
    let columns = try file("fourcolumns.pfm").motifs
    #expect(
      columns.map(\.name) == [
        "fourcolumns", "ENSG00000197372", "M1734_0.90", "AbdA_Cell_FBgn0000014",
        "AP-1(bZIP)/ThioMac-PU.1-ChIP-Seq(GSE21512)/Homer", "AHR_si", "UW.Motif.0001",
        "fourcolumns-2",
      ])
    #expect(columns[7].counts?[0] == [0, 40, 28, 30])  // The columns are T, A, G, C.
  }

  /// The file names a matrix that has no name.
  @Test func readsBareMatrices() throws {
    let found = try ["SRF.pfm", "REB1.pfm"].map(file)
    #expect(found.map(\.motifs[0].name) == ["SRF", "REB1"])
    #expect(found.map(\.motifs[0].width) == [12, 9])
    #expect(found[0].motifs[0].counts?[0] == [2, 1, 39, 4])
  }

  static let refused: [(name: String, reason: String)] = [
    ("meme.adh.classic.oops.xml", "DNA and RNA"), ("mast.adh.de.oops.html.xml", "MAST's report"),
    ("mast.adh.de.oops.html.txt", "MAST's report"), ("mast.crp0.de.oops.txt.txt", "MAST's report"),
  ]

  @Test(arguments: refused) func refuses(name: String, reason: String) {
    let error = #expect(throws: (any Error).self) { try file(name) }
    #expect("\(error!)".contains(reason))
  }

  /// Nine matrices, two with rows in another order; of YeTFaSCo's the row of T stands second.
  @Test func readsFourRows() throws {
    let found = try file("fourrows.pfm")
    #expect(
      found.motifs.map(\.width) == [6, 15, 15, 6, 6, 8, 10, 10, 9] && found.passedOver.isEmpty)
    #expect(found.motifs[1].probabilities.columns[0] == [0.5, 0.5, 0, 0])
    #expect(found.motifs[3].counts?[1] == [1, 97, 1, 1])
    #expect(found.motifs[6].name == "MA0001.1" && found.motifs[6].alternateName == "AGL3")
  }
}
