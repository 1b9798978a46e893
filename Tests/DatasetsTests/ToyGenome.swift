import Datasets
import Genomics

/// A genome in memory.
struct ToyGenome: BaseSource {
  let names: [String]
  let sequences: [String: EncodedSequence]

  init(_ sequences: [(String, EncodedSequence)]) {
    names = sequences.map(\.0)
    self.sequences = Dictionary(uniqueKeysWithValues: sequences)
  }

  func length(of name: String) -> Int? { sequences[name]?.count }

  func bases(in interval: GenomicInterval) throws -> EncodedSequence {
    EncodedSequence(
      codes: Array(sequences[interval.sequence]!.codes[interval.start..<interval.end]))
  }

  /// Sequences of the given lengths whose GC content swings between 0.1 and 0.9 every 5,000 bases,
  /// with a run of unknown bases now and then.
  static func random(lengths: [(String, Int)], seed: UInt64) -> ToyGenome {
    var random = RandomStream(seed: seed, .background)
    return ToyGenome(
      lengths.map { name, length in
        let codes = (0..<length).map { position -> UInt8 in
          if position % 20_000 < 300 { return EncodedSequence.unknown }
          let swing = Double(position % 5000) / 5000
          let isGC = random.uniform() < 0.1 + 0.8 * swing
          let isSecond = random.next(below: 2) == 1
          return isGC ? (isSecond ? 2 : 1) : (isSecond ? 3 : 0)
        }
        return (name, EncodedSequence(codes: codes))
      })
  }
}
