import Datasets
import Genomics
import Tensors
import TestSupport
import Testing

/// Files for validation and test beside the training input.
@Suite struct HeldOutFileTests {
  private func bases(_ index: Int) -> EncodedSequence {
    var random = RandomStream(seed: 11, .background, index)
    return EncodedSequence(codes: (0..<80).map { _ in UInt8(random.next(below: 4)) })
  }

  private func dataset(_ examples: [Example], tasks: [String] = ["t"]) -> LoadedDataset {
    LoadedDataset(Dataset(tasks: tasks, examples: examples))
  }

  private func example(_ index: Int, label: Float = 1, at start: Int? = nil) -> Example {
    Example(
      name: "e\(index)", bases: bases(index), labels: [label],
      interval: start.map { GenomicInterval("1", start: $0, end: $0 + 80) })
  }

  /// Training loses the reverse complement of a validation example, what overlaps a test example and
  /// what nearly equals one; validation loses what nearly equals a test example.
  @Test func whatResemblesAHeldOutExampleIsDropped() throws {
    var train = (0..<10).map { example($0, label: Float($0 % 2)) }
    train[3].bases = bases(20).reverseComplement
    train[4].interval = GenomicInterval("1", start: 79, end: 159)
    train[5].bases = EncodedSequence(codes: Array(bases(30).codes[5...]) + [0, 1, 2, 3, 0])
    var validation = [example(20), example(21, label: 0), example(22)]
    validation[2].bases = bases(30)
    let test = [example(30), example(31, label: 0), example(32, at: 0)]
    let prepared = try dataset(train).prepared(
      PreparationPlan(), validation: dataset(validation), test: dataset(test))
    #expect(prepared.train.map(\.name) == ["e0", "e1", "e2", "e6", "e7", "e8", "e9"])
    #expect(prepared.validation.map(\.name) == ["e20", "e21"])
    #expect(prepared.test == test)
    let reason = "dropped: overlaps or nearly equals a held-out example"
    #expect(
      prepared.ledgers.map(\.description) == [
        "examples for validation: 2 of 3 used; 1 \(reason)",
        "examples for train: 7 of 10 used; 3 \(reason)",
      ])
  }

  /// Shuffles stand in for the negatives that a file lacks, and for those only.
  @Test func aSideWithoutNegativesGetsShuffles() throws {
    let train = (0..<10).map { example($0, label: Float($0 % 2)) }
    let prepared = try dataset(train).prepared(
      PreparationPlan(), validation: dataset([example(20), example(21, label: 0)]),
      test: dataset([example(30), example(31)]))
    #expect(prepared.negatives.sole == .given && prepared.train == train)
    #expect(prepared.validation.map(\.name) == ["e20", "e21"])
    #expect(prepared.test.map(\.name) == ["e30", "e31", "e30_shuffled", "e31_shuffled"])
    #expect(
      prepared.notes == [
        "negatives: those of the input",
        "negatives for test: dinucleotide shuffles of its positives, it holds none",
      ])
  }

  /// Positives alone to train on: negatives that a held-out file brings are all that it gets.
  @Test func aSideKeepsToItsOwnNegatives() throws {
    let train = dataset((0..<40).map { example($0) })
    let test = [example(50), example(51, label: 0)]
    let prepared = try train.prepared(PreparationPlan(), test: dataset(test))
    #expect(prepared.makesFreshNegatives && prepared.test == test)
    #expect(prepared.validation.contains { $0.name.hasSuffix("_shuffled") })
  }

  /// A peak of the test file that gave no window (it repeats another's) still keeps negatives away.
  @Test func negativesAvoidThePeaksOfHeldOutFiles() throws {
    let folder = TemporaryFolder()
    let genome = ToyGenome.random(lengths: [("1", 12_000), ("2", 12_000)], seed: 4)
    let path = folder.write(
      genome.names.map { ">\($0)\n\(genome.sequences[$0]!.text)\n" }.joined(), to: "g.fa")
    func peaks(_ text: String, _ name: String) throws -> LoadedDataset {
      try DatasetInput.peaks(
        [PeakFile(task: "t", path: folder.write(text, to: name))], genome: path
      ).load(length: 51)
    }
    let train = try peaks(
      (0..<20).map { "1\t\(600 + 400 * $0)\t\(700 + 400 * $0)\n" }.joined(), "a.bed")
    let validation = try peaks("2\t1000\t1100\n", "b.bed")
    let test = try peaks("2\t1500\t1600\n2\t1600\t12000\n", "c.bed")
    var plan = PreparationPlan()
    plan.ratio = 5
    let prepared = try train.prepared(plan, validation: validation, test: test)
    let negatives = Side.allCases.flatMap { prepared[$0] }.filter { !$0.isPositive }
    #expect(!negatives.isEmpty)
    for interval in negatives.compactMap(\.interval) {
      #expect(!test.occupied.contains { $0.overlaps(interval) })
    }
  }

  /// A 0 of one task is a negative, though another task found the example bound.
  @Test func aZeroOfAnyTaskIsANegative() throws {
    let examples = [[1, 0], [0, 1], [1, 1]].enumerated().map { index, labels in
      Example(name: "e\(index)", bases: bases(index), labels: labels)
    }
    let loaded = dataset(examples, tasks: ["A", "B"])
    let (measured, negatives, _) = try loaded.withNegatives(PreparationPlan())
    #expect(loaded.hasNegatives && negatives?.sole == .given && measured == examples)
  }

  @Test func tasksAreArrangedByName() throws {
    var loaded = dataset(
      [Example(name: "e", bases: bases(0), labels: [1, 0])], tasks: ["A", "B"])
    try loaded.arrangeTasks(as: ["B", "A"], file: "f")
    #expect(loaded.dataset.tasks == ["B", "A"] && loaded.dataset.examples[0].labels == [0, 1])
    for tasks in [["A", "C"], ["A", "A"], ["A"], ["A", "B", "C"]] {
      #expect(throws: OtherTasksError.self) { try loaded.arrangeTasks(as: tasks, file: "f") }
    }
    var single = dataset([example(0)])
    try single.arrangeTasks(as: ["other"], file: "f")
  }

  @Test func validationIsDrawnFromStatedTrainingRows() throws {
    var loaded = dataset((0..<40).map { example($0, label: Float($0 % 2)) })
    loaded.statedSides = (0..<40).map { $0 < 10 ? .test : .train }
    let prepared = try loaded.prepared(PreparationPlan())
    #expect(prepared.test.map(\.name) == (0..<10).map { "e\($0)" })
    #expect(prepared.validation.filter { !$0.name.hasSuffix("shuffled") }.count == 3)
    #expect(prepared.train.count == 27)
  }

  @Test func regressionHasNoNegatives() throws {
    var plan = PreparationPlan()
    plan.negatives = NegativeMix(.dinucleotide)
    var loaded = dataset([example(0, label: 2.5)])
    loaded.labelKind = .numbers
    #expect(throws: NegativesError.self) { try loaded.withNegatives(plan) }
  }

  @Test func excludedRegionsAreCounted() throws {
    let folder = TemporaryFolder()
    let bases = String(repeating: "ACGTTGCA", count: 50)
    let genome = folder.write(">20\n\(bases)\n", to: "g.fa")
    let peaks = folder.write("20\t100\t200\n", to: "p.bed")
    var loaded = try DatasetInput.peaks([PeakFile(task: "t", path: peaks)], genome: genome)
      .load(length: 11)
    let regions = folder.write("chr20\t0\t50\nchrZ\t0\t50\n", to: "x.bed")
    try loaded.exclude(regionsOf: regions)
    #expect(loaded.occupied.last == GenomicInterval("20", start: 0, end: 50))
    #expect(
      loaded.ledgers.last?.description
        == "\(regions): 1 of 2 used; 1 dropped: no such sequence in the genome")
    #expect(loaded.notes.last == "names mapped: chr20 → 20")
    let wrong = folder.write("chrZ\t0\t50\n", to: "y.bed")
    let error = #expect(throws: EmptyInputError.self) { try loaded.exclude(regionsOf: wrong) }
    #expect(error?.description.contains("the genome has \"20\"; give") == true)
  }
}
