import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct TableTests {
  @Test(arguments: ["\n", "\r\n"]) func readsTasksAndRows(end: String) throws {
    let folder = TemporaryFolder()
    let text = [
      "\u{feff}FoldID\tEventID\tSeq\tA\tchrom\tstart\tend\tstrand\tsplit\tB",
      "1\tx\tACGN\t1\tchr1\t5\t9\t+\ttest\t-2.5e1", "2\t\tuu\tNA\t\t\t\t\t\t",
    ].joined(separator: end)
    let rows = [
      LabeledRow(
        name: "x", bases: EncodedSequence("ACGN")!, labels: [1, -25],
        interval: GenomicInterval("chr1", start: 5, end: 9), split: "test", line: 2),
      LabeledRow(name: "row 2", bases: EncodedSequence("TT")!, labels: [nil, nil], line: 3),
    ]
    let expected = LabeledTable(
      tasks: ["A", "B"], rows: rows,
      leftOut: [
        LeftOutColumn(name: "FoldID", number: 1, reason: .describesRow),
        LeftOutColumn(name: "strand", number: 8, reason: .describesRow),
      ])
    #expect(try readTable(folder.write(text, to: "a.tsv")) == expected)
    #expect(try readTable(folder.write(Gzip.member(text.utf8), to: "a.gz")) == expected)
  }

  @Test(
    arguments: [
      ("", nil, .empty), ("seq\ty\n", nil, .noRows),
      ("a\tb\nACGT\t1\n", 1, .noSequenceColumn(found: ["a", "b"])),
      ("seq,y\nACGT,1\n", 1, .noSequenceColumn(found: ["seq,y"])),
      ("seq\tname\nACGT\tx\n", 1, .noTask(found: ["seq", "name"])),
      ("seq\ty\ty\nACGT\t1\t1\n", 1, .duplicateColumn("y")),
      ("seq\ty\nA\t1\nA\n", 3, .ragged(count: 1, expected: 2)),
      ("seq\ty\nAXC\t1\n", 2, .badSequence("AXC", alphabet: .dna)),
      ("seq\ty\n\t1\n", 2, .badSequence("", alphabet: .dna)),
      ("seq\ty\nA\tnan\n", 2, .badLabel(task: "y", text: "nan")),
      ("seq\ty\nA\tinf\n", 2, .badLabel(task: "y", text: "inf")),
      ("seq\ty\nA\t1e99\n", 2, .badLabel(task: "y", text: "1e99")),
      ("seq\ty\nA\t1,5\n", 2, .badLabel(task: "y", text: "1,5")),
      ("seq\ty\tchrom\tstart\tend\nA\t1\tc\t5\t4\n", 2, .badInterval(start: "5", end: "4")),
    ] as [(String, Int?, TableProblem)])
  func refuses(text: String, line: Int?, problem: TableProblem) throws {
    let folder = TemporaryFolder()
    let path = folder.write(text, to: "a.tsv")
    #expect(throws: TableError(file: path, line: line, problem)) { try readTable(path) }
  }
}
