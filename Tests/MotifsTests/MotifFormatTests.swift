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
      P0      A      C      G      T
      01      0     20      0      0      C
      02     20      0      0      0      A
      03   15.5      0    4.5      0      A
      XX
      //

      """
    ),
    (
      .homer,
      """
      >CAR\tAGL3(MADS)/x/Homer\t5.25\t-1363.84\t0\tT:10.0(50.00%),B:2.5(1.00%),P:1e-592
      0.000\t1.000\t0.000\t0.000
      0.997\t0.001\t0.001\t0.001
      0.525\t0.000\t0.475\t0.000

      """
    ),
    (
      .clusterBuster,
      ">MA0001.1\tAGL3\n0\t20\t0\t0\n20\t0\t0\t0\n15.5\t0\t4.5\t0\n1\t1\t12\t6\n9\t9\t1\t1\n"
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
    #expect(found == motifs && found[0].siteCount == 20)
    #expect(found[0].counts?[2] == [15.5, 0, 4.5, 0])
  }

  /// Of whole counts of 20 sites six decimals tell each.
  @Test func countsComeBackFromDecimals() throws {
    let motifs = try read(
      Self.texts[3].text.replacing("15.5", with: "16").replacing("4.5", with: "4"))
    let back = try read(MotifFormat.meme.text(motifs))
    #expect(back[0].counts == nil && back[0].siteCount == 20)
    #expect(try read(MotifFormat.jaspar.text(back)) == motifs)
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

  /// The file names a matrix that has no name.
  @Test func readsBareMatrices() throws {
    let found = try ["SRF.pfm", "REB1.pfm"].map(file)
    #expect(found.map(\.motifs[0].name) == ["SRF", "REB1"])
    #expect(found.map(\.motifs[0].width) == [12, 9])
    #expect(found[0].motifs[0].counts?[0] == [2, 1, 39, 4])
  }

  static let refused: [(name: String, reason: String)] = [
    ("abdb.xms", "XMS"), ("alignace.out", "AlignACE"), ("fourcolumns.pfm", "CIS-BP"),
    ("meme.adh.classic.oops.xml", "is XML"), ("mast.adh.de.oops.html.xml", "is XML"),
    ("mast.adh.de.oops.html.txt", "MAST's report"), ("mast.crp0.de.oops.txt.txt", "MAST's report"),
    ("Arnt.sites", "is a sequence"),
  ]

  @Test(arguments: refused) func refuses(name: String, reason: String) {
    let error = #expect(throws: (any Error).self) { try file(name) }
    #expect("\(error!)".contains(reason))
  }

  /// Rows in the order A, T, G, C or without a name can't be placed: those motifs are passed over.
  @Test func readsWhatHasANameOfFourRows() throws {
    let found = try file("fourrows.pfm")
    #expect(found.motifs.map(\.name).contains("MA0001.1") && !found.passedOver.isEmpty)
  }
}
