public import Datasets
internal import Genomics
internal import GenomicsIO
internal import Layers
public import Models
internal import Motifs
public import Networks
internal import Parallel

/// The training of a whole model by a recipe: its members, their joining and calibration.
public struct ModelTraining: Sendable {
  public var recipe: Recipe
  public let objective: Objective
  public let tasks: [String]
  /// Of numbers with standardized labels: how well they are learned doesn't depend on their unit.
  let prepared: PreparedDataset
  /// What turns standardized labels back; none of classes.
  private let labelScales: [LabelScale]
  /// What tells strong positives from weak ones.
  public let strength: StrengthSource
  public let seed: UInt64
  public let threads: Int
  /// What the networks start from; `nil` if their weights are drawn.
  public var start: TrainingStart?

  /// - Parameters:
  ///   - recipe: It is fitted to the number of positives (`Recipe.fitted(toPositives:)`).
  ///   - objective: What the labels of `prepared` are learned by.
  ///   - tasks: The name of each label.
  ///   - seed: The same seed gives the same model, with any number of threads.
  public init(
    recipe: Recipe, objective: Objective, tasks: [String], prepared: PreparedDataset,
    strength: StrengthChoice = .auto, seed: UInt64, threads: Int
  ) {
    let positives = (prepared.train + prepared.validation).count(where: \.isPositive)
    self.recipe =
      objective.hasClasses ? recipe.fitted(toPositives: positives / tasks.count) : recipe
    self.objective = objective
    self.tasks = tasks
    labelScales =
      objective.standardizesLabels ? prepared.labelScales(taskCount: tasks.count) : []
    self.prepared =
      objective.standardizesLabels ? prepared.standardized(by: labelScales) : prepared
    let selects = recipe.selection != PeakSelection() && objective.hasNegatives
    self.strength = StrengthSource(
      selects ? strength : .none, of: prepared.train.filter(\.isPositive), taskCount: tasks.count,
      seed: seed, threads: threads)
    self.seed = seed
    self.threads = threads
  }

  /// What a training came to.
  public struct Result: Sendable {
    public let ensemble: Ensemble
    /// Each network's epochs.
    public let histories: [[EpochRecord]]
    /// The validation loss of a network that learned how frequent the classes are, and nothing else; `nil` if there are none.
    public let chanceLoss: Double?
    /// Whether a k-mer table was trained and has no part in the model, as it improved nothing on the validation examples.
    public let leavesKmersOut: Bool
    /// For each task the share of positives that its probabilities hold for.
    public let priors: [Double]
  }

  /// Where checkpoints are kept, and whether the run goes on from them.
  public struct Checkpoints: Sendable {
    let directory: String
    let run: String
    let isResumed: Bool
    let shorter: TrainedStates?

    /// - Parameters:
    ///   - run: What the run depends on, so that another run's checkpoints are told apart.
    ///   - isResumed: Whether to go on from checkpoints, if there are some.
    ///   - shorter: Where the same training ended that had fewer epochs, to go on from.
    public init(directory: String, run: String, isResumed: Bool, shorter: TrainedStates? = nil) {
      (self.directory, self.run, self.isResumed) = (directory, run, isResumed)
      self.shorter = shorter
    }

    /// The names of a recipe's checkpoint files.
    public static func names(of ensemble: EnsembleConfiguration) -> [String] {
      (0..<mostRounds).flatMap { round in (0..<ensemble.networks).map { name($0, round: round) } }
    }

    fileprivate static func name(_ member: Int, round: Int) -> String {
      "checkpoint\(round + 1).\(member + 1).safetensors"
    }
  }

  /// What a caller may want to hear of a training.
  public struct Observer: Sendable {
    /// Called with a network's number, its round and the epochs that are done, if it goes on at a checkpoint.
    public var resumed: @Sendable (_ member: Int, _ round: Int, _ epochs: Int) -> Void = {
      _, _, _ in
    }
    /// Called by any thread with a network's number and its round, if it died and begins again.
    public var restarted: @Sendable (_ member: Int, _ round: Int) -> Void = { _, _ in }
    /// Called before training, with the number of sequences that all networks read.
    public var began: @Sendable (_ sequences: Int) -> Void = { _ in }
    /// Called by any thread with the sequences that were read since the call before.
    public var progress: @Sendable (_ sequences: Int) -> Void = { _ in }
    /// Called by any thread with a network's number, its round and an epoch that has ended.
    public var ended: @Sendable (_ member: Int, _ round: Int, EpochRecord) -> Void = { _, _, _ in }
    /// Called by any thread with a network's number, its round and all epochs up to a checkpoint that is kept.
    public var kept: @Sendable (_ member: Int, _ round: Int, [EpochRecord]) throws -> Void = {
      _, _, _ in
    }

    public init() {}
  }

  /// What was trained.
  private enum Member: Sendable {
    case network(Network, [EpochRecord])
    case kmers(KmerTable?)

    var network: (network: Network, history: [EpochRecord])? {
      if case .network(let network, let history) = self { (network, history) } else { nil }
    }

    var table: KmerTable? {
      if case .kmers(let table) = self { table } else { nil }
    }
  }

  /// Trains the members, joins them by the validation examples (`calibrationParts`), and trains them once more with those:
  /// the epochs, weights and calibration are settled by then, and a tenth more to learn from is worth more
  /// than a validation loss. So that the weights fit, both times all epochs are run and none is picked.
  ///
  /// The members of both rounds learn side by side: a thread does more with a network of its own than
  /// with a part of each step.
  ///
  /// - Throws: `ConfigurationError`, `TrainingError`, what reading and writing checkpoints throws.
  public func run(checkpoints: Checkpoints? = nil, observer: Observer = Observer()) throws -> Result
  {
    let parts = calibrationParts
    let rounds =
      parts.map { selected($0.learned) } + (recipe.ensemble.refit ? [selected(everything)] : [])
    let jobs = try rounds.indices.flatMap { round in
      let shares = try shares(of: rounds[round])
      let start = start ?? knownMotifs(telling: rounds[round])
      return try shares.indices.map { member in
        try job(
          member, round: round, learning: shares[member], from: start, amongRounds: rounds.count,
          checkpoints)
      }
    }
    // All before any is written: a folder of another run stays as it is.
    let begun = try jobs.map { job in
      let state = try job.learning.begun { observer.resumed(job.member, job.round, $0) }
      if !state.history.isEmpty { try observer.kept(job.member, job.round, state.history) }
      return state
    }
    observer.began(
      jobs.reduce(0) { sum, job in
        let trainer = job.learning.plan()
        return sum + trainer.epochs * trainer.training.countPerEpoch
      })
    let members = concurrentMap(jobs.count + rounds.count, threads: threads) { index in
      Swift.Result {
        guard index < jobs.count else { return Member.kmers(kmerTable(rounds[index - jobs.count])) }
        return try trained(jobs[index], from: begun[index], amongRounds: rounds.count, observer)
      }
    }
    return joined(
      try members.map { try $0.get() }, by: parts, chanceLoss: jobs[0].learning.plan().chanceLoss)
  }

  /// Trains a network. If all its units die on the way, so that it gives all sequences one output, it begins again with
  /// other weights and half the learning rate, twice at most.
  private func trained(
    _ job: NetworkJob, from begun: TrainingState, amongRounds rounds: Int, _ observer: Observer
  ) throws -> Member {
    let (member, round) = (job.member, job.round)
    var (learner, history) = try job.learning.trained(
      from: begun, progress: observer.progress, ended: { observer.ended(member, round, $0) },
      kept: { try observer.kept(member, round, $0) })
    for attempt in 1...Self.mostRestarts
    where learner.network.isDead(for: job.examples) {
      observer.restarted(member, round)
      // Without checkpoints: a run that goes on finds the dead network's, and begins again from there.
      let again = try self.job(
        member, round: round, learning: job.examples, from: job.start, amongRounds: rounds, nil,
        attempt: attempt)
      (learner, history) = try again.learning.trained(
        from: again.learning.begun(), progress: { _ in },
        ended: { observer.ended(member, round, $0) })
    }
    return .network(learner.network, history)
  }

  private static let mostRestarts = 2

  private func job(
    _ member: Int, round: Int, learning examples: [Example], from start: TrainingStart?,
    amongRounds rounds: Int, _ checkpoints: Checkpoints?, attempt: Int = 0
  ) throws -> NetworkJob {
    let seed = recipe.ensemble.seed(ofNetwork: member, seed: seed) &+ UInt64(attempt) << 48
    let network = try startingNetwork(member, learning: examples, from: start, seed: seed)
    let training = recipe.training.slowed(by: Float(1 << attempt))
    let threads = max(1, threads / (recipe.ensemble.networks * rounds))
    let checkpoint = checkpoints.map {
      CheckpointFile(
        path: "\($0.directory)/\(Checkpoints.name(member, round: round))",
        run: $0.run + ($0.shorter.map { ", after \($0.epochs) epochs" } ?? ""),
        isResumed: $0.isResumed, shorter: $0.shorter)
    }
    let learning = LearningJob(
      from: TrainingState(network: network, configuration: training), checkpoint: checkpoint
    ) {
      trainer(of: network, by: training, learning: examples, seed: seed, threads: threads)
    }
    return NetworkJob(
      member: member, round: round, examples: examples, start: start, learning: learning)
  }

  /// The training of one network; its number and round count from 0.
  private struct NetworkJob: Sendable {
    let member: Int
    let round: Int
    let examples: [Example]
    let start: TrainingStart?
    let learning: LearningJob<Trainer>
  }

  /// What of a round's examples each network learns from.
  ///
  /// - Throws: `SplitError` if there are too few for folds.
  package func shares(of examples: [Example]) throws -> [[Example]] {
    let count = recipe.ensemble.networks
    guard recipe.ensemble.folds == true else {
      return [[Example]](repeating: examples, count: count)
    }
    return try Datasets.folds(
      of: examples, count: count, areClasses: objective.hasClasses, seed: seed
    )
    .map { leftOut in
      let leftOut = Set(leftOut)
      return examples.indices.filter { !leftOut.contains($0) }.map { examples[$0] }
    }
  }

  /// Joins the members of the last round as those of the others are best joined.
  private func joined(
    _ members: [Member], by parts: [CalibrationPart], chanceLoss: Double?
  ) -> Result {
    let (networks, tables) = (members.compactMap(\.network), members.compactMap(\.table))
    let count = recipe.ensemble.networks
    let held = parts.enumerated().map { index, part in
      HeldOutputs(
        of: networks[index * count..<(index + 1) * count].map(\.network),
        kmers: tables.isEmpty ? nil : tables[index], examples: part.held, threads: threads)
    }
    let last = networks.suffix(count)
    let ensemble = Ensemble(
      joining: last.map(\.network), kmers: tables.last, by: held, objective: objective,
      settlesKmers: recipe.ensemble.settlesKmers, labelScales: labelScales)
    let calibration = parts.flatMap(\.held)
    return Result(
      ensemble: ensemble, histories: networks.prefix(count).map(\.history),
      chanceLoss: chanceLoss, leavesKmersOut: tables.last != nil && ensemble.kmers == nil,
      priors: tasks.indices.map { calibration.positiveShare(task: $0) ?? Model.unknownPrior })
  }

  /// A network as training starts.
  private func startingNetwork(
    _ member: Int, learning examples: [Example], from start: TrainingStart?, seed: UInt64
  ) throws -> Network {
    var network = try Network(
      recipe.networks[member], objective: objective, learning: examples, taskCount: tasks.count,
      seed: seed)
    try start?.apply(to: &network, member: member)
    try recipe.training.checkRates(of: network)
    return network
  }

  /// The motifs that filters start from, if the recipe takes some and there are classes to choose them by: no more than the
  /// first convolution has filters.
  private func knownMotifs(telling examples: [Example]) -> TrainingStart? {
    let count = min(
      recipe.ensemble.knownMotifs, recipe.network.firstConvolution?.filters ?? 0)
    guard count > 0, objective.hasNegatives else { return nil }
    let known = KnownMotifs(
      MotifDatabase.builtIn.motifs, in: examples, taskCount: tasks.count, seed: seed,
      threads: threads)
    return .filters(
      known.telling(most: count).map { $0.probabilities.columns.map { SIMD4<Float>($0) } })
  }

  /// How many positives are learned from, and how.
  public var selection: PeakSelection { recipe.selection.forTasks(tasks.count) }

  /// What of some examples is learned from.
  func selected(_ examples: [Example]) -> [Example] {
    objective.hasNegatives
      ? selection.applied(to: examples, strengths: strength.strengths(of: examples)) : examples
  }

  private static let mostTasksOfKmers = 32

  /// A k-mer model, if the recipe has one.
  func kmerTable(_ examples: [Example]) -> KmerTable? {
    guard recipe.ensemble.gappedKmers, recipe.network.alphabet == .dna, objective != .count,
      objective != .ordinal,
      tasks.count <= Self.mostTasksOfKmers
    else { return nil }
    let configuration =
      objective.hasClasses
      ? kmersOfClasses(withPositives: examples.count(where: \.isPositive) / tasks.count)
      : .numbers
    return GappedKmerTrainer(configuration, areClasses: objective.hasClasses, seed: seed).train(
      examples, threads: max(1, threads / 2))
  }

  /// - Parameter positives: Their number per task.
  package func kmersOfClasses(withPositives positives: Int) -> GappedKmerConfiguration {
    if prepared.makesFreshNegatives { return GappedKmerConfiguration() }
    let areGiven = objective.hasNegatives && prepared.negatives.sole == .given
    return areGiven && positives >= Self.manyPositives ? .manyAgainstGiven : .withoutShuffles
  }

  /// From so many positives of a task on longer k-mers tell them better from negatives of their own.
  private static let manyPositives = 2000

  private func trainer(
    of network: Network, by training: TrainingConfiguration, learning examples: [Example],
    seed: UInt64, threads: Int
  ) -> Trainer {
    let set = TrainingSet(
      examples.withMeanWeightOne.map { $0.padded(to: network.minimumLength) },
      shufflesPerPositive: prepared.makesFreshNegatives ? training.shufflesPerPositive : 0,
      seed: seed)
    return Trainer(
      training, objective: objective, training: set, validation: prepared.validation,
      picksEpoch: !recipe.ensemble.refit, seed: seed, threads: threads)
  }
}

extension TrainingConfiguration {
  /// The same with a smaller learning rate.
  fileprivate func slowed(by factor: Float) -> TrainingConfiguration {
    var copy = self
    copy.learningRate /= factor
    return copy
  }
}
