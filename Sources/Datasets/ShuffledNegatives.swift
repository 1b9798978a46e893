import Genomics
import Tensors

/// A dinucleotide shuffle of each example, 0 in every task that was measured: the negatives of
/// held-out data, the same for ever.
///
/// Their random numbers are those of epoch -1, which training never draws.
public func shuffledNegatives(of examples: [Example], seed: UInt64) -> [Example] {
  var shuffler = DinucleotideShuffler()
  return examples.enumerated().map { index, example in
    var random = RandomStream(seed: seed, .shuffledNegatives, -1, index)
    return Example(
      name: example.name + "_shuffled", bases: shuffler.shuffled(example.bases, using: &random),
      labels: example.labels.map { $0.isNaN ? .nan : 0 }, weight: example.weight)
  }
}
