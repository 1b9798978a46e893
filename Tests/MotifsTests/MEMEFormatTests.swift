import Foundation
import Genomics
import Motifs
import TestSupport
import Testing

@Suite struct MEMEFormatTests {
  let motif = Motif(
    name: "MA0001.1", alternateName: "ABC",
    probabilities: ProbabilityMatrix(columns: [[0.5, 0.25, 0.125, 0.125], [0, 0, 1, 0]])!,
    siteCount: 8, eValue: 4.1e-9, url: "https://example.org/MA0001.1")

  /// By hand, after MEME Suite's page on the minimal format.
  @Test func writesTheMinimalFormat() throws {
    let expected = """
      MEME version 5

      ALPHABET= ACGT

      strands: + -

      Background letter frequencies
      A 0.250000 C 0.250000 G 0.250000 T 0.250000

      MOTIF MA0001.1 ABC
      letter-probability matrix: alength= 4 w= 2 nsites= 8 E= 4.1e-09
       0.500000 0.250000 0.125000 0.125000
       0.000000 0.000000 1.000000 0.000000

      URL https://example.org/MA0001.1

      """
    #expect(memeText([motif], background: .uniform) == expected)
    let commented = memeText([motif], background: .uniform, comment: "# seqcnn\n")
    #expect(commented == expected.replacing("version 5\n", with: "version 5\n# seqcnn\n"))
    let read = try [commented, expected].map { try MotifFile(Array($0.utf8), file: "m").motifs }
    #expect(read[0] == read[1])
  }

  @Test func readsWhatItWrites() throws {
    let bare = Motif(name: "second", probabilities: motif.probabilities.reverseComplement)
    let expected = [motif, bare]
    let read = try MotifFile(Array(memeText(expected, background: .uniform).utf8), file: "m.meme")
      .motifs
    #expect(read.map(\.name) == expected.map(\.name))
    #expect(read.map(\.probabilities) == expected.map(\.probabilities))
    #expect(read.map(\.alternateName) == ["ABC", nil] && read.map(\.siteCount) == [8, nil])
    #expect(read.map(\.eValue) == [4.1e-9, 0] && read.map(\.url) == [motif.url, nil])
  }

  /// Thirds round to 0.333333 each; the row must still sum to 1.
  @Test func rowsSumToOneAfterRounding() throws {
    let columns = CountMatrix(columns: [[1, 1, 1, 0]], siteCount: 3)
    let third = Motif(name: "third", probabilities: columns.probabilities(pseudocount: 1e-9))
    let text = memeText([third], background: .uniform)
    let row = try #require(text.split(separator: "\n").last).split(separator: " ")
    let millionths = row.compactMap { Int($0.filter { $0 != "." }) }
    #expect(millionths.count == 4 && millionths.reduce(0, +) == 1_000_000)
  }

  /// Rows that miss 1 by rounding, more than six decimals, small numbers, a background that sums to 1.001, one strand,
  /// U, and what isn't said: all is written as it was read.
  @Test func numbersOfAFileStayAsTheyAre() throws {
    let text = """
      MEME version 5

      ALPHABET= ACGU

      strands: +

      Background letter frequencies
      A 0.303000 C 0.183000 G 0.209000 U 0.306000

      MOTIF a b
      letter-probability matrix: alength= 4 w= 4 nsites= 3 E= 4.1e-009
       0.333333 0.333333 0.333333 0.000000
       0.00961538461538462 0.00961538461538462 0.00961538461538462 0.971153846153846
       0.330000 0.330000 0.330000 0.000000
       0.000010 0.000020 1e-07 0.999969

      MOTIF c
      letter-probability matrix: alength= 4 w= 1
       1.000000 0.000000 0.000000 0.000000

      URL u

      MOTIF d
      letter-probability matrix: alength= 4 w= 1 nsites= 17.5 E= 1.2e-1040
       1.000000 0.000000 0.000000 0.000000

      """
    let file = try MotifFile(Array(text.utf8), file: "m.meme")
    #expect(MotifFormat.meme.text(file.motifs, header: try #require(file.header)) == text)
    let silent = text.replacing("strands: +\n\n", with: "")
    let bare = try MotifFile(Array(silent.utf8), file: "m.meme")
    #expect(MotifFormat.meme.text(bare.motifs, header: try #require(bare.header)) == silent)
  }

  /// What is changed after reading is written as it is then.
  @Test func changedFiguresAreWritten() throws {
    let text = "MOTIF a\nletter-probability matrix: nsites= 17.5 E= 1e-400\n1 0 0 0\n"
    var read = try MotifFile(Array(text.utf8), file: "m.meme").motifs
    (read[0].siteCount, read[0].eValue) = (20, 0.5)
    #expect(MotifFormat.meme.text(read).contains("w= 1 nsites= 20 E= 0.5\n"))
  }

  @Test func namesStayOneWordOfOneLine() throws {
    var hostile = motif
    hostile.name = "two words\nMOTIF fake"
    hostile.alternateName = ""
    hostile.url = "a\r\nb"
    let read = try MotifFile(Array(memeText([hostile], background: .uniform).utf8), file: "m.meme")
      .motifs
    #expect(read.map(\.name) == ["two_words_MOTIF_fake"])
    #expect(read[0].alternateName == "_")
  }

  /// The shipped database, which Biopython and memelite read (`scripts/goldens/motifs.py`), is to
  /// the byte what is written again.
  @Test func jasparSurvivesARoundTrip() throws {
    let path = packageRoot + "/motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme"
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let motifs = try MotifFile(bytes, file: path).motifs
    #expect(motifs.count == 1019)
    let ctcf = try #require(motifs.first { $0.name == "MA0139.2" })
    #expect(ctcf.alternateName == "CTCF" && ctcf.width == 15 && ctcf.siteCount == 908)
    #expect(ctcf.probabilities.consensus.contains("AGRKGGC"))
    #expect(memeText(motifs, background: .uniform) == String(decoding: bytes, as: UTF8.self))
  }
}

@Suite struct MEMEReaderTests {
  private func read(_ text: String) throws -> [Motif] {
    try MotifFile(Array(text.utf8), file: "m.meme").motifs
  }

  /// Widths, sites and E-values as the file says, read with the eye.
  @Test(.enabled(if: SharedData.isPresent), arguments: ["minimal_test", "minimal_test_rna"])
  func readsBiopythonsExamples(name: String) throws {
    let path = SharedData.path("corpora/biopython/Tests/motifs/\(name).meme")
    let motifs = try MotifFile([UInt8](Data(contentsOf: URL(fileURLWithPath: path))), file: path)
      .motifs
    #expect(motifs.map(\.width) == [19, 18, 18])
    #expect(motifs.map(\.siteCount) == [17, 14, nil])
    #expect(motifs.map(\.eValue) == [4.1e-9, 3.2e-35, nil])
    let first = motifs[0].probabilities.columns[0]
    let expected: SIMD4<Double> = [0, 0.176471, 0, 0.823529]
    #expect(((first - expected) * (first - expected)).max() < 1e-12)
  }

  /// The text report of MEME 3.5.7, whose motif has 10 positions and 10 sites.
  @Test(.enabled(if: SharedData.isPresent)) func readsMEMEsReport() throws {
    let path = SharedData.path("corpora/biopython/Tests/motifs/meme.out")
    let motifs = try MotifFile([UInt8](Data(contentsOf: URL(fileURLWithPath: path))), file: path)
      .motifs
    #expect(motifs.map(\.name) == ["1"])
    #expect(motifs[0].alternateName == nil)
    #expect(motifs[0].width == 10 && motifs[0].siteCount == 10 && motifs[0].eValue == 1.1e-22)
  }

  @Test func toleratesWhatMEMEDoes() throws {
    let motifs = try read(
      """
      MEME version 4\r
      ALPHABET= ACGU\r
      MOTIF a b ignored\r
      log-odds matrix: alength= 4 w= 1 E= 0\r
       12 -30 7 1\r
      letter-probability matrix: alength=4 w=1 nsites=20.0\r
      \t0.1 0.2 0.3 0.4\r
      URL http://a/b\r
      MOTIF c
      letter-probability matrix:
      1 0 0 0
      0.001 0 0 1.004

      Time 0.1 secs.
      """)
    #expect(motifs.map(\.name) == ["a", "c"])
    #expect(motifs.map(\.alternateName) == ["b", nil])
    #expect(motifs.map(\.siteCount) == [20, nil])
    #expect(motifs.map(\.url) == ["http://a/b", nil])
    #expect(motifs.map(\.width) == [1, 2])
    #expect(motifs[0].probabilities.columns == [[0.1, 0.2, 0.3, 0.4]])
  }

  /// An alphabet letter by letter, as MEME Suite's page on alphabets has it.
  @Test func readsAlphabetsThatAreDefined() throws {
    func text(_ core: String) -> String {
      """
      MEME version 5
      ALPHABET "RNA" RNA-LIKE
      \(core)
      N "Any" 000000 = ACGU
      T = U
      END ALPHABET
      MOTIF a
      letter-probability matrix:
      1 0 0 0
      """
    }
    let rna = "# comment\nA \"Adenine\" CC0000\nC 0000CC\nG\nU"
    let file = try MotifFile(Array(text(rna).utf8), file: "m.meme")
    #expect(file.header?.alphabet == .rna && file.motifs.count == 1)
    let dna = try MotifFile(Array(text("A \"A\" CC0000 ~ T \"T\"\nC ~ G").utf8), file: "m.meme")
    #expect(dna.header?.alphabet == .dna)
    let other = MEMEError(file: "m.meme", line: 2, .alphabet("ACGTm"))
    #expect(throws: other) { try read(text("A ~ T\nC ~ G\nm")) }
    #expect(throws: MEMEError(file: "m.meme", line: 1, .alphabet("XY"))) {
      try read("ALPHABET=XY\n")
    }
  }

  /// Each file is wrong in one place: the line, and what is wrong with it.
  static let wrong: [(text: String, line: Int?, problem: MEMEProblem)] = [
    ("", nil, .noMotif),
    ("MEME version 5\nALPHABET= ACDEFGHIKLMNPQRSTVWY\n", 2, .alphabet("ACDEFGHIKLMNPQRSTVWY")),
    ("MOTIF\n", 1, .unnamedMotif),
    ("letter-probability matrix: w= 1\n1 0 0 0\n", 1, .matrixBeforeMotif),
    ("\nMOTIF a\n\nMOTIF b\n", 2, .noMatrix(motif: "a")),
    ("MOTIF a\nURL x\n", 1, .noMatrix(motif: "a")),
    (matrix("alength= 20 w= 1"), 2, .badValue(key: "alength", text: "20")),
    (matrix("w= x"), 2, .badValue(key: "w", text: "x")),
    (matrix("w= -1"), 2, .badValue(key: "w", text: "-1")),
    (matrix("w= 1 nsites= 1e300"), 2, .badValue(key: "nsites", text: "1e300")),
    (matrix("w= 1 nsites= nan"), 2, .badValue(key: "nsites", text: "nan")),
    (matrix("w= 1 E="), 2, .badValue(key: "E", text: "")),
    (matrix("w= 3"), 2, .rows(found: 2, width: 3)),
    (matrix("w= 0"), 2, .rows(found: 0, width: 0)),
    ("MOTIF a\nletter-probability matrix:\n\n", 2, .rows(found: 0, width: nil)),
    (matrix("", row: "0.5 0.5 0"), 4, .notFourNumbers("0.5 0.5 0")),
    (matrix("w= 2", row: "A C G T"), 4, .notFourNumbers("A C G T")),
    (matrix("", row: "0.5 0.7 -0.1 -0.1"), 4, .notFourNumbers("0.5 0.7 -0.1 -0.1")),
    (matrix("", row: "nan 1 0 0"), 4, .notFourNumbers("nan 1 0 0")),
    (matrix("", row: "0.5 0.5 0.25 0"), 4, .badSum(1.25)),
  ]

  private static func matrix(_ keys: String, row: String = "0 1 0 0") -> String {
    "MOTIF a\nletter-probability matrix: \(keys)\n1 0 0 0\n\(row)\n"
  }

  @Test(arguments: wrong.indices) func refuses(index: Int) {
    let (text, line, problem) = Self.wrong[index]
    #expect(throws: MEMEError(file: "m.meme", line: line, problem)) { try read(text) }
  }

  @Test func errorsAreOneLineThatSaysHowToMend() {
    let error = MEMEError(file: "m.meme", line: 3, .notFourNumbers("a\u{1b}[31m"))
    #expect(
      "\(error)"
        == "m.meme:3: \"a\\u{1b}[31m\" isn't a row of 4 probabilities; give those of A, C, G and T")
    for (_, _, problem) in Self.wrong {
      #expect("\(problem)".contains("; ") && !"\(problem)".contains("\n"))
    }
  }
}
