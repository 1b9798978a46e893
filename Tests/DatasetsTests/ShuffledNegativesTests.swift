import Datasets
import Genomics
import Testing

@Suite struct ShuffledNegativesTests {
  private func bases(_ index: Int) -> EncodedSequence {
    var random = RandomStream(seed: 7, .background, index)
    return EncodedSequence(codes: (0..<60).map { _ in UInt8(random.next(below: 4)) })
  }

  /// How often each ordered pair of letters stands side by side.
  private func dinucleotides(_ bases: EncodedSequence) -> [String: Int] {
    zip(bases.text, bases.text.dropFirst()).reduce(into: [:]) {
      $0["\($1.0)\($1.1)", default: 0] += 1
    }
  }

  @Test func heldOutNegativesAreFixed() {
    let examples = (0..<20).map { index in
      Example(
        name: "e\(index)", bases: bases(index), labels: [1, .nan], weight: 2,
        interval: GenomicInterval("1", start: 0, end: 60))
    }
    let negatives = shuffledNegatives(of: examples, seed: 1)
    #expect(negatives.map(\.bases) == shuffledNegatives(of: examples, seed: 1).map(\.bases))
    #expect(negatives.map(\.bases) != shuffledNegatives(of: examples, seed: 2).map(\.bases))
    for (negative, example) in zip(negatives, examples) {
      #expect(dinucleotides(negative.bases) == dinucleotides(example.bases))
      #expect(negative.labels[0] == 0 && negative.labels[1].isNaN)
      #expect(negative.weight == 2 && negative.interval == nil)
      #expect(negative.name == example.name + "_shuffled")
    }
  }
}
