public import Datasets
internal import Tensors

/// The examples that a network learns from, and what each epoch makes of them.
public struct TrainingSet: Sendable {
  /// Whether each positive meets a fresh shuffle of itself in every epoch.
  public let freshNegatives: Bool
  private let sequences: SequenceBatch
  /// `[example, task]`
  private let labels: [Float]
  private let weights: [Float]
  /// The examples that have shuffles.
  private let shuffled: [Int]
  private let seed: UInt64

  /// - Precondition: There is at least one example.
  public init(_ examples: [Example], freshNegatives: Bool, seed: UInt64) {
    precondition(!examples.isEmpty, "no examples")
    self.freshNegatives = freshNegatives
    self.seed = seed
    sequences = SequenceBatch(examples.map(\.bases))
    labels = examples.flatMap(\.labels)
    weights = examples.map(\.weight)
    shuffled = freshNegatives ? examples.indices.filter { examples[$0].isPositive } : []
  }

  /// The number of examples of an epoch, fresh negatives included.
  public var countPerEpoch: Int { sequences.count + shuffled.count }

  /// The order of an epoch: numbers from the count of the examples on are shuffles.
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
    let indices = numbers.map { $0 < sequences.count ? $0 : shuffled[$0 - sequences.count] }
    var shard = Shard(sequences: sequences.gathered(indices))
    shard.labels.reserveCapacity(indices.count * labels.count / sequences.count)
    var shuffler = DinucleotideShuffler()
    let tasks = labels.count / sequences.count
    for (row, number) in numbers.enumerated() {
      let index = indices[row]
      let isShuffle = number >= sequences.count
      for label in labels[index * tasks..<(index + 1) * tasks] {
        shard.labels.append(isShuffle && !label.isNaN ? 0 : label)
      }
      shard.weights.append(weights[index])
      guard isShuffle else { continue }
      var random = RandomStream(seed: seed, .shuffledNegatives, epoch, index)
      shard.sequences.shuffle(row, with: &shuffler, using: &random)
    }
    return shard
  }
}
