import Datasets
import Evaluation
import Foundation
import Genomics
import Layers
import Models
import Networks
import Parallel
import Tensors
import TestSupport
import Testing
import Training

@Suite struct TrainerTests {
  /// A configuration that learns a motif from a few hundred sequences.
  static func configuration(epochs: Int = 12) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.epochs = epochs
    configuration.batchSize = 32
    configuration.shardSize = 8
    configuration.learningRate = 0.03
    configuration.l2 = 0.001
    return configuration
  }

  static func network(tasks: Int = 1, seed: UInt64 = 1) throws -> Network {
    try Network(
      .deepBind(filters: 8, width: 10, hidden: 8, dropout: 0.1), taskCount: tasks, seed: seed)
  }

  static func trainer(
    _ configuration: TrainingConfiguration, objective: Objective = .binary,
    _ training: [Example], _ validation: [Example], shufflesPerPositive: Int = 0, threads: Int = 2
  ) -> Trainer {
    Trainer(
      configuration, objective: objective,
      training: TrainingSet(training, shufflesPerPositive: shufflesPerPositive, seed: 5),
      validation: validation, seed: 5, threads: threads)
  }

  private func trained(_ trainer: Trainer, tasks: Int = 1) throws -> TrainingState {
    var state = TrainingState(
      network: try Self.network(tasks: tasks), configuration: trainer.configuration)
    while !trainer.isFinished(state) { try trainer.runEpoch(&state) { _ in } }
    return state
  }

  private func areas(_ network: Network, _ examples: [Example]) -> [Double?] {
    let outputs = network.outputs(examples.map(\.bases), threads: 2).scalars
    return (0..<network.taskCount).map { task in
      auroc(
        scores: examples.indices.map { outputs[$0 * network.taskCount + task] },
        isPositive: examples.map { $0.labels[task] == 1 })
    }
  }

  @Test(arguments: [0, 1, 3]) func learnsAPlantedMotif(shufflesPerPositive: Int) throws {
    var training = planted(count: 600, seed: 1)
    if shufflesPerPositive > 0 { training = training.filter(\.isPositive) }
    let trainer = Self.trainer(
      Self.configuration(), training, planted(count: 200, seed: 2),
      shufflesPerPositive: shufflesPerPositive)
    let state = try trained(trainer)
    let area = try #require(areas(state.bestNetwork, planted(count: 400, seed: 3))[0])
    #expect(area > 0.95)
    #expect(state.history.count == 12 && state.history.map(\.epoch) == Array(1...12))
    #expect(trainer.training.countPerEpoch == (1 + shufflesPerPositive) * training.count)
  }

  /// 100 examples in batches of 32 make four steps: 30 steps take eight epochs.
  @Test(arguments: [(0, 3), (12, 3), (30, 8)])
  func fewExamplesGetMoreEpochs(leastSteps: Int, epochs: Int) {
    var configuration = Self.configuration(epochs: 3)
    configuration.leastSteps = leastSteps
    let examples = planted(count: 100, seed: 1)
    #expect(Self.trainer(configuration, examples, examples).epochs == epochs)
  }

  @Test func sameBytesForAnyNumberOfThreads() throws {
    let checkpoints = try (1...3).map { threads in
      try trained(
        Self.trainer(
          Self.configuration(epochs: 2), planted(count: 101, seed: 1), planted(count: 30, seed: 2),
          shufflesPerPositive: 2, threads: threads)
      ).checkpoint(run: "r")
    }
    #expect(checkpoints[0] == checkpoints[1] && checkpoints[0] == checkpoints[2])
  }

  /// Two motifs, a task each; what was measured of one is unknown for the other half of the time.
  @Test func learnsTasksOfWhichPartWasMeasured() throws {
    let motifs = ["TGACTCAG", "CCGGAAGT"]
    var training = planted(motifs, count: 1000, seed: 1)
    for index in training.indices {
      if index % 3 < 2 { training[index].labels[index % 3] = .nan }
    }
    let validation = training[800...]
    let state = try trained(
      Self.trainer(Self.configuration(), Array(training[..<800]), Array(validation)), tasks: 2)
    for area in areas(state.bestNetwork, planted(motifs, count: 400, seed: 3)) {
      #expect(try #require(area) > 0.95)
    }
  }

  /// The numbers 3 and -2 for sequences with and without the motif.
  @Test func learnsNumbers() throws {
    func numbers(_ count: Int, seed: UInt64) -> [Example] {
      planted(count: count, seed: seed).map { example in
        var example = example
        example.labels = example.labels.map { $0 == 1 ? 3 : -2 }
        return example
      }
    }
    let state = try trained(
      Self.trainer(
        Self.configuration(), objective: .number, numbers(600, seed: 1), numbers(200, seed: 2)))
    let test = numbers(300, seed: 3)
    let metrics = Metrics(
      predictions: state.bestNetwork.outputs(test.map(\.bases), threads: 2), examples: test,
      tasks: ["n"], objective: .number, data: "test", seed: 1, threads: 1)
    #expect(try #require(metrics.tasks[0].regression?.pearson) > 0.9)
    #expect(state.history.allSatisfy { $0.validationAUROC == nil })
  }

  @Test(arguments: OptimizerKind.allCases) func saysThatTheLossIsNoNumber(kind: OptimizerKind) {
    var configuration = Self.configuration()
    configuration.optimizer = kind
    configuration.learningRate = 1e38
    let error = #expect(throws: TrainingError.self) {
      try trained(
        Self.trainer(configuration, planted(count: 100, seed: 1), planted(count: 20, seed: 2)))
    }
    #expect(error?.description.contains("in epoch 1") == true)
    #expect(error?.description.hasSuffix("; lower learningRate") == true)
  }

  /// The validation labels are the training labels turned round, so every epoch makes it worse.
  @Test func stopsWhenNothingGetsBetter() throws {
    var configuration = Self.configuration(epochs: 50)
    configuration.patience = 3
    let training = planted(count: 200, seed: 1)
    let validation = training.map { example in
      var example = example
      example.labels = example.labels.map { 1 - $0 }
      return example
    }
    let state = try trained(Self.trainer(configuration, training, validation))
    #expect(state.history.count < 50 && state.history.count == state.bestEpoch + 3)
    let loss = Objective.binary.loss(
      state.bestNetwork.outputs(validation.map(\.bases), threads: 1),
      labels: validation.flatMap(\.labels), weights: validation.map(\.weight),
      scale: 1 / Float(validation.count)
    ).loss
    #expect(loss == state.history.map(\.validationLoss).min())
    #expect(state.bestNetwork.parameters != state.network.parameters)
  }

  /// One step an epoch: 2 of 20 to rise, then half a cosine.
  @Test func ratesRiseAndFall() throws {
    var configuration = Self.configuration(epochs: 20)
    configuration.batchSize = 64
    configuration.patience = 20
    let state = try trained(
      Self.trainer(configuration, planted(count: 20, seed: 1), planted(count: 5, seed: 2)))
    #expect(state.history.count == 20)
    for (step, record) in state.history.enumerated() {
      let factor =
        step < 2 ? Double(step + 1) / 2 : (1 + cos(Double.pi * Double(step - 2) / 18)) / 2
      #expect(abs(Double(record.learningRate) - 0.03 * factor) < 1e-8)
    }
  }

  /// A fifth of 20 steps to rise; all of them; none, where the first step has the whole rate.
  @Test(arguments: [(Float(0.2), 4), (1, 20), (0, 1)])
  func ratesRiseForTheirShare(warmup: Float, steps: Int) {
    var configuration = Self.configuration()
    configuration.warmup = warmup
    let rates = (0..<20).map { configuration.learningRate(step: $0, of: 20) }
    for (step, rate) in rates.prefix(steps).enumerated() {
      #expect(abs(rate - 0.03 * Float(step + 1) / Float(steps)) < 1e-8)
    }
    #expect(zip(rates[steps...], rates.dropFirst(steps + 1)).allSatisfy { $0 > $1 })
  }

  /// Threads that others hold up are left behind, and what is learned stays the same.
  @Test func learnsTheSameBesideOtherPrograms() throws {
    let examples = planted(count: 600, seed: 1)
    func trained(threads: Int) throws -> TrainingState {
      try self.trained(
        Self.trainer(
          Self.configuration(epochs: 4), examples, planted(count: 50, seed: 2), threads: threads))
    }
    let alone = try trained(threads: 1)
    let others = (0..<availableProcessorCount).map { _ in
      let thread = Thread { while !Thread.current.isCancelled {} }
      thread.start()
      return thread
    }
    defer { for thread in others { thread.cancel() } }
    let crowded = try trained(threads: 3)
    #expect(crowded.network.parameters == alone.network.parameters)
    #expect(crowded.history == alone.history)
  }

  /// An epoch of three steps, the last of one example.
  private func epoch() throws -> Replica<Trainer> {
    let trainer = Self.trainer(
      Self.configuration(), planted(count: 65, seed: 1), planted(count: 5, seed: 2))
    return Replica(
      trainer, epoch: 0,
      from: TrainingState(network: try Self.network(), configuration: trainer.configuration))
  }

  /// What each member of a group learns.
  private func parameters(_ begin: Replica<Trainer>, learnedBy threads: Int) -> [[Tensor]] {
    let group = begin.group(of: threads)
    return onThreads(threads) { thread in
      var replica = begin
      replica.leastWait = .seconds(60)
      try? replica.takeSteps(as: ThreadCollective.Member(thread, of: group)) { _ in }
      return replica.network.parameters
    }
  }

  /// The last batch has fewer shards than there are members.
  @Test func groupsOfAnySizeLearnTheSame() throws {
    let begin = try epoch()
    let expected = parameters(begin, learnedBy: 1)[0]
    #expect(expected != begin.network.parameters)
    for threads in 2...4 {
      #expect(
        parameters(begin, learnedBy: threads) == Array(repeating: expected, count: threads))
    }
  }

  /// A thread that begins and never arrives: the leader gives up, and takes all steps alone.
  @Test func goesOnWithoutALateThread() throws {
    let begin = try epoch()
    let (group, single) = (begin.group(of: 2), begin.group(of: 1))
    let found = onThreads(2) { thread -> (steps: [Int], parameters: [Tensor])? in
      var member = ThreadCollective.Member(thread, of: group)
      member.barrier()
      guard thread == 0 else { return nil }
      var replica = begin
      try? replica.takeSteps(as: member) { _ in }
      let together = replica.step
      try? replica.takeSteps(as: ThreadCollective.Member(0, of: single)) { _ in }
      return ([together, replica.step], replica.network.parameters)
    }
    #expect(found[0]?.steps == [0, 3])
    #expect(found[0]?.parameters == parameters(begin, learnedBy: 1)[0])
  }

  /// Whoever watches may stop an epoch; then it hasn't begun.
  @Test(arguments: [1, 2], [32, 96]) func stopsWhereProgressThrows(threads: Int, last: Int) throws {
    struct Stop: Error {}
    let trainer = Self.trainer(
      Self.configuration(), planted(count: 200, seed: 1), planted(count: 5, seed: 2),
      threads: threads)
    var state = TrainingState(network: try Self.network(), configuration: trainer.configuration)
    try trainer.runEpoch(&state) { _ in }
    let before = state
    #expect(throws: Stop.self) {
      try trainer.runEpoch(&state) { done in if done == last { throw Stop() } }
    }
    #expect(state.network.parameters == before.network.parameters)
    #expect(state.optimizer.memory == before.optimizer.memory)
    #expect(state.history == before.history)
    try trainer.runEpoch(&state) { _ in }
    #expect(state.history.count == 2)
  }

  @Test func reportsProgress() throws {
    let trainer = Self.trainer(
      Self.configuration(), planted(count: 70, seed: 1), planted(count: 5, seed: 2))
    var state = TrainingState(network: try Self.network(), configuration: trainer.configuration)
    var done: [Int] = []
    try trainer.runEpoch(&state) { done.append($0) }
    #expect(done == [32, 64, 70])
  }
}
