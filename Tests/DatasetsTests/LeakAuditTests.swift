import Datasets
import Genomics
import TestSupport
import Testing

@Suite struct LeakAuditTests {
  private func bases(_ index: Int) -> EncodedSequence {
    var random = RandomStream(seed: 12, .background, index)
    return EncodedSequence(codes: (0..<80).map { _ in UInt8(random.next(below: 4)) })
  }

  private func dataset(_ count: Int) -> LoadedDataset {
    LoadedDataset(
      Dataset(
        tasks: ["t"],
        examples: (0..<count).map {
          Example(name: "e\($0)", bases: bases($0), labels: [Float($0 % 2)])
        }))
  }

  /// A column `split` is kept, whatever it gives away: counted by hand.
  @Test func statedSidesAreCountedAndKept() throws {
    var loaded = dataset(9)
    loaded.statedSides = [
      .train, .train, .train, .validation, .validation, .validation, .test, .test, .test,
    ]
    loaded.dataset.examples[3].bases = bases(0).reverseComplement
    loaded.dataset.examples[6].bases = EncodedSequence(codes: Array(bases(1).codes[5...]) + [0, 1])
    loaded.dataset.examples[2].interval = GenomicInterval("1", start: 100, end: 180)
    loaded.dataset.examples[7].interval = GenomicInterval("1", start: 179, end: 259)
    loaded.dataset.examples[8].interval = GenomicInterval("1", start: 180, end: 260)
    loaded.dataset.examples[5].interval = GenomicInterval("2", start: 180, end: 260)
    let prepared = try loaded.prepared(PreparationPlan())
    let audit = LeakAudit(prepared)
    #expect(Side.allCases.map { prepared[$0].count } == [3, 3, 3])
    #expect(
      audit.pairs.map { [$0.duplicates, $0.nearDuplicates, $0.overlaps] }
        == [[1, 1, 0], [0, 1, 1], [0, 0, 0]])
    #expect(!audit.isClean)
    #expect(
      audit.description
        == "leaks between sides: train to validation: 1 duplicates, 1 near-duplicates, "
        + "0 overlapping windows; train to test: 0 duplicates, 1 near-duplicates, "
        + "1 overlapping windows (compared: exact and near-duplicates; coordinates of 4 of 9 examples "
        + "known)")
  }

  /// Copies in pairs stay together, so nothing is left to find.
  @Test func splitsGiveNothingAway() throws {
    var loaded = dataset(200)
    for index in 0..<100 { loaded.dataset.examples[index + 100].bases = bases(index) }
    let audit = LeakAudit(try loaded.prepared(PreparationPlan()))
    #expect(audit.isClean)
    #expect(
      audit.description == "leaks between sides: none (compared: exact and near-duplicates; "
        + "coordinates of 0 of 200 examples known)")
  }

  /// A repeat on every chromosome: those of held-out chromosomes stay, those of the others go.
  @Test func repeatsOfHeldOutChromosomesAreNotLearned() throws {
    var loaded = dataset(200)
    for index in 0..<200 {
      loaded.dataset.examples[index].interval = GenomicInterval(
        "chr\(index % 10)", start: index * 100, end: index * 100 + 80)
      if index < 40 { loaded.dataset.examples[index].bases = bases(1000) }
    }
    let prepared = try loaded.prepared(PreparationPlan())
    #expect(LeakAudit(prepared).isClean)
    #expect(prepared.test.contains { $0.bases == bases(1000) })
    #expect(!prepared.validation.contains { $0.bases == bases(1000) })
    #expect(!prepared.train.contains { $0.bases == bases(1000) })
    let dropped = prepared.ledgers.map { $0.total - $0.used }.reduce(0, +)
    let kept = Side.allCases.flatMap { prepared[$0] }.count { !$0.name.hasSuffix("_shuffled") }
    #expect(dropped > 0 && dropped == 200 - kept)
  }
}
