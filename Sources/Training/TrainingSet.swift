public import Datasets
internal import Genomics

/// The examples that a network learns from, and what each epoch makes of them.
public struct TrainingSet: Sendable {
  /// The number of fresh shuffles of itself that each positive meets in every epoch.
  public let shufflesPerPositive: Int
  /// The length of the longest sequence, in bases.
  package let longest: Int
  private let sequences: SequenceBatch
  /// `[example, task]`
  private let labels: [Float]
  private let weights: [Float]
  private let tasks: Int
  /// The positives that have shuffles: those of which some shuffle differs.
  private let shuffled: [Int]
  private let seed: UInt64

  /// - Precondition: There is at least one example.
  public init(_ examples: [Example], shufflesPerPositive: Int, seed: UInt64) {
    precondition(!examples.isEmpty, "no examples")
    self.shufflesPerPositive = shufflesPerPositive
    self.seed = seed
    sequences = SequenceBatch(examples.map(\.bases))
    longest = examples.lazy.map(\.bases.count).max() ?? 0
    labels = examples.flatMap(\.labels)
    weights = examples.map(\.weight)
    tasks = examples[0].labels.count
    var shuffler = DinucleotideShuffler()
    shuffled =
      shufflesPerPositive == 0
      ? []
      : examples.indices.filter {
        examples[$0].isPositive && shuffler.canShuffle(examples[$0].bases)
      }
  }

  /// The number of examples of an epoch, fresh negatives included.
  public var countPerEpoch: Int { sequences.count + shufflesPerPositive * shuffled.count }

  /// The numbers of positives and negatives of each task in an epoch, by their weights.
  var classSums: [(positives: Double, negatives: Double)] {
    let isShuffled = Set(shuffled)
    return (0..<tasks).map { task in
      var sums = (positives: 0.0, negatives: 0.0)
      for (index, weight) in weights.enumerated() where !labels[index * tasks + task].isNaN {
        let weight = Double(weight)
        if labels[index * tasks + task] > 0.5 {
          sums.positives += weight
        } else {
          sums.negatives += weight
        }
        if isShuffled.contains(index) { sums.negatives += Double(shufflesPerPositive) * weight }
      }
      return sums
    }
  }

  /// The order of an epoch: numbers from the count of the examples on are shuffles.
  package func order(epoch: Int) -> [Int] {
    var order = Array(0..<countPerEpoch)
    var random = RandomStream(seed: seed, .epochOrder, epoch)
    random.shuffle(&order)
    return order
  }

  /// What a network reads and what it should say.
  package struct Shard: Sendable {
    package var sequences = SequenceBatch()
    package var labels: [Float] = []
    package var weights: [Float] = []
  }

  /// The sequences, labels and weights of some numbers of an epoch's order.
  ///
  /// - Parameter augmentation: How sequences are changed; `nil` if they stay as they are.
  package func shard(
    _ numbers: ArraySlice<Int>, epoch: Int, augmentation: Augmentation? = nil
  ) -> Shard {
    var shard = plainShard(numbers, epoch: epoch)
    guard let augmentation else { return shard }
    for (row, number) in numbers.enumerated() {
      var random = RandomStream(seed: seed, .augmentation, epoch, number)
      shard.sequences.augment(row, by: augmentation, using: &random)
    }
    return shard
  }

  private func plainShard(_ numbers: ArraySlice<Int>, epoch: Int) -> Shard {
    let indices = numbers.map { number in
      number < sequences.count
        ? number : shuffled[(number - sequences.count) % shuffled.count]
    }
    var shard = Shard(sequences: sequences.gathered(indices))
    shard.labels.reserveCapacity(indices.count * tasks)
    shard.weights.reserveCapacity(indices.count)
    let (labels, weights) = (labels.span, weights.span)
    for (row, number) in numbers.enumerated() {
      let isShuffle = number >= sequences.count
      for index in indices[row] * tasks..<(indices[row] + 1) * tasks {
        shard.labels.append(isShuffle && !labels[index].isNaN ? 0 : labels[index])
      }
      shard.weights.append(weights[indices[row]])
    }
    guard shufflesPerPositive > 0 else { return shard }
    var shuffler = DinucleotideShuffler()
    for (row, number) in numbers.enumerated() where number >= sequences.count {
      let copy = (number - sequences.count) / shuffled.count
      var random = RandomStream(
        seed: seed, .shuffledNegatives, epoch, indices[row] + copy * sequences.count)
      shard.sequences.shuffle(
        row, awayFrom: sequences.codes[sequences.range(of: indices[row])], with: &shuffler,
        using: &random)
    }
    return shard
  }
}
