import Datasets
import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct PreparedDatasetTests {
  private let genome = ToyGenome.random(
    lengths: [("1", 120_000), ("2", 60_000), ("3", 90_000), ("4", 70_000)], seed: 7)

  private func expectSound(_ prepared: PreparedDataset, ratio: Int) throws {
    for side in Side.allCases {
      let (positives, negatives) = (
        prepared[side].filter(\.isPositive), prepared[side].filter { !$0.isPositive }
      )
      #expect(!positives.isEmpty && negatives.count == ratio * positives.count)
      // The same 50 classes of GC content: sorted, each differs from its partner by 2 % at most.
      let wanted = positives.compactMap(\.bases.gcFraction).sorted()
      let found = negatives.compactMap(\.bases.gcFraction).sorted()
      for (index, content) in found.enumerated() {
        #expect(abs(content - wanted[index / ratio]) <= 0.021)
      }
    }
    let windows = try Side.allCases.flatMap { side in
      try prepared[side].map { (side, $0.isPositive, try #require($0.interval)) }
    }.sorted { ($0.2.sequence, $0.2.start) < ($1.2.sequence, $1.2.start) }
    var overlaps = 0
    for (index, a) in windows.enumerated() {
      for b in windows[(index + 1)...].prefix(while: { $0.2.overlaps(a.2) })
      where a.0 != b.0 || !a.1 || !b.1 { overlaps += 1 }
    }
    #expect(overlaps == 0)
  }

  @Test(arguments: [1, 2]) func sidesShareNoWindow(ratio: Int) throws {
    let folder = TemporaryFolder()
    let loaded = try regularPeaks(on: genome.names, of: genome, in: folder, file: "p.bed")
    var plan = PreparationPlan()
    plan.ratio = Double(ratio)
    let prepared = try loaded.prepared(plan)
    #expect(prepared.negatives.sole == .genomic && !prepared.makesFreshNegatives)
    try expectSound(prepared, ratio: ratio)
    #expect(
      prepared.ledgers.map(\.used)
        == Side.allCases.map { side in
          prepared[side].count { !$0.isPositive }
        })
    let again = try loaded.prepared(plan)
    #expect(again.train == prepared.train && again.test == prepared.test)
  }

  /// By hand: 40 in all for 10 positives, if there is room for 120; never fewer than 3 each, nor more than 60 in all.
  @Test(arguments: [(10, 120, 4.0), (10, 90, 3), (2, 120, 20), (30, 1000, 2)])
  func fewPositivesGetMoreNegatives(positives: Int, room: Int, ratio: Double) {
    let negatives = TrainingNegatives(perPositive: 3, least: 40, most: 60)
    #expect(negatives.ratio(positives: positives, room: room) == ratio)
  }

  /// Random windows, of which validation has as many per positive as training, each with a smaller weight.
  @Test func randomWindowsAreMany() throws {
    let folder = TemporaryFolder()
    let loaded = try regularPeaks(on: genome.names, of: genome, in: folder, file: "p.bed")
    var plan = PreparationPlan()
    plan.negatives = NegativeMix(.random)
    plan.trainingNegatives = TrainingNegatives(perPositive: 3, most: 10_000)
    let prepared = try loaded.prepared(plan)
    for (side, ratio) in [(Side.train, 3), (.validation, 3), (.test, 1)] {
      let positives = prepared[side].count(where: \.isPositive)
      let negatives = prepared[side].filter { !$0.isPositive }
      #expect(negatives.count == ratio * positives)
      let weight: Float = side == .validation ? 1 / 3 : 1
      #expect(negatives.allSatisfy { abs($0.weight - weight) < 1e-6 && $0.bases.count == 101 })
    }
    let windows = Side.allCases.flatMap { prepared[$0].filter(\.isNegative).compactMap(\.interval) }
    #expect(!windows.contains { window in loaded.peaks[0].contains { $0.overlaps(window) } })
    #expect(!prepared.testStretches.isEmpty)
    #expect(try loaded.prepared(plan).train == prepared.train)
  }

  /// Four a positive, or as many as come to a limit; no fewer than the ratio.
  @Test(arguments: [(most: 10_000, ratio: 4), (50, 1), (150, 2)])
  func trainingGetsMoreNegatives(limit: (most: Int, ratio: Int)) throws {
    let folder = TemporaryFolder()
    let loaded = try regularPeaks(on: genome.names, of: genome, in: folder, file: "p.bed")
    var plan = PreparationPlan()
    plan.trainingNegatives = TrainingNegatives(perPositive: 4, most: limit.most)
    let prepared = try loaded.prepared(plan)
    func counts(_ side: Side) -> (positives: Int, negatives: Int) {
      let positives = prepared[side].count(where: \.isPositive)
      return (positives, prepared[side].count - positives)
    }
    let train = counts(.train)
    #expect(train.positives == 75)
    #expect(train.negatives == limit.ratio * 75)
    for side in [Side.validation, .test] {
      #expect(counts(side).negatives == counts(side).positives)
    }
  }

  /// Peaks of their own for validation and test get negatives too.
  @Test func filesForOtherSidesGetNegatives() throws {
    let folder = TemporaryFolder()
    let train = try regularPeaks(on: ["1", "2"], of: genome, in: folder, file: "a.bed")
    let validation = try regularPeaks(on: ["3"], of: genome, in: folder, file: "b.bed")
    let test = try regularPeaks(on: ["4"], of: genome, in: folder, file: "c.bed")
    let prepared = try train.prepared(PreparationPlan(), validation: validation, test: test)
    #expect(prepared.train.filter(\.isPositive) == train.dataset.examples)
    try expectSound(prepared, ratio: 1)
  }

  /// Random positives of 60 bases, without places.
  private func sequences(_ count: Int) throws -> LoadedDataset {
    let folder = TemporaryFolder()
    let records = (0..<count).map { index in
      var random = RandomStream(seed: 5, .background, index)
      let codes = (0..<60).map { _ in UInt8(random.next(below: 4)) }
      return ">e\(index)\n\(EncodedSequence(codes: codes).text)\n"
    }
    return try DatasetInput.sequences(
      positives: folder.write(records.joined(), to: "p.fa"), negatives: nil
    ).load(length: nil)
  }

  private func dinucleotides(_ bases: EncodedSequence) -> [[UInt8]: Int] {
    zip(bases.codes, bases.codes.dropFirst()).reduce(into: [:]) {
      $0[[$1.0, $1.1], default: 0] += 1
    }
  }

  /// Each held-out positive meets one shuffle of itself, which training never draws.
  @Test func heldOutShufflesAreFixed() throws {
    let plan = PreparationPlan()
    let prepared = try sequences(200).prepared(plan)
    #expect(prepared.negatives.sole == .dinucleotide && prepared.makesFreshNegatives)
    #expect(!prepared.train.contains { !$0.isPositive })
    for side in [Side.validation, .test] {
      let positives = prepared[side].filter(\.isPositive)
      let negatives = prepared[side].filter { !$0.isPositive }
      #expect(!positives.isEmpty && positives.count == negatives.count)
      for (index, (positive, negative)) in zip(positives, negatives).enumerated() {
        #expect(dinucleotides(negative.bases) == dinucleotides(positive.bases))
        #expect(negative.bases != positive.bases && negative.labels == [0])
        #expect(negative.name == positive.name + "_shuffled")
        // The streams of the first epochs of training.
        var shuffler = DinucleotideShuffler()
        for epoch in 0..<20 {
          var random = RandomStream(seed: plan.seed, .shuffledNegatives, epoch, index)
          #expect(shuffler.shuffled(positive.bases, using: &random) != negative.bases)
        }
      }
    }
    #expect(try sequences(200).prepared(plan).test == prepared.test)
  }

  @Test func keepsStatedSides() throws {
    var loaded = try sequences(6)
    for index in [1, 3, 5] { loaded.dataset.examples[index].labels = [0] }
    loaded.statedSides = [.test, .test, nil, .validation, .validation, .train]
    let prepared = try loaded.prepared(PreparationPlan())
    #expect(prepared.negatives.sole == .given)
    #expect(prepared.test.map(\.name) == ["e0", "e1"])
    #expect(prepared.validation.map(\.name) == ["e3", "e4"])
    #expect(prepared.train.map(\.name) == ["e2", "e5"])
    #expect(prepared.splitDescription == "as the input's column `split` says")
  }

  @Test func saysWhichNegativesCannotBe() throws {
    var plan = PreparationPlan()
    plan.negatives = NegativeMix(.genomic)
    #expect(throws: NegativesError.self) { try sequences(20).prepared(plan) }
    plan.negatives = NegativeMix(.given)
    #expect(throws: NegativesError.self) { try sequences(20).prepared(plan) }
  }

  /// For measuring: everything, and nothing held out.
  @Test func measuresOnEverything() throws {
    let (examples, source, ledgers) = try sequences(20).withNegatives(PreparationPlan())
    #expect(examples.count == 40 && source?.sole == .dinucleotide && ledgers.isEmpty)
    let folder = TemporaryFolder()
    let loaded = try regularPeaks(on: ["1"], of: genome, in: folder, file: "p.bed")
    let genomic = try loaded.withNegatives(PreparationPlan())
    let positives = loaded.dataset.examples.count
    #expect(genomic.examples.count == 2 * positives && genomic.ledgers.map(\.used) == [positives])
    var numbers = try sequences(3)
    numbers.dataset.examples[0].labels = [2.5]
    numbers.labelKind = .numbers
    #expect(try numbers.withNegatives(PreparationPlan()).examples == numbers.dataset.examples)
  }
}
