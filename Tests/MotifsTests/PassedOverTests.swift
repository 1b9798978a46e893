import Foundation
import Genomics
import Motifs
import TestSupport
import Testing

/// One motif that can't be used leaves the others of its file.
@Suite struct PassedOverTests {
  private func file(_ text: String) throws -> MotifFile {
    try MotifFile(Array(text.utf8), file: "m")
  }

  private static let good =
    "MOTIF good\nletter-probability matrix: w= 1\n1 0 0 0\nURL http://good\n"

  /// A motif, what is wrong with it, and the line of that in a file that it begins.
  static let badOfMEME: [(text: String, problem: MEMEProblem, line: Int)] = [
    ("MOTIF bad\n\n", .noMatrix(motif: "bad"), 1),
    ("MOTIF bad\nURL http://bad\n", .noMatrix(motif: "bad"), 1),
    ("MOTIF bad\nletter-probability matrix: w= 2\n1 0 0 0\n", .rows(found: 1, width: 2), 2),
    ("MOTIF bad\nletter-probability matrix: w= 1\n0 0 0 0\nURL u\n", .badSum(0), 3),
    (
      "MOTIF bad\nletter-probability matrix: w= 2\n0.5 0.5\n1 0 0 0\n", .notFourNumbers("0.5 0.5"),
      3
    ),
    (
      "MOTIF bad\nletter-probability matrix: alength= 20\n", .badValue(key: "alength", text: "20"),
      2
    ),
  ]

  @Test(arguments: badOfMEME.indices) func ofMEME(index: Int) throws {
    let (text, problem, line) = Self.badOfMEME[index]
    for (whole, before) in [(text + Self.good, 0), (Self.good + text, 4)] {
      let found = try file(whole)
      #expect(found.motifs.map(\.name) == ["good"] && found.motifs[0].url == "http://good")
      #expect(found.passedOver.map(\.name) == ["bad"])
      #expect(
        found.passedOver.first?.error as? MEMEError
          == MEMEError(file: "m", line: line + before, problem))
    }
    #expect(throws: MEMEError(file: "m", line: line, problem)) { try file(text) }
  }

  @Test func aMotifWithoutANameIsPassedOverWithItsMatrix() throws {
    let found = try file("MOTIF\nletter-probability matrix: w= 1\n1 0 0 0\n" + Self.good)
    #expect(found.motifs.map(\.name) == ["good"] && found.passedOver.map(\.name) == [nil])
  }

  static let badOfJASPAR: [(text: String, problem: JASPARProblem, line: Int)] = [
    (">bad\nA [ 1 0 ]\nC [ 1 0 ]\nG [ 1 0 ]\nT [ 1 0 ]\n", .emptyColumn(position: 2), 1),
    (">bad\n1 2\n1\n1\n1\n", .unequalRows(count: 1, expected: 2), 3),
    (">bad\n", .rows(motif: "bad", found: 0), 1),
    (">bad x\n1 x\n1 1\n1 1\n1 1\n", .badRow("1 x", base: "A"), 2),
    (">bad\nACGTACGT\n", .sequence(motif: "bad"), 2),
  ]

  @Test(arguments: badOfJASPAR.indices) func ofJASPAR(index: Int) throws {
    let (text, problem, line) = Self.badOfJASPAR[index]
    let good = ">good\nA [ 3 ]\nC [ 0 ]\nG [ 0 ]\nT [ 0 ]\n"
    for (whole, before) in [(text + good, 0), (good + text, 5)] {
      let found = try file(whole)
      #expect(found.motifs.map(\.name) == ["good"])
      #expect(found.passedOver.map(\.name) == ["bad"])
      #expect(
        found.passedOver.first?.error as? JASPARError
          == JASPARError(file: "m", line: line + before, problem))
    }
    #expect(throws: JASPARError(file: "m", line: line, problem)) { try file(text) }
  }

  /// MEME Suite allows 0.1; two decimals for each of four numbers are off by up to 0.02.
  @Test(arguments: [
    ".33 .33 .33 .00", ".26 .25 .25 .25", ".25 .25 .25 .23", ".4 .3 .2 .2", ".3 .2 .2 .2",
    "0.98 0 0 0",
    "1.02 0 0 0", "0.7 0.1 0.1 0.2", "0.9 0 0 0",
  ]) func rowsAreScaled(row: String) throws {
    let found = try file("MOTIF a\nletter-probability matrix: w= 1\n\(row)\n").motifs[0]
    let numbers = row.split(separator: " ").compactMap { Double($0) }
    let sum = numbers.reduce(0, +)
    for (base, number) in numbers.enumerated() {
      #expect(abs(found.probabilities.columns[0][base] - number / sum) < 1e-12)
    }
  }

  @Test(arguments: [".4 .3 .2 .21", ".3 .2 .2 .19"]) func rowsThatSumToSomethingElseAreNot(
    row: String
  ) {
    #expect(throws: MEMEError.self) {
      try file("MOTIF a\nletter-probability matrix: w= 1\n\(row)\n")
    }
  }
}

/// Matrices with a row for each position, behind `>NAME`.
@Suite struct PositionRowTests {
  private func file(_ text: String) throws -> MotifFile {
    try MotifFile(Array(text.utf8), file: "m")
  }

  private static let rows = "0.1 0.2 0.3 0.4\n1 0 0 0\n0.5 0.5 0 0\n0 0 0.25 0.75\n0 1 0 0\n"
  private static let columns: [SIMD4<Double>] = [
    [0.1, 0.2, 0.3, 0.4], [1, 0, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 0.25, 0.75], [0, 1, 0, 0],
  ]

  /// HOMER's header: consensus, name, threshold and more between tabs; its bases are A, C, G, T.
  @Test(arguments: [2, 3, 4, 5]) func readsHOMER(width: Int) throws {
    let rows = Self.rows.split(separator: "\n").prefix(width).joined(separator: "\n")
    let text = ">NAMSC\tCTCF(Zf)/CD4/Homer\t8.05\t-23791.5\t0\tT:17311.0(44.36%)\n"
    let found = try file(text + rows.replacing(" ", with: "\t") + "\n")
    #expect(found.motifs.map(\.name) == ["CTCF(Zf)/CD4/Homer"])
    #expect(found.motifs.map(\.alternateName) == [nil] && found.motifs[0].homer?.threshold == 8.05)
    #expect(found.motifs[0].probabilities.columns == Array(Self.columns.prefix(width)))
    #expect(found.motifs[0].siteCount == nil && found.notes.isEmpty && found.passedOver.isEmpty)
  }

  /// GimmeMotifs writes comments first, and no more than a name.
  @Test func readsGimmeMotifs() throws {
    let found = try file("# GimmeMotifs 0.18\n#\n>GM.5.0.Sox.0001\n\(Self.rows)>two\n\(Self.rows)")
    #expect(found.motifs.map(\.name) == ["GM.5.0.Sox.0001", "two"])
    #expect(found.motifs.map(\.probabilities.columns) == [Self.columns, Self.columns])
  }

  /// Five, ten and twenty sites: the least counts.
  @Test func countsHaveANumberOfSites() throws {
    let found = try file(">a\n5 0 0 0\n1 2 3 4\n5 5 5 5\n9 0 0 0\n9 0 0 0\n")
    #expect(found.motifs[0].siteCount == 5)
    #expect(found.motifs[0].probabilities.columns[1] == [0.1, 0.2, 0.3, 0.4])
  }

  /// Four rows of four: the numbers of one position sum to what those of the next do.
  @Test func sumsTellFourByFour() throws {
    let positions = "0.7 0.1 0.1 0.1\n0 1 0 0\n1 0 0 0\n0.5 0.5 0 0\n"
    let byPosition = try file(">a\n\(positions)")
    #expect(byPosition.motifs[0].probabilities.columns[0] == SIMD4(0.7, 0.1, 0.1, 0.1).normalized)
    #expect(byPosition.notes.count == 1 && byPosition.notes[0].contains("row for each position"))
    let byBase = try file(">a\n7 0 10 5\n1 10 0 5\n1 0 0 0\n1 0 0 0\n")
    #expect(byBase.motifs[0].probabilities.columns[0] == [0.7, 0.1, 0.1, 0.1])
    #expect(byBase.notes.count == 1 && byBase.notes[0].contains("row for each base"))
    let labelled = try file(">a\nA 7 1 1 1\nC 0 10 0 0\nG 10 0 0 0\nT 5 5 0 0\n")
    #expect(labelled.motifs[0].probabilities.columns[0][0] == 7 / 22 && labelled.notes.isEmpty)
  }

  @Test func whatNothingTellsIsPassedOver() throws {
    let either = ">either\n1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n"
    #expect(throws: JASPARError(file: "m", line: 1, .ambiguous(motif: "either"))) {
      try file(either)
    }
    // The other motifs of the file tell.
    let beside = try file(either + ">five\n\(Self.rows)")
    #expect(beside.motifs.map(\.name) == ["either", "five"] && beside.notes.count == 1)
    // But they can't contradict the sums.
    let counts = ">four\n7 0 10 5\n1 10 0 5\n1 0 0 0\n1 0 0 0\n"
    #expect(try file(counts + ">five\n\(Self.rows)").passedOver.map(\.name) == ["four"])
  }

  /// Three rows of four numbers are what is left of a row for each base, unless they sum alike.
  @Test func threeRowsAreNotTransposed() throws {
    #expect(throws: JASPARError(file: "m", line: 1, .rows(motif: "a", found: 3))) {
      try file(">a\n18 1 1 1\n1 17 1 1\n1 1 17 9\n")
    }
    #expect(try file(">a\n1 0 0 0\n0 1 0 0\n0.5 0.5 0 0\n").motifs[0].width == 3)
  }

  @Test(arguments: ["1 0 0\n", "1 0 0 -1\n", "1 0 0 x\n"]) func badRowsOfHOMER(row: String) {
    let text = ">NN\tname\t1.5\n\(Self.rows)\(row)"
    #expect(throws: JASPARError(file: "m", line: 7, .badPosition(String(row.dropLast())))) {
      try file(text)
    }
  }

  /// Cluster-Buster's file in Biopython's tests; the counts of its first column are read with the eye.
  @Test(.enabled(if: SharedData.isPresent)) func readsClusterBuster() throws {
    let path = SharedData.path("corpora/biopython/Tests/motifs/clusterbuster.pfm")
    let found = try MotifFile([UInt8](Data(contentsOf: URL(fileURLWithPath: path))), file: path)
    #expect(found.motifs.map(\.name).prefix(2) == ["MA0004.1", "MA0006.1"])
    #expect(found.motifs[0].width == 6 && found.motifs[0].siteCount == 20)
    #expect(found.motifs[0].probabilities.columns[0] == [0.2, 0.8, 0, 0])
    #expect(found.passedOver.isEmpty)
  }
}

extension SIMD4<Double> {
  /// What a matrix makes of a column.
  fileprivate var normalized: SIMD4<Double> { self / sum() }
}
