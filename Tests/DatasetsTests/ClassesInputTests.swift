import Datasets
import Genomics
import GenomicsIO
import TestSupport
import Testing

/// Examples that belong to one class of several.
@Suite struct ClassesInputTests {
  private func loaded(_ lines: [String], columns: TaskColumns = .automatic) throws -> LoadedDataset
  {
    let folder = TemporaryFolder()
    let text = lines.map { $0.replacing(" ", with: "\t") }.joined(separator: "\n")
    return try DatasetInput.table(folder.write(text, to: "t.tsv")).load(
      length: nil, labels: LabelRequest(columns: columns, kind: .categories))
  }

  private func problem<Problem: InputProblem>(
    _ lines: [String], columns: TaskColumns = .automatic, _ type: Problem.Type = Problem.self
  ) -> Problem? {
    #expect(throws: InputError<Problem>.self) { try loaded(lines, columns: columns) }?.problem
  }

  /// Classes are in alphabetical order; a row without one is dropped.
  @Test func aColumnOfWordsNamesClasses() throws {
    let read = try loaded([
      "seq class fold", "ACGT MAX 1", "CCGT CTCF 2", "GCGT NA 1", "TCGT MAX 1",
    ])
    #expect(read.labelKind == .categories)
    #expect(read.dataset.tasks == ["CTCF", "MAX"])
    #expect(read.dataset.examples.map(\.labels) == [[0, 1], [1, 0], [0, 1]])
    #expect(read.ledgers[0].used == 3)
  }

  @Test func numbersMayNameClasses() throws {
    let read = try loaded(["seq strength", "ACGT 2", "CCGT 0", "GCGT 1"])
    #expect(read.dataset.tasks == ["0", "1", "2"])
    #expect(read.dataset.examples.map(\.labels) == [[0, 0, 1], [1, 0, 0], [0, 1, 0]])
  }

  @Test func classesMayHaveColumnsOfTheirOwn() throws {
    let read = try loaded(["seq a b", "ACGT 0 1", "CCGT 1 0"])
    #expect(read.dataset.tasks == ["a", "b"])
    #expect(read.dataset.examples.map(\.labels) == [[0, 1], [1, 0]])
    #expect(
      problem(["seq a b", "ACGT 0 1", "CCGT 1 1"])
        == LabelProblem.severalClasses(tasks: ["a", "b"]))
    #expect(problem(["seq a b", "ACGT 0 0"]) == LabelProblem.noClassAtAll)
  }

  @Test func oneColumnIsChosen() throws {
    let lines = ["seq cell factor", "ACGT K562 MAX", "CCGT K562 CTCF"]
    #expect(problem(lines) == TableProblem.severalClassColumns(["cell", "factor"]))
    #expect(try loaded(lines, columns: .named(["factor"])).dataset.tasks == ["CTCF", "MAX"])
  }

  @Test func countsAreNotBelowZero() throws {
    let folder = TemporaryFolder()
    func load(_ text: String) throws -> LoadedDataset {
      try DatasetInput.table(folder.write(text, to: "t.tsv")).load(
        length: nil, labels: LabelRequest(kind: .counts))
    }
    #expect(try load("seq\ty\nACGT\t3\nACGA\t0\n").labelKind == .counts)
    #expect(
      throws: InputError(
        file: folder.path + "/t.tsv", line: 3, LabelProblem.noCount(task: "y", label: -1))
    ) { try load("seq\ty\nACGT\t3\nACGA\t-1\n") }
  }

  /// Three levels make two tasks; a file for a model is read by the model's levels.
  @Test func levelsAreCumulative() throws {
    let folder = TemporaryFolder()
    let table = DatasetInput.table(
      folder.write("seq\ty\nACGT\t3\nACGA\t0\nACGC\t1.5\nACGG\t\n", to: "t.tsv"))
    let read = try table.load(length: nil, labels: LabelRequest(kind: .ranks))
    #expect(read.dataset.tasks == ["y>=1.5", "y>=3"])
    #expect(read.dataset.examples.map(\.labels) == [[1, 1], [0, 0], [1, 0]])
    let known = try table.load(
      length: nil, labels: LabelRequest(columns: .among(["y>=1", "y>=2", "y>=3"]), kind: .ranks))
    #expect(known.dataset.tasks == ["y>=1", "y>=2", "y>=3"])
    #expect(known.dataset.examples.map(\.labels) == [[1, 1, 1], [0, 0, 0], [1, 0, 0]])
    let two = DatasetInput.table(folder.write("seq\ty\tz\nACGT\t3\t1\n", to: "u.tsv"))
    #expect(
      throws: InputError(
        file: folder.path + "/u.tsv", LabelProblem.severalScales(tasks: ["y", "z"]))
    ) { try two.load(length: nil, labels: LabelRequest(kind: .ranks)) }
  }

  /// Two factors of which one window of each touches a peak of the other, by hand.
  @Test func windowsOfSeveralClassesAreDropped() throws {
    let folder = TemporaryFolder()
    let genome = folder.write(
      ">c\n" + String(repeating: "ACGTTGCAAC", count: 40) + "\n", to: "g.fa")
    let peaks = [
      PeakFile(task: "a", path: folder.write("c\t20\t40\nc\t100\t120\n", to: "a.bed")),
      PeakFile(task: "b", path: folder.write("c\t110\t130\nc\t300\t320\n", to: "b.bed")),
    ]
    let read = try DatasetInput.peaks(peaks, genome: genome).load(
      length: 20, labels: LabelRequest(kind: .categories))
    #expect(read.dataset.examples.map(\.labels) == [[1, 0], [0, 1]])
    #expect(read.dataset.examples.map(\.interval?.start) == [20, 300])
    #expect(read.ledgers.last?.used == 2)
  }

  /// A file without one of the model's classes is measured all the same; one with another class isn't.
  @Test func classesAreThoseOfTheModel() throws {
    var read = try loaded(["seq class", "ACGT MAX", "CCGT CTCF"])
    #expect(try read.chooseTasks(among: ["ATF3", "CTCF", "MAX"], file: "t") == [0, 1, 2])
    #expect(read.dataset.tasks == ["ATF3", "CTCF", "MAX"])
    #expect(read.dataset.examples.map(\.labels) == [[0, 0, 1], [0, 1, 0]])
    #expect(throws: UnknownTaskError.self) {
      try read.chooseTasks(among: ["CTCF", "MAX"], file: "t")
    }
  }
}
