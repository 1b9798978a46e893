public import Datasets
internal import Genomics
internal import Layers
public import Networks
internal import Parallel
internal import Tensors

/// How fast the networks of a recipe learn on this machine, as some real training steps took.
public struct TrainingEstimate: Equatable, Sendable {
  public let recipe: Recipe
  public let taskCount: Int
  /// The length of the sequences, in bases.
  public let length: Int
  public let threads: Int
  /// The sequences that all networks together learn from per second.
  public let sequencesPerSecond: Double

  /// Trains the recipe's networks on random sequences, as many at once as `ModelTraining` would, for as long
  /// as asked; two steps of each at least, and of slow ones one.
  ///
  /// - Parameters:
  ///   - makesShuffles: Whether training makes its own negatives in every epoch.
  ///   - duration: How long the steps are measured.
  /// - Throws: `ConfigurationError` if the network can't read the sequences; `MatrixLibraryError`.
  public init(
    _ recipe: Recipe, objective: Objective, taskCount: Int, length: Int, makesShuffles: Bool,
    threads: Int, duration: Duration = .seconds(1)
  ) throws {
    try loadMatrixLibrary()
    var recipe = recipe
    recipe.network = recipe.network.reading(length: length)
    (self.recipe, self.taskCount, self.length, self.threads) = (recipe, taskCount, length, threads)
    let trial = TrainingTrial(
      network: try Network(recipe.network, taskCount: taskCount, seed: 0),
      configuration: recipe.training, objective: objective, length: length,
      makesShuffles: makesShuffles, threads: max(1, threads / recipe.trainedNetworks),
      duration: duration)
    let rates = concurrentMap(min(threads, recipe.trainedNetworks), threads: threads) { member in
      Result { try trial.sequencesPerSecond(seed: UInt64(member)) }
    }
    sequencesPerSecond = try rates.reduce(0) { try $0 + $1.get() }
  }

  /// The seconds that each epoch takes all networks, those of a second round included, per 1,000 sequences.
  public var secondsPerThousandAndEpoch: Double {
    1000 * Double(recipe.trainedNetworks) / sequencesPerSecond
  }

  /// The seconds that the networks take to learn from an input. It is an upper end if training may stop early.
  ///
  /// Reading, the k-mer model, validation, p-values and what is measured afterwards aren't counted.
  public func seconds(for examples: ExampleCounts) -> Double {
    Double(recipe.sequencesRead(of: examples, taskCount: taskCount)) / sequencesPerSecond
  }
}

/// The examples of an input, as far as the time of training depends on them.
public struct ExampleCounts: Equatable, Sendable {
  /// The examples that are bound; of numbers, all.
  public var positives: Int
  /// The negatives that the input holds.
  public var negatives: Int
  /// Where negatives come from; `nil` for numbers, which have none.
  public var source: NegativeSource?
  /// Whether strong positives can be told from weak ones.
  public var strengthsAreKnown: Bool

  public init(
    positives: Int, negatives: Int = 0, source: NegativeSource?, strengthsAreKnown: Bool = false
  ) {
    (self.positives, self.negatives) = (positives, negatives)
    (self.source, self.strengthsAreKnown) = (source, strengthsAreKnown)
  }

  /// The examples of some sides, held out as by default, or a part of them.
  func share(of sides: [Side], times part: Double = 1) -> ExampleCounts {
    let share = part * sides.reduce(0) { $0 + $1.automaticShare }
    var copy = self
    copy.positives = Int((share * Double(positives)).rounded())
    copy.negatives = Int((share * Double(negatives)).rounded())
    return copy
  }
}

extension Recipe {
  /// The networks that are trained, those of a second round included.
  var trainedNetworks: Int { ensemble.networks * (ensemble.refit ? 2 : 1) }

  /// The number of sequences that all networks read in all their epochs, where sides are drawn as by default;
  /// an upper end if training may stop early.
  public func sequencesRead(of examples: ExampleCounts, taskCount: Int) -> Int {
    rounds(of: examples).reduce(0) { sum, round in
      let count = sequencesPerEpoch(of: examples, round: round, taskCount: taskCount)
      guard count > 0 else { return sum }
      let steps = count.dividedRoundingUp(by: training.batchSize)
      return sum + ensemble.networks * training.epochs(ofSteps: steps) * count
    }
  }

  /// What a round learns from.
  private struct Round {
    /// The share of the training examples.
    var share = 1.0
    var hasValidation = false
  }

  /// The rounds of a training (`ModelTraining.calibrationParts`).
  private func rounds(of examples: ExampleCounts) -> [Round] {
    guard ensemble.refit else { return [Round()] }
    let isCrossFitted =
      examples.source != nil
      && examples.share(of: [.validation]).positives < ModelTraining.enoughPositives
    let fold = Round(share: 1 - 1 / Double(ModelTraining.folds), hasValidation: true)
    return [Round()] + (isCrossFitted ? [Round](repeating: fold, count: ModelTraining.folds) : [])
      + [Round(hasValidation: true)]
  }

  /// The number of sequences of an epoch, fresh shuffles included.
  private func sequencesPerEpoch(of examples: ExampleCounts, round: Round, taskCount: Int) -> Int {
    let selection = selection.forTasks(taskCount)
    var train = examples.share(of: [.train], times: round.share)
    var validation = examples.share(of: round.hasValidation ? [.validation] : [])
    if examples.source?.readsGenome == true {
      let ratio = max(1, selection.negatives.ratio(positives: train.positives, room: .max))
      train.negatives = Int((ratio * Double(train.positives)).rounded(.up))
      // Random windows are as many for validation as for training.
      validation.negatives =
        examples.source == .random
        ? Int((ratio * Double(validation.positives)).rounded(.up)) : validation.positives
    }
    let all = (
      positives: train.positives + validation.positives,
      negatives: train.negatives + validation.negatives
    )
    guard let source = examples.source else { return all.positives + all.negatives }
    let learned = selection.learned(
      positives: all.positives, negatives: all.negatives,
      strengthsAreKnown: examples.strengthsAreKnown)
    let shuffles = source == .dinucleotide ? training.shufflesPerPositive : 0
    return learned.positives * (1 + shuffles) + learned.negatives
  }
}

/// A training that is broken off.
private struct TrainingTrial: Sendable {
  let network: Network
  let configuration: TrainingConfiguration
  let objective: Objective
  let length: Int
  let makesShuffles: Bool
  let threads: Int
  let duration: Duration

  private struct TimeIsUp: Error {}

  private static let batchesPerEpoch = 32
  private static let mostBases = 1 << 24

  /// Trains for a while on random sequences.
  func sequencesPerSecond(seed: UInt64) throws -> Double {
    let trainer = trainer(seed: seed)
    var state = TrainingState(network: network, configuration: trainer.configuration)
    var watch = Stopwatch(duration: duration)
    do {
      while true {
        var done = 0
        try trainer.runEpoch(&state) { count in
          watch.add(count - done)
          done = count
          if watch.isDone { throw TimeIsUp() }
        }
      }
    } catch is TimeIsUp {
      return watch.rate
    }
  }

  private func trainer(seed: UInt64) -> Trainer {
    // Weights stay near if they are, and the last epoch far: steps take as long as in any training.
    var configuration = configuration
    (configuration.epochs, configuration.learningRate) = (1_000_000, 1e-6)
    let (tasks, read) = (network.taskCount, max(length, network.minimumLength))
    let alphabet = network.configuration.alphabet
    let count = min(Self.batchesPerEpoch * configuration.batchSize, max(1, Self.mostBases / read))
    let side = network.configuration.sideInputs?.means ?? []
    let examples = (0..<count).map { index in
      var random = RandomStream(seed: seed, .background, index)
      let label = Float(makesShuffles ? 1 : index % 2)
      var bases = EncodedSequence(
        codes: (0..<read).map { _ in UInt8(random.next(below: alphabet.count)) },
        alphabet: alphabet)
      bases.side = side
      return Example(
        name: "", bases: bases,
        labels: [Float](repeating: label, count: tasks))
    }
    let set = TrainingSet(
      examples, shufflesPerPositive: makesShuffles ? configuration.shufflesPerPositive : 0,
      seed: seed)
    return Trainer(
      configuration, objective: objective, training: set, validation: [examples[0]],
      picksEpoch: false, seed: seed, threads: threads)
  }

  /// Counts what is done from the end of the first step on, which makes things ready; if that takes all the
  /// time, with it.
  private struct Stopwatch {
    let duration: Duration
    private var start = ContinuousClock.now
    private var isReady = false
    private var count = 0
    private(set) var isDone = false
    private(set) var rate = 0.0

    init(duration: Duration) {
      self.duration = duration
    }

    mutating func add(_ sequences: Int) {
      let now = ContinuousClock.now
      count += sequences
      isDone = now - start >= duration
      if isDone {
        rate = Double(count) / max(1e-9, (now - start) / .seconds(1))
      } else if !isReady {
        (isReady, start, count) = (true, now, 0)
      }
    }
  }
}
