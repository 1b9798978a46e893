import Datasets
import Genomics
import GenomicsIO
import Tensors
import TestSupport
import Testing

/// Sequences of which every dinucleotide shuffle is the sequence itself.
@Suite struct SelfShuffleTests {
  private static let periodic = ["ACTG", "AC", "A", "CAG", "T"].map {
    EncodedSequence(String(repeating: $0, count: 60))!
  }

  private func bases(_ index: Int) -> EncodedSequence {
    var random = RandomStream(seed: 13, .background, index)
    return EncodedSequence(codes: (0..<60).map { _ in UInt8(random.next(below: 4)) })
  }

  private func examples(_ sequences: [EncodedSequence], label: Float = 1) -> [Example] {
    sequences.enumerated().map { Example(name: "e\($0)", bases: $1, labels: [label]) }
  }

  @Test(arguments: periodic) func haveNoShuffle(bases: EncodedSequence) {
    var shuffler = DinucleotideShuffler()
    let canShuffle = shuffler.canShuffle(bases)
    #expect(!canShuffle)
    #expect(shuffledNegatives(of: examples([bases]), seed: 1).isEmpty)
  }

  /// Runs of `A` around the first `C` of `AACAAAC`, five in all: 2 + 3 is the sequence, three others are not.
  /// Of the arrangements of `AATTAT`, worked out by hand, `ATAATT` is its reverse complement.
  @Test(arguments: [
    ("AACAAAC", ["ACAAAAC", "AAACAAC", "AAAACAC"]), ("AATTAT", ["AATATT", "ATTAAT"]),
  ])
  func areDrawnAgainWhereOthersExist(text: String, others: [String]) {
    var shuffler = DinucleotideShuffler()
    let seen = (0..<300).map { index in
      var random = RandomStream(seed: 1, .shuffledNegatives, index)
      return shuffler.differingShuffle(of: EncodedSequence(text)!, using: &random)?.text
    }
    #expect(Set(seen) == Set(others))
  }

  /// Held-out sides: no such negative, counted.
  @Test func areCountedOnEachSide() throws {
    let train = LoadedDataset(Dataset(tasks: ["t"], examples: examples((0..<30).map(bases))))
    let test = LoadedDataset(
      Dataset(tasks: ["t"], examples: examples(Self.periodic + [bases(100), bases(101)])))
    let prepared = try train.prepared(PreparationPlan(), test: test)
    #expect(prepared.test.count { $0.isPositive } == 7)
    #expect(prepared.test.filter(\.isShuffle).map(\.name) == ["e5_shuffled", "e6_shuffled"])
    let line =
      "dinucleotide shuffles for test: 2 of 7 used; 5 dropped: every shuffle equals its positive"
    #expect(prepared.ledgers.map(\.description) == [line])
    let measured = try test.withNegatives(PreparationPlan())
    #expect(measured.examples.count == 9 && measured.ledgers.map(\.used) == [2])
  }

  @Test func trainingCountsThemToo() throws {
    let loaded = LoadedDataset(
      Dataset(tasks: ["t"], examples: examples((0..<40).map(bases) + [Self.periodic[0]])))
    var plan = PreparationPlan()
    plan.seed = 3
    let prepared = try loaded.prepared(plan)
    let dropped = prepared.ledgers.flatMap(\.dropped).reduce(0) { $0 + $1.count }
    #expect(dropped == 1)
  }
}

/// The same sequence under both labels.
@Suite struct ContradictionTests {
  /// Counted by hand: for `a` the first sequence and, as reverse complement, the second; for `b`, of which
  /// one label is unknown, none.
  @Test func areCountedForEachTask() {
    let (first, second, third) = (
      EncodedSequence("ACGTTA")!, EncodedSequence("GGATCA")!, EncodedSequence("CCCCCC")!
    )
    let rows: [(EncodedSequence, [Float])] = [
      (first, [1, 1]), (first, [0, .nan]), (first, [0, 1]), (second, [1, 1]),
      (second.reverseComplement, [0, .nan]), (third, [0, 0]),
    ]
    let dataset = Dataset(
      tasks: ["a", "b"],
      examples: rows.map { Example(name: "e", bases: $0.0, labels: $0.1) })
    #expect(dataset.contradictions.map(\.task) == ["a"])
    #expect(dataset.contradictions.map(\.sequences) == [2])
  }
}
