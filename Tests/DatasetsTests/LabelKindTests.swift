import Datasets
import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct LabelKindTests {
  /// Reads a table of these columns, named `a`, `b` ….
  private func loaded(_ columns: [[String]], _ request: LabelRequest = LabelRequest()) throws
    -> LoadedDataset
  {
    let folder = TemporaryFolder()
    let names = ["a", "b", "c"].prefix(columns.count)
    let rows = columns[0].indices.map { row in
      "ACGTACGT\t" + columns.map { $0[row] }.joined(separator: "\t")
    }
    let text = (["seq\t" + names.joined(separator: "\t")] + rows).joined(separator: "\n")
    return try DatasetInput.table(folder.write(text, to: "t.tsv")).load(
      length: nil, labels: request)
  }

  private func problem(_ columns: [[String]], _ request: LabelRequest = LabelRequest())
    -> (line: Int?, problem: LabelProblem)?
  {
    let error = #expect(throws: InputError<LabelProblem>.self) { try loaded(columns, request) }
    return error.map { ($0.line, $0.problem) }
  }

  private let numbers = (0..<40).map { "\($0 % 9).25" }

  @Test(arguments: [["0", "1", "0"], ["1.0", "0.0", "NA"], ["1", "1", "1"], ["0", "0", ""]])
  func zeroAndOneAreClasses(values: [String]) throws {
    #expect(try loaded([values]).labelKind == .classes)
    #expect(try loaded([values], LabelRequest(kind: .numbers)).labelKind == .numbers)
  }

  @Test func manyValuesAreNumbers() throws {
    #expect(try loaded([numbers]).labelKind == .numbers)
    #expect(try loaded([numbers, numbers.reversed()]).labelKind == .numbers)
  }

  /// The line is that of the first label that is neither 0 nor 1.
  @Test(
    arguments: [
      (["1", "-1", "1"], 3, -1, "they are -1, 1"), (["0", "1", "-1"], 4, -1, "they are -1, 0, 1"),
      (["1", "2", "2"], 3, 2, "they are 1, 2"), (["0", "1", "2", "1"], 4, 2, "they are 0, 1, 2"),
      (["5", "5", "NA"], 2, 5, "all are 5"), (["0", "0.5", "1"], 3, 0.5, "they are 0, 0.5, 1"),
      (
        (0..<200).map { $0 < 194 ? "\($0 % 2)" : "\($0).5" }, 196, 194.5, "194 of 200 are 0 or 1"
      ),
    ] as [([String], Int, Float, String)])
  func otherClassesAreRefused(values: [String], line: Int, label: Float, words: String) throws {
    let found = problem([values])
    #expect(found?.line == line)
    #expect(found?.problem == .unclear(task: "a", label: label, values: words))
    #expect(try loaded([values], LabelRequest(kind: .numbers)).labelKind == .numbers)
    let asked = problem([values], LabelRequest(kind: .classes))
    #expect(asked?.line == line && asked?.problem == .noClass(task: "a", label: label))
  }

  @Test func tasksMustAgree() throws {
    let classes = numbers.indices.map { "\($0 % 2)" }
    #expect(
      problem([classes, numbers])?.problem == .mixed(classes: ["a"], numbers: ["b"]))
    let chosen = try loaded([classes, numbers], LabelRequest(columns: .named(["a"])))
    #expect(chosen.labelKind == .classes && chosen.dataset.tasks == ["a"])
    let asked = try loaded([classes, numbers], LabelRequest(kind: .numbers))
    #expect(asked.labelKind == .numbers && asked.dataset.tasks == ["a", "b"])
  }

  /// Also where the only rows that measure it are dropped.
  @Test func aTaskWithoutALabelIsRefused() {
    #expect(problem([["1", "0"], ["", "NA"]])?.problem == .notMeasured(task: "b"))
    let folder = TemporaryFolder()
    let path = folder.write("seq\ta\tb\nACGT\t1\t\nNNNN\t0\t1\nACGG\t0\t\n", to: "t.tsv")
    #expect(throws: InputError(file: path, LabelProblem.notMeasured(task: "b"))) {
      try DatasetInput.table(path).load(length: nil)
    }
  }

  /// By hand: two numbers, 1 and 4, have the mean 2.5 and the standard deviation 1.5.
  @Test func tasksAreSummedUp() throws {
    let classes = try loaded([["1", "0", "0", ""], ["1", "1", "", ""]]).taskSummaries
    #expect(classes.map(\.task) == ["a", "b"] && classes.map(\.positives) == [1, 2])
    #expect(classes.map(\.negatives) == [2, 0] && classes.map(\.notMeasured) == [0, 1])
    let numbers = TaskSummary(task: "t", labels: [1, .nan, 4], kind: .numbers)
    #expect(numbers.positives == nil && numbers.notMeasured == 1)
    #expect(numbers.numbers?.mean == 2.5 && numbers.numbers?.standardDeviation == 1.5)
    #expect(numbers.numbers?.lowest == 1 && numbers.numbers?.highest == 4)
  }

  private func prepared(_ labels: [[Float]], _ negatives: NegativeSource? = nil) throws
    -> PreparedDataset
  {
    let examples = labels.enumerated().map { index, labels in
      Example(
        name: "e\(index)",
        bases: ToyGenome.random(lengths: [("c", 60)], seed: UInt64(index))
          .sequences["c"]!, labels: labels)
    }
    var plan = PreparationPlan()
    (plan.validation, plan.test, plan.negatives) = (
      .fraction(0), .fraction(0), negatives.map { NegativeMix($0) }
    )
    return try LoadedDataset(
      Dataset(tasks: ["a", "b"], examples: examples), .classes
    ).prepared(plan)
  }

  @Test func everyTaskNeedsSomethingToLearn() throws {
    func check(_ labels: [[Float]], _ kind: LabelKind, _ negatives: NegativeSource? = nil) throws {
      try prepared(labels, negatives).checkTasks(["a", "b"], kind: kind)
    }
    try check([[1, 0], [0, 1]], .classes)
    #expect(throws: TaskProblem.noPositive(task: "b")) { try check([[1, 0], [0, 0]], .classes) }
    #expect(throws: TaskProblem.noNegative(task: "a")) { try check([[1, 0], [1, 1]], .classes) }
    try check([[1, 0], [1, 1]], .classes, .dinucleotide)
    try check([[1, 5], [1.5, .nan], [.nan, 6]], .numbers)
    #expect(throws: TaskProblem.constant(task: "b", label: 5)) {
      try check([[1, 5], [0, 5], [1, .nan]], .numbers)
    }
    #expect(throws: TaskProblem.nothingMeasured(task: "b")) {
      try check([[1, .nan], [0, .nan]], .numbers)
    }
  }

  @Test func someOfAModelsTasksWillDo() throws {
    let examples = [Example(name: "e", bases: EncodedSequence("ACGT")!, labels: [3, 4])]
    let two = LoadedDataset(
      Dataset(tasks: ["x", "y"], examples: examples), .numbers)
    var loaded = two
    #expect(try loaded.chooseTasks(among: ["y", "z", "x"], file: "f") == [0, 2])
    #expect(loaded.dataset.tasks == ["y", "x"] && loaded.dataset.examples[0].labels == [4, 3])
    for known in [["x"], ["x", "z"], ["z", "w", "v"]] {
      var loaded = two
      #expect(throws: UnknownTaskError(file: "f", found: ["x", "y"], known: known)) {
        try loaded.chooseTasks(among: known, file: "f")
      }
    }
    var one = LoadedDataset(
      Dataset(
        tasks: ["x"], examples: [Example(name: "e", bases: EncodedSequence("A")!, labels: [1])]),
      .classes)
    #expect(try one.chooseTasks(among: ["model's"], file: "f") == [0])
    #expect(one.dataset.tasks == ["model's"])
    #expect(throws: UnknownTaskError.self) { try one.chooseTasks(among: ["x", "y"], file: "f") }
  }

  /// A task of several without a peak is refused as a single file is.
  @Test func everyPeakFileNeedsAPeak() throws {
    let folder = TemporaryFolder()
    let bases = ToyGenome.random(lengths: [("c", 2000)], seed: 1).sequences["c"]!
    let genome = folder.write(">c\n\(bases.text)\n", to: "g.fa")
    let good = PeakFile(task: "A", path: folder.write("c\t900\t1000\n", to: "a.bed"))
    for (text, words) in [
      ("", "0 of 0 used, so no peak for \"B\"; give a file with regions"),
      ("#chrom\tstart\tend\n", "0 of 0 used, so no peak for \"B\"; give a file with regions"),
      ("x\t1\t2\n", "so no peak for \"B\"; the input names sequences such as \"x\""),
    ] {
      let path = folder.write(text, to: "b.bed")
      for files in [
        [good, PeakFile(task: "B", path: path)], [PeakFile(task: "B", path: path), good],
      ] {
        let error = #expect(throws: EmptyInputError.self) {
          try DatasetInput.peaks(files, genome: genome).load(length: 21)
        }
        #expect(error?.description.contains(words) == true)
      }
    }
  }
}
