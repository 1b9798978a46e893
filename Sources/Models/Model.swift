public import Datasets
public import Genomics
internal import Layers
public import Networks

/// What predicts, with what its users must know: the contents of a model file.
public struct Model: Sendable {
  public let ensemble: Ensemble
  public let objective: Objective
  /// The name of each output.
  public let tasks: [String]
  /// The length of the windows that it was trained on, in bases.
  public let windowLength: Int
  /// The lengths of the sequences that it was trained on, which it reads whole.
  public let lengths: ClosedRange<Int>
  /// Where it comes from: program version, seed, inputs.
  public let provenance: Provenance
  /// For each task the distribution of its output on background sequence; empty if unknown.
  public let background: [ScoreDistribution]
  /// The tasks that it told apart no better than chance on held-out examples.
  public var atChance: [ChanceResult] = []
  /// For each task how likely a site lies in a peak; empty if the model wasn't measured on a genome.
  public var peakOdds: [PeakOdds] = []
  /// For each task the share of positives that its probabilities hold for: that of the examples which calibrated them.
  public var priors: [Double]
  /// What the positives were told from; `nil` if there were no classes, and of models of earlier versions.
  public var negatives: NegativeMix?
  /// What training found in its contributions, by task; within a task the one that matters most first.
  public var motifs: [LearnedMotif] = []
  /// The version of the format of its file; unless it was read from one, that which is written.
  public internal(set) var fileFormat: String
  /// The SHA-256 digest of the file that it was read from, in hexadecimal; `nil` if it was made otherwise.
  public internal(set) var fileDigest: String?

  /// - Parameter lengths: The lengths of the training sequences; that of the windows unless given.
  /// - Precondition: One task an output; one background a task, or none; `lengths` hold `windowLength`.
  public init(
    ensemble: Ensemble, objective: Objective, tasks: [String], windowLength: Int,
    lengths: ClosedRange<Int>? = nil, provenance: Provenance, background: [ScoreDistribution]
  ) {
    precondition(tasks.count == ensemble.taskCount, "\(tasks.count) tasks")
    precondition(background.isEmpty || background.count == tasks.count)
    let configuration = ensemble.configuration
    precondition(
      windowLength == configuration.windows?.length ?? configuration.length ?? windowLength,
      "windows of \(windowLength)")
    precondition(lengths?.contains(windowLength) ?? true, "windows of \(windowLength)")
    self.ensemble = ensemble
    self.objective = objective
    self.tasks = tasks
    self.windowLength = windowLength
    self.lengths = lengths ?? windowLength...windowLength
    self.provenance = provenance
    self.background = background
    priors = tasks.map { _ in Self.unknownPrior }
    fileFormat = ensemble.networksAreAlike ? Self.secondFormat : Self.format
  }

  /// That of the sequences that it reads.
  public var alphabet: Alphabet { ensemble.configuration.alphabet }

  /// What it reads beside each sequence, in its order; mostly nothing.
  public var sideNames: [String] { ensemble.configuration.sideInputs?.names ?? [] }

  /// Whether a sequence of so many bases is read as one; a longer one is read by windows.
  public func readsWhole(length: Int) -> Bool {
    ensemble.configuration.windows != nil || length <= lengths.upperBound
  }

  /// The prior of models that don't say theirs: the presets calibrate with as many positives as negatives.
  public static let unknownPrior = 0.5

  /// The model with other background distributions: one per task, or none.
  public func with(background: [ScoreDistribution]) -> Model {
    var model = Model(
      ensemble: ensemble, objective: objective, tasks: tasks, windowLength: windowLength,
      lengths: lengths, provenance: provenance, background: background)
    (model.atChance, model.peakOdds, model.priors) = (atChance, peakOdds, priors)
    (model.motifs, model.negatives, model.fileDigest) = (motifs, negatives, fileDigest)
    return model
  }

  /// The model that reads longer sequences by other windows; `nil` if it reads sequences whole.
  /// It has no background distributions.
  public func reading(windows: WindowRule) -> Model? {
    guard ensemble.configuration.windows != nil else { return nil }
    var model = Model(
      ensemble: ensemble.reading(windows: windows), objective: objective, tasks: tasks,
      windowLength: windows.length, provenance: provenance, background: [])
    (model.priors, model.motifs) = (priors, motifs)
    (model.negatives, model.fileDigest) = (negatives, fileDigest)
    return model
  }
}

/// A task of which a model told held-out positives and negatives apart no better than chance.
public struct ChanceResult: Codable, Equatable, Sendable {
  public let task: String
  public let auroc: Double
  /// The middle 95% of bootstrap resamples, the lower end at 0.5 or below.
  public let interval: [Double]

  public init(task: String, auroc: Double, interval: [Double]) {
    (self.task, self.auroc, self.interval) = (task, auroc, interval)
  }

  var isSound: Bool {
    interval.count == 2 && ([auroc] + interval).allSatisfy(\.isFinite)
  }
}

/// How a model came to be.
public struct Provenance: Codable, Equatable, Sendable {
  public let version: String
  public let seed: UInt64
  public let inputs: [InputDigest]

  public init(version: String, seed: UInt64, inputs: [InputDigest]) {
    self.version = version
    self.seed = seed
    self.inputs = inputs
  }
}

extension Provenance {
  /// The inputs that the model learned from, and those of the model that it started from; not those that only measured.
  public var learnedInputs: [InputDigest] { inputs.filter { $0.use != InputDigest.test } }
}

/// An input file, told by its contents.
public struct InputDigest: Codable, Equatable, Sendable {
  /// The file's name, without its folder.
  public let name: String
  /// In hexadecimal.
  public let sha256: String
  /// What it served for: `test` for examples that nothing was learned from; `nil` for anything else.
  public let use: String?

  /// The use of a file that only measured the result.
  public static let test = "test"
  /// The use of a model whose weights training started from.
  public static let start = "start"

  public init(name: String, sha256: String, use: String? = nil) {
    self.name = name
    self.sha256 = sha256
    self.use = use
  }
}
