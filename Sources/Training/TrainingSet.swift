public import Datasets
internal import Genomics
internal import Tensors

/// The examples that a network learns from, and what each epoch makes of them.
public struct TrainingSet: Sendable {
  public let examples: [Example]
  /// Whether each positive meets a fresh shuffle of itself in every epoch.
  public let freshNegatives: Bool
  /// The examples that have shuffles.
  private let shuffled: [Int]
  private let seed: UInt64

  /// - Precondition: There is at least one example.
  public init(_ examples: [Example], freshNegatives: Bool, seed: UInt64) {
    precondition(!examples.isEmpty, "no examples")
    self.examples = examples
    self.freshNegatives = freshNegatives
    self.seed = seed
    shuffled = freshNegatives ? examples.indices.filter { examples[$0].isPositive } : []
  }

  /// The number of examples of an epoch, fresh negatives included.
  public var countPerEpoch: Int { examples.count + shuffled.count }

  /// The order of an epoch: numbers from `examples.count` on are shuffles.
  func order(epoch: Int) -> [Int] {
    var order = Array(0..<countPerEpoch)
    var random = RandomStream(seed: seed, .epochOrder, epoch)
    random.shuffle(&order)
    return order
  }

  /// What a network reads and what it should say.
  struct Shard {
    var sequences = SequenceBatch()
    var labels: [Float] = []
    var weights: [Float] = []
  }

  /// The sequences, labels and weights of some numbers of an epoch's order.
  func shard(_ numbers: ArraySlice<Int>, epoch: Int) -> Shard {
    var shard = Shard()
    var shuffler = DinucleotideShuffler()
    for number in numbers {
      let isShuffle = number >= examples.count
      let index = isShuffle ? shuffled[number - examples.count] : number
      let example = examples[index]
      if isShuffle {
        var random = RandomStream(seed: seed, .shuffledNegatives, epoch, index)
        shard.sequences.append(shuffler.shuffled(example.bases, using: &random).codes)
        shard.labels += example.labels.map { $0.isNaN ? .nan : 0 }
      } else {
        shard.sequences.append(example.bases.codes)
        shard.labels += example.labels
      }
      shard.weights.append(example.weight)
    }
    return shard
  }
}
