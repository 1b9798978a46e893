import Datasets
import Genomics
import TestSupport
import Testing
import Training

@Suite struct TrainingSetTests {
  /// Examples of two tasks, every second a positive in the first; the last isn't measured there.
  private let examples = planted(["TGACTCAG", "CCGGAAGT"], count: 12, seed: 1).enumerated().map {
    index, example in
    var example = example
    example.labels = index == 11 ? [.nan, 1] : [index % 2 == 0 ? 1 : 0, 0]
    example.weight = Float(index + 1)
    return example
  }

  private func dinucleotides(_ codes: ArraySlice<UInt8>) -> [[UInt8]: Int] {
    zip(codes, codes.dropFirst()).reduce(into: [:]) { $0[[$1.0, $1.1], default: 0] += 1 }
  }

  /// Every example once, and every positive's shuffles, of its dinucleotides and weight: none twice,
  /// neither in one epoch nor in two.
  @Test func anEpochHoldsFreshShufflesOfEachPositive() {
    let set = TrainingSet(examples, shufflesPerPositive: 3, seed: 7)
    #expect(set.countPerEpoch == 12 + 3 * 7)
    var seen: Set<[UInt8]> = []
    for epoch in 0..<2 {
      let order = set.order(epoch: epoch)
      #expect(order.sorted() == Array(0..<33))
      let shard = set.shard(order[...], epoch: epoch)
      var shuffles: [Float: Int] = [:]
      for (row, number) in order.enumerated() {
        let source = examples[Int(shard.weights[row]) - 1]
        let codes = shard.sequences.codes[shard.sequences.range(of: row)]
        let labels = shard.labels[2 * row..<2 * row + 2]
        guard number >= 12 else {
          #expect(Array(codes) == source.bases.codes)
          #expect(zip(labels, source.labels).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
          continue
        }
        #expect(source.isPositive && dinucleotides(codes) == dinucleotides(source.bases.codes[...]))
        #expect(zip(labels, source.labels).allSatisfy { $1.isNaN ? $0.isNaN : $0 == 0 })
        #expect(seen.insert(Array(codes)).inserted)
        shuffles[shard.weights[row], default: 0] += 1
      }
      #expect(shuffles.count == 7 && shuffles.values.allSatisfy { $0 == 3 })
    }
  }

  /// A shard is the same whichever others are computed beside it.
  @Test func shufflesDependOnWhatTheyAreAlone() {
    let set = TrainingSet(examples, shufflesPerPositive: 2, seed: 7)
    let numbers = Array(0..<set.countPerEpoch)
    let whole = set.shard(numbers[...], epoch: 4).sequences
    let part = set.shard(numbers[15..<20], epoch: 4).sequences
    for row in 0..<5 {
      #expect(part.codes[part.range(of: row)] == whole.codes[whole.range(of: 15 + row)])
    }
  }
}
