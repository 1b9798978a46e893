import Datasets
import Genomics
import Tensors
import TestSupport
import Testing

@Suite struct SplitsTests {
  /// Examples of `length` bases at random places of sequences; every fifth overlaps the one before.
  func placed(_ counts: [(String, Int)], extent: Int, length: Int = 101, seed: Int = 0) -> Dataset {
    var random = RandomStream(seed: 1, .background, seed)
    var examples: [Example] = []
    for (name, count) in counts {
      var start = 0
      for index in 0..<count {
        start = index % 5 == 4 ? start + 50 : random.next(below: extent - length)
        examples.append(
          Example(
            name: "\(name)-\(index)",
            bases: EncodedSequence(codes: (0..<length).map { _ in UInt8(random.next(below: 4)) }),
            labels: [1], interval: GenomicInterval(name, start: start, end: start + length)))
      }
    }
    random.shuffle(&examples)
    return Dataset(tasks: ["t"], examples: examples)
  }

  func unplaced(_ dataset: Dataset) -> Dataset {
    Dataset(
      tasks: dataset.tasks,
      examples: dataset.examples.map { Example(name: $0.name, bases: $0.bases, labels: $0.labels) })
  }

  /// Each example is on one side, and no window of one side overlaps one of another: pair by pair.
  func expectSound(_ split: Split, of dataset: Dataset) {
    #expect(
      (split.train + split.validation + split.test).sorted() == Array(dataset.examples.indices))
    var side = [Side](repeating: .train, count: dataset.examples.count)
    for index in split.validation { side[index] = .validation }
    for index in split.test { side[index] = .test }
    let intervals = dataset.examples.map(\.interval)
    var overlaps = 0
    for a in intervals.indices {
      for b in 0..<a where side[a] != side[b] {
        if let first = intervals[a], let second = intervals[b], first.overlaps(second) {
          overlaps += 1
        }
      }
    }
    #expect(overlaps == 0)
  }

  /// Sequences as unequal as human chromosomes.
  @Test(arguments: UInt64(0)..<10) func drawsChromosomes(seed: UInt64) throws {
    let counts = (1...22).map { ("chr\($0)", 12 * (26 - $0)) }
    let dataset = placed(counts, extent: 100_000)
    let split = try split(dataset, validation: .automatic, test: .automatic, seed: seed)
    expectSound(split, of: dataset)
    func names(_ indices: [Int]) -> Set<String> {
      Set(indices.compactMap { dataset.examples[$0].interval?.sequence })
    }
    #expect(names(split.train).isDisjoint(with: names(split.validation)))
    #expect(names(split.train).isDisjoint(with: names(split.test)))
    #expect(names(split.validation).isDisjoint(with: names(split.test)))
    let count = Double(dataset.examples.count)
    #expect((0.05...0.25).contains(Double(split.validation.count) / count))
    #expect((0.1...0.35).contains(Double(split.test.count) / count))
    for side in Side.allCases {
      for index in split[side] {
        #expect(try split.side(of: #require(dataset.examples[index].interval)) == side)
      }
    }
    #expect(split.description.hasPrefix("by chromosome: validation chr"))
  }

  @Test(arguments: UInt64(0)..<10) func cutsOneChromosomeIntoBlocks(seed: UInt64) throws {
    let dataset = placed([("20", 1500)], extent: 2_000_000)
    let split = try split(dataset, validation: .automatic, test: .automatic, seed: seed)
    expectSound(split, of: dataset)
    #expect((0.05...0.15).contains(Double(split.validation.count) / 1500))
    #expect((0.15...0.25).contains(Double(split.test.count) / 1500))
    #expect(split.description.hasPrefix("by blocks: validation "))
    // Blocks of a fiftieth: an interval inside one has its side; one over a boundary of sides none.
    let genome = ToyGenome([
      ("20", EncodedSequence(codes: [UInt8](repeating: 0, count: 2_100_000)))
    ])
    let stretches = Side.allCases.flatMap { side in
      split.stretches(of: side, in: genome).map { (side, $0) }
    }.sorted { $0.1.start < $1.1.start }
    #expect(stretches.first?.1.start == 0 && stretches.last?.1.end == 2_100_000)
    for (stretch, next) in zip(stretches, stretches.dropFirst()) {
      #expect(stretch.1.end == next.1.start && stretch.0 != next.0)
      #expect(split.side(of: stretch.1) == stretch.0)
      let boundary = stretch.1.end
      #expect(split.side(of: GenomicInterval("20", start: boundary - 1, end: boundary + 1)) == nil)
    }
    #expect(split.side(of: GenomicInterval("other", start: 0, end: 10)) == .train)
    // The examples of a side lie in its blocks, but for those that begin a straddling cluster.
    let inside = Side.allCases.reduce(0) { sum, side in
      sum + split[side].count { split.side(of: dataset.examples[$0].interval!) == side }
    }
    #expect(inside > 1450)
  }

  /// Windows of 20 to 600 bases over and around each boundary of the blocks of 40,000 bases.
  @Test(arguments: UInt64(0)..<5) func keepsStraddlingWindowsTogether(seed: UInt64) throws {
    var random = RandomStream(seed: seed, .background)
    var intervals = [GenomicInterval("20", start: 1_999_900, end: 2_000_000)]
    for boundary in stride(from: 40_000, to: 2_000_000, by: 40_000) {
      for _ in 0..<8 {
        let start = boundary - 600 + random.next(below: 1200)
        let end = start + 20 + random.next(below: 580)
        intervals.append(GenomicInterval("20", start: start, end: end))
      }
    }
    let dataset = Dataset(
      tasks: ["t"],
      examples: intervals.map {
        Example(
          name: "w", bases: EncodedSequence(codes: [UInt8](repeating: 0, count: $0.length)),
          labels: [1], interval: $0)
      })
    let split = try split(dataset, validation: .fraction(0.3), test: .fraction(0.3), seed: seed)
    expectSound(split, of: dataset)
    #expect(split.test.count > 50 && split.validation.count > 50)
  }

  /// At most 15 % more than is wanted, a tenth and a fifth, though one of four chromosomes holds 60 %.
  @Test(arguments: UInt64(0)..<10) func neverHoldsOutFarTooMuch(seed: UInt64) throws {
    let dataset = placed([("1", 60), ("2", 20), ("3", 12), ("4", 8)], extent: 100_000)
    let split = try split(dataset, validation: .automatic, test: .automatic, seed: seed)
    #expect(split.description.hasPrefix("by chromosome"))
    #expect((5...25).contains(split.validation.count) && (10...35).contains(split.test.count))
  }

  /// A small share isn't filled with a chromosome of five times as much: that is cut into blocks.
  @Test(arguments: UInt64(0)..<10) func smallSharesStaySmall(seed: UInt64) throws {
    let dataset = placed([("1", 600), ("2", 80), ("3", 60), ("4", 60)], extent: 2_000_000)
    let split = try split(dataset, validation: .fraction(0.02), test: .fraction(0.02), seed: seed)
    expectSound(split, of: dataset)
    #expect((8...40).contains(split.validation.count) && (8...40).contains(split.test.count))
  }

  @Test func namesChromosomesAndShares() throws {
    let dataset = placed([("1", 100), ("2", 60), ("8", 30), ("21", 20)], extent: 100_000)
    func names(_ indices: [Int]) -> Set<String> {
      Set(indices.compactMap { dataset.examples[$0].interval?.sequence })
    }
    let named = try split(
      dataset, validation: .sequences(["2"]), test: .sequences(["8", "21"]), seed: 1)
    #expect(names(named.train) == ["1"])
    #expect(names(named.validation) == ["2"])
    #expect(names(named.test) == ["21", "8"])
    #expect(
      named.description == "by chromosome: validation 2: 60 (28.6 %); test 21, 8: 50 (23.8 %)")

    let mixed = try split(dataset, validation: .fraction(0.1), test: .sequences(["1"]), seed: 1)
    expectSound(mixed, of: dataset)
    #expect(names(mixed.test) == ["1"] && names(mixed.validation).count == 1)

    let none = try split(dataset, validation: .fraction(0.25), test: .fraction(0), seed: 1)
    #expect(none.test.isEmpty && (26...105).contains(none.validation.count))

    let lastOne = placed([("1", 500), ("2", 60)], extent: 2_000_000)
    let blocks = try split(lastOne, validation: .automatic, test: .sequences(["2"]), seed: 1)
    expectSound(blocks, of: lastOne)
    #expect(blocks.test.count == 60 && (28...84).contains(blocks.validation.count))
  }

  @Test(arguments: UInt64(0)..<5) func keepsNearDuplicatesTogether(seed: UInt64) throws {
    var dataset = unplaced(placed([("1", 300)], extent: 2_000_000, seed: Int(seed)))
    for index in 0..<100 {
      var codes = dataset.examples[index].bases.codes
      codes[50] = 3 - codes[50]
      let bases = EncodedSequence(codes: codes)
      dataset.examples.append(
        Example(
          name: "copy", bases: index % 2 == 0 ? bases : bases.reverseComplement, labels: [0]))
    }
    let split = try split(dataset, validation: .automatic, test: .fraction(0.2), seed: seed)
    expectSound(split, of: dataset)
    #expect((40...60).contains(split.validation.count) && (80...120).contains(split.test.count))
    for side in Side.allCases {
      let indices = Set(split[side])
      #expect((0..<100).allSatisfy { indices.contains($0) == indices.contains(300 + $0) })
    }
    #expect(split.side(of: GenomicInterval("1", start: 0, end: 1)) == nil)
  }

  @Test func dependsOnTheSeedOnly() throws {
    for dataset in [
      placed((1...9).map { ("\($0)", 40) }, extent: 100_000), placed([("1", 300)], extent: 900_000),
      unplaced(placed([("1", 300)], extent: 900_000)),
    ] {
      let first = try split(dataset, validation: .automatic, test: .automatic, seed: 1)
      let again = try split(dataset, validation: .automatic, test: .automatic, seed: 1)
      let other = try split(dataset, validation: .automatic, test: .automatic, seed: 2)
      #expect(first.test == again.test && first.validation == again.validation)
      #expect(first.test != other.test)
    }
  }

  @Test func smallestDatasetHasOneExampleASide() throws {
    let dataset = unplaced(placed([("1", 3)], extent: 2_000_000))
    let split = try split(dataset, validation: .automatic, test: .automatic, seed: 1)
    #expect([split.train, split.validation, split.test].map(\.count) == [1, 1, 1])
  }

  @Test func saysWhyItCannot() throws {
    let dataset = placed([("1", 30), ("2", 30)], extent: 100_000)
    func problem(
      _ dataset: Dataset, _ validation: SplitRequest, _ test: SplitRequest
    ) -> SplitError? {
      #expect(throws: SplitError.self) {
        try split(dataset, validation: validation, test: test, seed: 1)
      }
    }
    #expect(problem(dataset, .automatic, .fraction(1)) == .fraction(1))
    #expect(problem(dataset, .fraction(0.5), .fraction(0.5)) == .nothingToTrainOn)
    #expect(problem(dataset, .sequences(["1"]), .sequences(["2"])) == .nothingToTrainOn)
    #expect(
      problem(dataset, .automatic, .sequences(["chr1"]))
        == .noExample(sequence: "chr1", known: ["1", "2"]))
    #expect(problem(dataset, .sequences(["1"]), .sequences(["1"])) == .sequenceOnTwoSides("1"))
    #expect(problem(unplaced(dataset), .automatic, .sequences(["1"])) == .noCoordinates)
    let one = Dataset(tasks: ["t"], examples: Array(repeating: dataset.examples[0], count: 50))
    #expect(problem(one, .automatic, .automatic) == .tooFew(examples: 50, groups: 1))
    #expect(problem(unplaced(one), .automatic, .automatic) == .tooFew(examples: 50, groups: 1))
    #expect(
      "\(SplitError.noExample(sequence: "chr1", known: ["1", "2"]))"
        == "\"chr1\" is no file, and no example is on a sequence of that name; "
        + "there are examples on 1, 2")
  }

  /// Held-out negatives lie in the held-out part and touch no window of any side.
  @Test func negativesOfASideStayOnIt() throws {
    let genome = ToyGenome.random(lengths: [("20", 500_000)], seed: 3)
    var ledger = Ledger(source: "peaks")
    let peaks = stride(from: 1000, to: 490_000, by: 4100).map {
      Peak(interval: GenomicInterval("20", start: $0, end: $0 + 50))
    }
    let positives = try examples(
      around: peaks, length: 101, genome: genome, naming: { $0 }, ledger: &ledger)
    let dataset = Dataset(tasks: ["t"], examples: positives)
    let split = try split(dataset, validation: .automatic, test: .automatic, seed: 4)
    let windows = positives.compactMap(\.interval)
    for side in Side.allCases {
      var ledger = Ledger(source: "negatives")
      let negatives = try GenomicNegatives(excluding: windows, seed: 5).examples(
        matching: dataset.subset(split[side]).examples,
        within: split.stretches(of: side, in: genome), of: genome, ledger: &ledger)
      #expect(negatives.count + ledger.total - ledger.used == split[side].count)
      #expect(!negatives.isEmpty)
      for interval in negatives.compactMap(\.interval) {
        #expect(split.side(of: interval) == side)
        #expect(!windows.contains { $0.overlaps(interval) })
      }
    }
  }
}
