import Genomics
import Motifs
import Testing

@Suite struct JASPARReaderTests {
  private func read(_ text: String) throws -> [Motif] {
    try MotifFile(Array(text.utf8), file: "m.jaspar").motifs
  }

  /// As JASPAR writes it, and bare; counts and sums by hand.
  @Test func readsBothForms() throws {
    let motifs = try read(
      """
      >MA0001.1\tAGL3\r
      A  [ 0 3 ]\r
      C  [ 4 3 ]\r
      G  [ 0 1.5 ]\r
      U  [ 0 0.5 ]\r

      > second
      1
      1
      1
      2
      """)
    #expect(motifs.map(\.name) == ["MA0001.1", "second"])
    #expect(motifs.map(\.alternateName) == ["AGL3", nil])
    #expect(motifs.map(\.siteCount) == [4, 5])
    #expect(motifs[0].probabilities.columns == [[0, 1, 0, 0], [0.375, 0.375, 0.1875, 0.0625]])
    #expect(motifs[1].probabilities.columns == [[0.2, 0.2, 0.2, 0.4]])
  }

  static let wrong: [(text: String, line: Int?, problem: JASPARProblem)] = [
    (">\n1\n1\n1\n1\n", 1, .unnamedMotif),
    (">a\n1\n1\n1\n>b\n", 1, .rows(motif: "a", found: 3)),
    (">a\n1\n1\n1\n1\n1\n", 6, .rows(motif: "a", found: 5)),
    (">a\n1\nG [ 1 ]\n", 3, .badRow("G [ 1 ]", base: "C")),
    (">a\n-1\n", 2, .badRow("-1", base: "A")),
    (">a\nA [ ]\n", 2, .badRow("A [ ]", base: "A")),
    (">a\n1 2\n1\n", 3, .unequalRows(count: 1, expected: 2)),
    (">a\n1 0\n1 0\n1 0\n1 0\n", 1, .emptyColumn(position: 2)),
  ]

  @Test(arguments: wrong)
  func refuses(text: String, line: Int?, problem: JASPARProblem) {
    #expect(throws: JASPARError(file: "m.jaspar", line: line, problem)) { try read(text) }
  }

  @Test func wording() {
    #expect(
      "\(JASPARError(file: "m", line: 3, .badRow("x", base: "C")))"
        == "m:3: \"x\" isn't the row of C; write its counts, as in `C [ 4 0 12 ]`")
  }
}

@Suite struct MotifFileTests {
  private func file(_ text: String) throws -> MotifFile {
    try MotifFile(Array(text.utf8), file: "m")
  }

  @Test func tellsTheFormatByItsFirstLetter() throws {
    let counts = try file("\n >a\n1\n1\n1\n1\n")
    #expect(counts.motifs.map(\.name) == ["a"] && counts.background == nil)
    let meme = try file("MOTIF b\nletter-probability matrix:\n1 0 0 0\n")
    #expect(meme.motifs.map(\.name) == ["b"] && meme.background == nil)
  }

  @Test(arguments: [
    "Background letter frequencies\nA 0.3 C 0.2 G 0.2 T 0.3\n",
    "Background letter frequencies (from file `b'):\nA 0.3 C 0.2\nG 0.2 U 0.3 \n",
  ]) func readsBackgrounds(text: String) throws {
    let read = try file(text + "\nMOTIF b\nletter-probability matrix:\n1 0 0 0\n")
    #expect(read.background == Background([0.3, 0.2, 0.2, 0.3]))
  }

  @Test(arguments: ["A 0.3 C 0.2 G 0.2", "A 0.3 C 0.2 G 0.2 N 0.3", "A 0.3 C 0.2 G 0.5 T 0"])
  func refusesOtherBackgrounds(text: String) {
    #expect(throws: MEMEError(file: "m", line: 2, .badBackground(text))) {
      try file("Background letter frequencies\n\(text)")
    }
  }
}
