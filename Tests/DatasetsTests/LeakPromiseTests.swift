import Datasets
import Genomics
import TestSupport
import Testing

/// What docs/formats.md promises: without a column `split` sides share nothing.
@Suite struct LeakPromiseTests {
  private func dataset(_ sequences: [EncodedSequence], tasks: Int = 1) -> LoadedDataset {
    LoadedDataset(
      Dataset(
        tasks: (0..<tasks).map { "t\($0)" },
        examples: sequences.enumerated().map { index, bases in
          Example(
            name: "e\(index)", bases: bases,
            labels: (0..<tasks).map { tasks == 1 || index % tasks == $0 ? 1 : 0 },
            interval: tasks == 1
              ? nil : GenomicInterval("chr\(index % 12)", start: 200 * index, end: 200 * index + 60)
          )
        }))
  }

  /// Sequences of two letters, whose shuffles resemble those of others now and then: shuffles are compared
  /// too. The sequences of one seed in three share something before anything is dropped.
  @Test(arguments: UInt64(1)...12) func sequencesOfTwoLetters(seed: UInt64) throws {
    var random = RandomStream(seed: seed, .background)
    let sequences = (0..<150).map { _ in
      EncodedSequence(codes: (0..<40).map { _ in UInt8(1 + random.next(below: 2)) })
    }
    let prepared = try dataset(sequences).prepared(PreparationPlan())
    #expect(prepared.leaks.isClean && LeakAudit(prepared).isClean, "\(prepared.leaks)")
    #expect(prepared.test.contains { $0.isShuffle })
  }

  /// More than 200 sequences with a 15-mer in common, of which each is compared with the 200 before it: what is
  /// dropped changes what is compared.
  @Test(arguments: UInt64(1)...6) func repeatsThatManySequencesHold(seed: UInt64) throws {
    var random = RandomStream(seed: seed, .background)
    func letters(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(random.next(below: 4)) } }
    let repeats = (0..<3).map { _ in letters(40) }
    let sequences = (0..<1500).map { index in
      // Every other sequence holds part of a repeat, from 15 to 40 bases of it.
      let part = index % 2 == 0 ? Array(repeats[index % 3].prefix(15 + random.next(below: 26))) : []
      return EncodedSequence(codes: part + letters(60 - part.count))
    }
    let prepared = try dataset(sequences, tasks: 2).prepared(PreparationPlan())
    #expect(prepared.leaks.isClean && LeakAudit(prepared).isClean, "\(prepared.leaks)")
  }
}
