import Datasets
import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct NegativeMixTests {
  @Test func readsKindsAndShares() throws {
    #expect(try NegativeMix("random") == NegativeMix(.random))
    let mix = try NegativeMix("random:4,dinucleotide")
    #expect(mix.parts.map(\.source) == [.random, .dinucleotide])
    #expect(mix.parts.map(\.share) == [0.8, 0.2])
    #expect(try mix.sole == nil && mix.readsGenome && NegativeMix(mix.text) == mix)
    #expect(
      mix.note
        == "negatives: 80 % random windows of the genome, 20 % dinucleotide shuffles of the positives"
    )
  }

  @Test(arguments: [
    ("", "\"\" is no kind of negatives"), ("randon", "\"randon\" is no kind of negatives"),
    ("random,", "\"\" is no kind of negatives"), ("random:0,genomic", "\"0\" is no share"),
    ("random:x", "\"x\" is no share"), ("random:inf", "\"inf\" is no share"),
    ("random,random", "random is named twice"), ("given,random", "given can't be one of several"),
  ])
  func refusesOthers(text: String, words: String) {
    let error = #expect(throws: NegativesError.self) { try NegativeMix(text) }
    #expect(error?.description.hasPrefix(words) == true)
  }

  /// The order of a mix doesn't matter, its shares do.
  @Test func mixesAreAlike() throws {
    let mix = try NegativeMix("random:4,dinucleotide")
    #expect(try mix.isAlike(NegativeMix("dinucleotide:1,random:4")))
    #expect(try !mix.isAlike(NegativeMix("random,dinucleotide")))
  }

  /// Without a genome: of 6 negatives per positive 4 are shuffles and 2 shuffles with a repeat, in the sides that the recipe
  /// gives many; as many in all again in each run.
  @Test func repeatsNeedNoGenome() throws {
    let positives = (0..<200).map { index in
      Example(name: "p\(index)", bases: randomBases(101, seed: UInt64(index)), labels: [1])
    }
    let loaded = LoadedDataset(Dataset(tasks: ["a"], examples: positives))
    var plan = PreparationPlan()
    plan.negatives = try NegativeMix("dinucleotide:2,repeats")
    plan.trainingNegatives = TrainingNegatives(perPositive: 6, most: 10_000)
    let prepared = try loaded.prepared(plan)
    #expect(!prepared.makesFreshNegatives)
    for (side, ratio) in [(Side.train, 6.0), (.validation, 6), (.test, 1)] {
      let negatives = prepared[side].filter(\.isNegative)
      let count = Double(prepared[side].count(where: \.isPositive))
      #expect(abs(Double(negatives.count) - ratio * count) <= 1)
      let repeats = negatives.filter { $0.name.hasSuffix("_repeat") }
      #expect(abs(Double(repeats.count) - ratio * count / 3) <= 1)
      let weight = negatives.reduce(0) { $0 + $1.weight }
      #expect(side == .train || abs(Double(weight) - count) <= 1)
      #expect(Set(negatives.map(\.bases.codes)).count == negatives.count)
    }
    let again = try loaded.prepared(plan)
    #expect(again.train.map(\.bases) == prepared.train.map(\.bases))
    let (measured, mix, ledgers) = try loaded.withNegatives(plan)
    #expect(measured.count == 400 && mix == plan.negatives && ledgers.isEmpty)
  }

  /// Negatives of the input stay as they are: none is made of them. A held-out file keeps to its own.
  @Test func negativesAreMadeOfPositivesAlone() throws {
    func examples(_ positives: Int, _ negatives: Int, seed: UInt64) -> LoadedDataset {
      let labels = (0..<positives + negatives).map { Float($0 < positives ? 1 : 0) }
      return LoadedDataset(
        Dataset(
          tasks: ["a"],
          examples: labels.enumerated().map { index, label in
            Example(
              name: label > 0.5 ? "p\(index)" : "n\(index)",
              bases: randomBases(101, seed: seed + UInt64(index)), labels: [label])
          }))
    }
    let loaded = examples(120, 60, seed: 1)
    var plan = PreparationPlan()
    plan.negatives = try NegativeMix("dinucleotide,repeats")
    plan.trainingNegatives = TrainingNegatives(perPositive: 4, most: 10_000)
    let prepared = try loaded.prepared(plan, test: examples(30, 20, seed: 1000))
    for (side, ratio) in [(Side.train, 4), (.validation, 4)] {
      let positives = prepared[side].count(where: \.isPositive)
      #expect(prepared[side].count(where: \.isShuffle) == ratio * positives)
    }
    #expect(prepared.test.count == 50 && !prepared.test.contains(where: \.isShuffle))
    #expect(prepared.notes.contains("negatives for test: those of its file"))
    let made = Side.allCases.flatMap { prepared[$0] }.filter(\.isShuffle)
    #expect(made.allSatisfy { $0.name.hasPrefix("p") })
    #expect(try loaded.withNegatives(plan).examples.count == 120 + 60 + 120)
  }

  /// Repeats that equal one of a held-out side stay in training; sequences that were given don't.
  @Test func repeatsAreNoLeaks() throws {
    let positives = (0..<40).map { index in
      Example(name: "p\(index)", bases: randomBases(30, seed: UInt64(index)), labels: [1])
    }
    var plan = PreparationPlan()
    plan.negatives = NegativeMix(.repeats)
    plan.trainingNegatives = TrainingNegatives(perPositive: 50, most: 10_000)
    let prepared = try LoadedDataset(Dataset(tasks: ["a"], examples: positives)).prepared(plan)
    #expect(prepared.leaks.isClean)
    let count = prepared.train.count(where: \.isPositive)
    #expect(prepared.train.count(where: \.hasPlantedRepeat) == 50 * count)
  }

  /// Of 4 negatives per positive, 2 windows as they are, 1 of the positives' GC content and 1 shuffle, by hand.
  @Test func eachSourceGivesItsShare() throws {
    let folder = TemporaryFolder()
    let genome = ToyGenome.random(
      lengths: [("1", 120_000), ("2", 60_000), ("3", 90_000), ("4", 70_000)], seed: 7)
    let loaded = try regularPeaks(on: genome.names, of: genome, in: folder, file: "p.bed")
    var plan = PreparationPlan()
    plan.negatives = try NegativeMix("random:2,genomic,dinucleotide")
    plan.trainingNegatives = TrainingNegatives(perPositive: 4, most: 10_000)
    plan.ratio = 2
    let prepared = try loaded.prepared(plan)
    #expect(!prepared.makesFreshNegatives)
    for (side, ratio) in [(Side.train, 4), (.validation, 4), (.test, 2)] {
      let positives = prepared[side].count(where: \.isPositive)
      let negatives = prepared[side].filter(\.isNegative)
      let shuffles = negatives.count(where: \.isShuffle)
      #expect(abs(negatives.count - ratio * positives) <= 1)
      #expect(abs(4 * shuffles - ratio * positives) <= 4)
    }
    let windows = Side.allCases.flatMap { prepared[$0].filter(\.isNegative).compactMap(\.interval) }
    #expect(!windows.contains { window in loaded.peaks[0].contains { $0.overlaps(window) } })
    for (index, window) in windows.enumerated() {
      #expect(!windows[..<index].contains { $0.overlaps(window) })
    }
    let measured = try loaded.withNegatives(plan)
    #expect(measured.ledgers.count == 2)
    #expect(
      abs(measured.examples.count - 3 * loaded.dataset.examples.count) <= 1)
  }
}
