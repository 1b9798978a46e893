import Genomics
import Motifs
import Testing

/// Matrices behind headers of tables, matrices without a header, and aligned sites.
@Suite struct MotifTableTests {
  private func file(_ text: String) throws -> MotifFile {
    try MotifFile(Array(text.utf8), file: "folder/name.pfm")
  }

  /// CIS-BP's files, of which one matrix has no row.
  @Test func readsCISBP() throws {
    let found = try file(
      """
      TF\tT000001_2.00
      TF Name\tAHR
      Gene\tENSG1
      Motif\tM00001_2.00
      Family\tbHLH
      Species\tHomo_sapiens
      Pos\tA\tC\tG\tT
      1\t0.1\t0.2\t0.3\t0.4
      2\t0.25\t0.25\t0.5\t0

      TF\tT000002_2.00
      Motif\tM00002_2.00
      Pos\tA\tC\tG\tT

      Gene\tENSG3
      Pos\tT\tG\tC\tA
      1\t0.125\t0.25\t0.125\t0.5
      """)
    #expect(found.motifs.map(\.name) == ["M00001_2.00", "ENSG3"])
    #expect(found.motifs.map(\.alternateName) == ["AHR", nil])
    #expect(
      found.motifs[0].probabilities.columns == [[0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.5, 0]])
    #expect(found.motifs[1].probabilities.columns == [[0.5, 0.125, 0.25, 0.125]])
    #expect(found.passedOver.map(\.name) == ["M00002_2.00"] && found.notes.isEmpty)
  }

  /// The file names what nothing else names; four rows and a blank line end a matrix.
  @Test func divides() throws {
    let found = try file(
      """
      # hDPI
      a 1 2
      T 0 1
      c 3 0
      G 0 1

      A | 4 0
      C | 0 4
      G | 0 0
      T | 0 0

      base  1  2
        a  .5 .5
        c  .5 .25
        g  0  .25
        t  0  0
      Ent= 1 0.5

      T A G C
      1 2 3 4
      5 0 0 0

      UW.1 acgt
      1 0 0 0
      0 1 0 0
      0 0 0.5 0.5
      0.25 0.25 0.25 0.25
      0 1 0 0
      """)
    #expect(found.motifs.map(\.name) == ["name", "name-2", "name-3", "name-4", "UW.1"])
    #expect(found.motifs[4].alternateName == "acgt" && found.motifs[4].width == 5)
    #expect(found.motifs[0].counts == [[1, 3, 0, 0], [2, 0, 1, 1]])
    #expect(found.motifs[1].counts == [[4, 0, 0, 0], [0, 4, 0, 0]])
    #expect(found.motifs[2].probabilities.columns == [[0.5, 0.5, 0, 0], [0.5, 0.25, 0.25, 0]])
    #expect(found.motifs[3].counts == [[2, 4, 3, 1], [0, 0, 0, 5]])
    #expect(found.passedOver.isEmpty && found.notes.isEmpty)
  }

  /// Blank lines between all rows divide nothing.
  @Test func doubleSpacedRowsAreOneMatrix() throws {
    let rows = "1 0 0 0\n\n0 1 0 0\n\n0 0 1 0\n\n0 0 0 1\n\n1 0 0 0\n\n1 0 0 0\n"
    #expect(try file(">a\n" + rows).motifs.map(\.width) == [6])
  }

  static let wrong: [(text: String, line: Int, problem: JASPARProblem)] = [
    ("Pos A C G T\n1 0 1 0 0\n2 0 1 0\n", 3, .badPosition("2 0 1 0")),
    ("A 1\nC 1\nC 1\nT 1\n", 3, .badRow("C 1", base: "G")),
    (">a b 1\nttACg\n>a b 2\nACG\n", 4, .unequalSites(count: 3, expected: 2)),
    (">a b 1\nttACg\n>a b 2\ncgt\n", 4, .badSite("cgt")),
    (">a b 1\nttACg\n>a b 2\naCgT\n", 4, .badSite("aCgT")),
    (">a b 1\nttAN\n>a b 2\nttAC\n", 2, .badSite("AN")),
    (">a\nttACgACt\n", 2, .sequence(motif: "a")),
    (">a\nttAC\n>b\nttACG\n", 2, .sequence(motif: "a")),
    (
      "AlignACE 4.0\nMotif 1\nACGT\t0\t1\t1\nACG\t1\t2\t0\nMAP Score: 1\n", 4,
      .unequalSites(count: 3, expected: 4)
    ),
  ]

  @Test(arguments: wrong.indices) func refuses(index: Int) {
    let (text, line, problem) = Self.wrong[index]
    #expect(throws: JASPARError(file: "folder/name.pfm", line: line, problem)) { try file(text) }
    #expect("\(problem)".contains("; "))
  }

  /// Sites of one ID in capitals, counted by hand; behind other lines, those of the file.
  @Test func readsSites() throws {
    let found = try file(
      ">MA1\tArnt\t1\nCACgt\n>MA1\tArnt\t2\nttCAG\n>MA2 X 1\naT\n>MA2 X 2\nTc\n")
    #expect(found.motifs.map(\.name) == ["MA1", "MA2"])
    #expect(found.motifs.map(\.alternateName) == ["Arnt", "X"])
    #expect(found.motifs[0].counts == [[0, 2, 0, 0], [2, 0, 0, 0], [0, 1, 1, 0]])
    #expect(found.motifs.map(\.siteCount) == [2, 2])
    let text = ">chr1:1-5(+)\nttACg\n>chr1:7-9(-)\nAGt\n"
    let places = try MotifFile(Array(text.utf8), file: "name.sites").motifs
    #expect(places.map(\.name) == ["name"])
    #expect(places[0].counts == [[2, 0, 0, 0], [0, 1, 1, 0]])
  }

  /// Soft-masked sequences, which look like sites, are no motifs.
  @Test(arguments: [">chr1:1-5(+)\nttACg\n>chr1:7-9(-)\nAGt\n", ">chr1 100 110\nacgtACGTacg\n"])
  func sequencesAreNoSites(text: String) {
    #expect(throws: JASPARError.self) { try file(text) }
  }

  /// The form of AlignACE's report; motifs are numbered.
  @Test func readsAlignACE() throws {
    let found = try file(
      """
      AlignACE 4.0 05/13/04
      ./AlignACE -i test.fa
      Parameter values:
       gcback =      \t0.38

      Input sequences:
      #0\tSEQ1; M: CTCAATCGTAGA at 52

      Motif 1
      ACT\t0\t51\t0
      ACG\t1\t171\t1
      * *
      MAP Score: 57.9079

      Motif 2
      GG\t0\t7\t1
      **
      MAP Score: 19.6235
      """)
    #expect(found.motifs.map(\.name) == ["Motif_1", "Motif_2"])
    #expect(found.motifs[0].counts == [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 1, 1]])
    #expect(found.motifs[1].counts == [[0, 0, 1, 0], [0, 0, 1, 0]])
  }

  /// The header of HOMER with spaces for tabs.
  @Test func readsHOMERWithSpaces() throws {
    let found = try file(">ATG AP-1(bZIP)/Homer   6.05  -1.78e+03  0\n1 0 0 0\n0 0 0 1\n0 0 1 0\n")
    #expect(found.motifs.map(\.name) == ["AP-1(bZIP)/Homer"] && found.motifs[0].width == 3)
    #expect(found.motifs[0].homer?.threshold == 6.05)
  }
}
