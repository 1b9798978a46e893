import Genomics
import GenomicsIO
import TestSupport
import Testing

/// Which columns of a table are tasks. Every table here has the column `bound` with 1, 0, 1, 0.
@Suite struct TaskColumnsTests {
  /// Reads a table of `bound` with another column before or behind.
  private func table(
    _ name: String, _ values: [String], isFirst: Bool = false, tasks: TaskColumns = .automatic
  ) throws -> LabeledTable {
    let folder = TemporaryFolder()
    let own =
      [("seq\tbound", name)]
      + ["1", "0", "1", "0"].enumerated().map {
        ("ACGT\t\($1)", values[$0])
      }
    let lines = own.map { isFirst ? "\($0.1)\t\($0.0)" : "\($0.0)\t\($0.1)" }
    return try readTable(folder.write(lines.joined(separator: "\n"), to: "t.tsv"), tasks: tasks)
  }

  @Test(
    arguments: [
      ("", ["7", "8", "2", "9"], .noName), (" ", ["", "", "", ""], .noName),
      ("Unnamed: 0", ["7", "8", "2", "9"], .noName), ("...1", ["7", "8", "2", "9"], .noName),
      ("index", ["7", "8", "2", "9"], .describesRow),
      ("fold", ["7", "8", "2", "9"], .describesRow),
      ("Fold_ID", ["0", "1", "0", "1"], .describesRow),
      ("chr", ["1", "2", "X", "Y"], .describesRow), ("n", ["0", "1", "2", "3"], .rowNumbers),
      ("n", ["1", "2", "3", "4"], .rowNumbers), ("n", ["3.0", "1.0", "4.0", "2.0"], .rowNumbers),
      ("cell", ["K562", "", "NA", "HepG2"], .words(example: "K562")),
    ] as [(String, [String], LeftOutColumn.Reason)])
  func leavesOut(name: String, values: [String], reason: LeftOutColumn.Reason) throws {
    for isFirst in [false, true] {
      let found = try table(name, values, isFirst: isFirst)
      #expect(found.tasks == ["bound"] && found.rows.map(\.labels) == [[1], [0], [1], [0]])
      #expect(
        found.leftOut == [LeftOutColumn(name: name, number: isFirst ? 1 : 3, reason: reason)])
    }
  }

  /// Numbers that repeat, have gaps or begin elsewhere number no rows; neither does what isn't whole.
  @Test(arguments: [
    ["0", "1", "1", "2"], ["0", "1", "2", "4"], ["2", "3", "4", "5"], ["0", "1.5", "2", "3"],
    ["0", "1", "2", ""],
  ])
  func takesNumbers(values: [String]) throws {
    let found = try table("y", values)
    #expect(found.tasks == ["bound", "y"] && found.leftOut.isEmpty)
  }

  /// A number among words makes a bad label of them; so do words and names of classes.
  @Test(arguments: [
    ("cell", ["K562", "293", "x", "y"], 2, "K562"), ("y2", ["1", "2", "x", "4"], 4, "x"),
    ("y2", ["1,5", "2,5", "3,5", "1,2"], 2, "1,5"), ("y2", ["", "inf", "inf", "inf"], 3, "inf"),
    ("y2", ["True", "False", "True", "True"], 2, "True"),
    ("y2", ["no", "NA", "yes", "no"], 2, "no"),
    ("label", ["weak", "weak", "strong", "weak"], 2, "weak"),
  ])
  func refusesBadLabels(name: String, values: [String], line: Int, text: String) throws {
    let error = #expect(throws: TableError.self) { try table(name, values) }
    #expect(error?.line == line && error?.problem == .badLabel(task: name, text: text))
  }

  @Test func namesGoBeforeWhatTheyAndValuesSeem() throws {
    let numbers = ["0", "1", "2", "3"]
    #expect(try table("fold", numbers, tasks: .named(["fold"])).tasks == ["fold"])
    let both = try table("fold", numbers, tasks: .named(["fold", "bound"]))
    #expect(both.tasks == ["fold", "bound"] && both.leftOut.isEmpty)
    #expect(both.rows.map(\.labels) == [[0, 1], [1, 0], [2, 1], [3, 0]])
    let split = try table("split", numbers, tasks: .named(["split"]))
    #expect(split.tasks == ["split"] && split.rows.allSatisfy { $0.split == nil })
    let unknown = #expect(throws: TableError.self) {
      try table("y", numbers, tasks: .named(["z"]))
    }
    #expect(unknown?.problem == .noColumn("z", found: ["seq", "bound", "y"]))
    let words = #expect(throws: TableError.self) {
      try table("cell", ["a", "b", "c", "d"], tasks: .named(["cell"]))
    }
    #expect(words?.problem == .badLabel(task: "cell", text: "a") && words?.line == 2)
  }

  /// Those of a model's tasks that the table has, in the model's order; else as without a model.
  @Test func takesThoseAmongOthers() throws {
    let values = ["5", "6", "7", "9"]
    let found = try table("y", values, tasks: .among(["x", "bound"]))
    #expect(found.tasks == ["bound"])
    #expect(found.leftOut == [LeftOutColumn(name: "y", number: 3, reason: .otherTask)])
    #expect(try table("y", values, tasks: .among(["y", "bound"])).tasks == ["y", "bound"])
    #expect(try table("y", values, tasks: .among(["x"])).tasks == ["bound", "y"])
  }

  /// Tabs behind the last name, the last values, or both change nothing.
  @Test(arguments: [("", ""), ("\t", "\t"), ("\t", ""), ("", "\t"), ("\t\t", "\t"), ("", "\t\t")])
  func trailingTabsAreNoColumns(header: String, rows: String) throws {
    let folder = TemporaryFolder()
    let text = "seq\tbound\(header)\nACGT\t1\(rows)\nACGG\t\(rows)\n"
    let found = try readTable(folder.write(text, to: "t.tsv"))
    #expect(found.tasks == ["bound"] && found.rows.map(\.labels) == [[1], [nil]])
  }

  @Test func moreValuesThanNamesAreRefused() {
    let folder = TemporaryFolder()
    let path = folder.write("seq\tbound\nACGT\t1\t7\n", to: "t.tsv")
    #expect(throws: TableError(file: path, line: 2, .ragged(count: 3, expected: 2))) {
      try readTable(path)
    }
  }
}
