public import Datasets
internal import Genomics
public import Models
internal import Parallel
internal import Tensors

/// How a gapped k-mer model is trained.
public struct GappedKmerConfiguration: Codable, Equatable, Sendable {
  /// The number of bases of a gapped k-mer that count, 1 to 8, in a window of `KmerTable.span`.
  public var informative = 7
  /// How many arrangements of these there are.
  public var patterns = 16
  /// What a unit of squared loss costs, beside half the squared length of the weights.
  public var cost = 1.0
  /// How often each example is visited.
  public var passes = 5
  /// The dinucleotide shuffles of each positive that serve as negatives; 0 if there are others.
  public var shuffles = 10

  public init() {}

  /// For classes that have negatives.
  public static var withoutShuffles: GappedKmerConfiguration {
    var configuration = GappedKmerConfiguration()
    configuration.shuffles = 0
    return configuration
  }

  /// For thousands of positives and negatives that were given: longer k-mers, and a stronger penalty.
  public static var manyAgainstGiven: GappedKmerConfiguration {
    var configuration = withoutShuffles
    (configuration.informative, configuration.patterns) = (8, 20)
    configuration.cost = 0.3
    return configuration
  }

  /// For numbers, which are standardized: a weaker penalty than for classes, since the table's share in the mean is settled
  /// by validation, more passes, since no multiplier stays at 0, and shorter k-mers, of which each number tells more.
  public static var numbers: GappedKmerConfiguration {
    var configuration = GappedKmerConfiguration()
    (configuration.cost, configuration.passes, configuration.shuffles) = (10, 20, 0)
    configuration.informative = 6
    return configuration
  }
}

/// Trains a linear machine on gapped k-mers (Ghandi et al. 2014) and merges it into a table: a support vector machine for
/// classes, ridge regression for numbers.
///
/// A feature counts a pattern's k-mer over the windows of a sequence and over both strands, times
/// `1 / sqrt(2 · patterns · windows)`. Loss and penalty are those of `DualDescent`. One seed gives the
/// same bits with any number of threads.
public struct GappedKmerTrainer: Sendable {
  public let configuration: GappedKmerConfiguration
  /// Whether labels are classes rather than numbers.
  public let areClasses: Bool
  public let seed: UInt64

  public init(
    _ configuration: GappedKmerConfiguration = .init(), areClasses: Bool = true, seed: UInt64
  ) {
    self.configuration = configuration
    self.areClasses = areClasses
    self.seed = seed
  }

  /// Learns each task from the examples in which it was measured; of classes, a label above one half is bound.
  ///
  /// - Precondition: There is at least one example.
  public func train(_ examples: [Example], threads: Int) -> KmerTable {
    precondition(!examples.isEmpty, "no examples")
    let tasks = examples[0].labels.count
    let patterns = GappedPatterns(
      span: KmerTable.span, informative: configuration.informative, count: configuration.patterns)
    let all = areClasses ? examples + shuffles(of: examples, threads: threads) : examples
    let features = GappedFeatures(all.map(\.bases), patterns: patterns, threads: threads)
    let machines = concurrentMap(tasks, threads: threads) { task in
      trained(features, labels: all.map { $0.labels[task] }, weights: all.map(\.weight), task: task)
    }
    let scale = 1 / Float(2 * patterns.offsets.count).squareRoot()
    let columns = machines.flatMap { machine in
      patterns.merged(machine.weights, threads: threads).map { $0 * scale }
    }
    return KmerTable(
      scalars: Tensor(shape: [columns.count / tasks, tasks], transposing: columns),
      bias: Tensor(shape: [tasks], scalars: machines.map { Float($0.bias) }))
  }

  private func shuffles(of examples: [Example], threads: Int) -> [Example] {
    let positives = examples.indices.filter { examples[$0].isPositive }
    return concurrentMap(positives.count, threads: threads) { place -> [Example] in
      var shuffler = DinucleotideShuffler()
      var example = examples[positives[place]]
      example.labels = example.labels.map { $0.isNaN ? .nan : 0 }
      let original = example.bases
      return (0..<configuration.shuffles).compactMap { number -> Example? in
        var random = RandomStream(seed: seed, .kmerNegatives, positives[place], number)
        guard let shuffle = shuffler.differingShuffle(of: original, using: &random) else {
          return nil
        }
        example.bases = shuffle
        return example
      }
    }.flatMap { $0 }
  }

  private func trained(
    _ features: GappedFeatures, labels: [Float], weights: [Float], task: Int
  ) -> DualDescent {
    var machine = DualDescent(
      features, labels: labels, areClasses: areClasses,
      costs: weights.map { Double($0) * configuration.cost })
    var random = RandomStream(seed: seed, .kmerOrder, task)
    for _ in 0..<configuration.passes { machine.visitAll(using: &random) }
    return machine
  }
}
