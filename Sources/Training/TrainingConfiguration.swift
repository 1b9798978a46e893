public import Datasets
internal import Genomics
internal import Layers
public import Networks

/// How a network is trained.
public struct TrainingConfiguration: Codable, Equatable, Sendable {
  /// The number of passes over the training data at most.
  public var epochs = 20
  /// The number of optimizer steps at least: few examples get more epochs than `epochs`, until there are
  /// as many steps. Then the last epoch counts: so few validation examples can't tell which one is best.
  public var leastSteps = 0
  /// Examples a step.
  public var batchSize = 64
  /// Examples per shard: a batch is cut into shards that are computed side by side and summed by a fixed
  /// tree. Part of the recipe and not of the machine, because it decides the last bits of the sums. With 0 the
  /// network's size decides: see `shardSize(for:length:taskCount:)`.
  public var shardSize = 0
  public var optimizer = OptimizerKind.adam
  /// The largest learning rate.
  public var learningRate: Float = 0.01
  /// By default `cosine`: it rises to the largest rate, then falls to zero.
  public var schedule: LearningRateSchedule?
  /// The number of cycles of the schedule `restarts`; by default 4.
  public var cycles: Int?
  /// How often the schedule `steps` multiplies the rate by `dropFactor`, at equal distances; by default 2.
  public var drops: Int?
  /// By default 0.1.
  public var dropFactor: Float?
  /// The share of the steps over which the learning rate rises.
  public var warmup: Float = 0.1
  /// That of gradient descent and RMSprop, or the decay rate of Adam's first moment.
  public var momentum: Float = 0.9
  /// The decay rate of Adam's second moment, or of RMSprop's mean square.
  public var secondMomentum: Float = 0.999
  public var l1: Float = 0
  public var l2: Float = 0.1
  /// The largest norm of the gradient of all parameters: larger ones are scaled down to it. By default there is none.
  public var clip: Float?
  /// The largest norm of the weights of an output. By default there is none.
  public var maxNorm: Float?
  /// The share of a class's label that is spread over all classes; by default 0.
  public var labelSmoothing: Float?
  /// How much classes count beside each other; by default each example counts alike.
  public var classWeights: ClassWeighting?
  /// Of counts, by how much their variance exceeds their mean, as a share of its square (the negative binomial distribution);
  /// by default 0, as of Poisson's.
  public var dispersion: Float?
  /// The largest decay of a moving average of the weights, which then is what is validated and kept; by default there is none.
  public var averaging: Float?
  /// Factors of the learning rate by the paths of parameters, such as `layers.0`; 0 keeps them as they are. By default 1.
  public var rates: [String: Float]?
  /// How sequences are changed before they are learned from; by default not at all.
  public var augmentation: Augmentation?
  /// Epochs without a better validation loss after which training stops.
  public var patience = 10
  /// Fresh shuffles of each positive in every epoch, where shuffles are the negatives.
  public var shufflesPerPositive = 1

  public init() {}

  /// What goes with `NetworkConfiguration.deepBind`.
  public static var deepBind: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.leastSteps = 1000
    return configuration
  }

  /// What goes with `NetworkConfiguration.standard`.
  public static var standard: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.epochs = 12
    configuration.leastSteps = 1000
    configuration.warmup = 0.2
    configuration.secondMomentum = 0.99
    configuration.l2 = 0.01
    configuration.shufflesPerPositive = 2
    return configuration
  }

  /// Of so many epochs none is too many to wait for.
  package static let endlessPatience = 1_000_000

  /// What is out of range, in words; `nil` if nothing is.
  public var problem: String? {
    let whole = [
      rangeProblem("epochs", epochs, 1...1_000_000),
      rangeProblem("leastSteps", leastSteps, 0...100_000_000),
      rangeProblem("batchSize", batchSize, 1...1_048_576),
      rangeProblem("shardSize", shardSize, 0...65536),
      rangeProblem("patience", patience, 1...Self.endlessPatience),
      rangeProblem("shufflesPerPositive", shufflesPerPositive, 1...100),
    ]
    let checks: [(Bool, String)] = [
      (learningRate > 0 && learningRate.isFinite, "learningRate is \(learningRate); take above 0"),
      ((0..<1).contains(momentum), "momentum is \(momentum); take 0 to below 1"),
      (
        (0..<1).contains(secondMomentum),
        "secondMomentum is \(secondMomentum); take 0 to below 1"
      ),
      ((0...1).contains(warmup), "warmup is \(warmup); take 0 to 1"),
      (l1 >= 0 && l1.isFinite, "l1 is \(l1); take 0 or more"),
      (l2 >= 0 && l2.isFinite, "l2 is \(l2); take 0 or more"),
      ((clip ?? 1) > 0, "clip is \(clip ?? 0); take above 0"),
      ((maxNorm ?? 1) > 0, "maxNorm is \(maxNorm ?? 0); take above 0"),
    ]
    return whole.lazy.compactMap { $0 }.first ?? checks.first { !$0.0 }?.1 ?? scheduleProblem
      ?? methodProblem
  }

  /// What is out of range about the loss and what training does beside its steps.
  private var methodProblem: String? {
    let checks: [(Bool, String)] = [
      (
        (0..<1).contains(labelSmoothing ?? 0),
        "labelSmoothing is \(labelSmoothing ?? 0); take 0 to below 1"
      ),
      (
        (dispersion ?? 0) >= 0 && (dispersion ?? 0).isFinite,
        "dispersion is \(dispersion ?? 0); take 0 or more"
      ),
      ((0..<1).contains(averaging ?? 0), "averaging is \(averaging ?? 0); take 0 to below 1"),
    ]
    let rate = (rates ?? [:]).sorted { $0.key < $1.key }.first {
      !($0.value >= 0 && $0.value.isFinite)
    }
    return checks.first { !$0.0 }?.1
      ?? rate.map { "rates: \($0.key.quoted) is \($0.value); take 0 or more" }
      ?? augmentation?.problem.map { "augmentation: \($0)" }
  }

  private static let automaticShardSize = 32
  private static let largestShardSize = 128
  /// The number of shards of a large batch: enough for as many threads.
  private static let shardsPerBatch = 8
  /// The features of a shard that stay in a processor's second-level cache.
  private static let cachedFeatures = 1 << 17

  /// The number of examples per shard for a network that reads sequences of so many bases.
  ///
  /// If `shardSize` is 0: 32 for a small network, down to 4 for a large one, and 32 if the network normalizes
  /// by the statistics of a shard. A batch of more than 256 is cut into eight shards, of 128 at most, if the network is
  /// small and a shard's features stay in the cache: each shard costs something besides its examples.
  public func shardSize(for network: NetworkConfiguration, length: Int, taskCount: Int) -> Int {
    if shardSize > 0 { return min(shardSize, batchSize) }
    let most = min(Self.automaticShardSize, batchSize)
    if network.layers.joinExamples { return most }
    let larger = min(Self.largestShardSize, batchSize.dividedRoundingUp(by: Self.shardsPerBatch))
    let features = (try? network.featureCount(length: length)) ?? .max
    let isCached = larger > most && features <= Self.cachedFeatures / larger
    return network.shardSize(
      atMost: isCached ? larger : most, length: length, taskCount: taskCount)
  }

  /// The number of passes over training data that make so many steps each.
  package func epochs(ofSteps steps: Int) -> Int {
    max(epochs, leastSteps.dividedRoundingUp(by: steps))
  }

  /// Whether `leastSteps` asks for more epochs of so many steps each than `epochs`.
  package func isLengthened(ofSteps steps: Int) -> Bool { epochs(ofSteps: steps) > epochs }
}
