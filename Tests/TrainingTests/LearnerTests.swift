import Genomics
import Layers
import Networks
import Parallel
import Tensors
import TestSupport
import Testing
import Training

/// Numbers with a path, as many as there are names.
private struct Numbers: ParameterHolder, Sendable {
  var value: Tensor
  var statistic: Tensor?

  mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("value", .weight, &value)
    if var kept = statistic {
      try visit("kept", .statistic, &kept)
      statistic = kept
    }
  }
}

/// Two phases with different numbers of parameters: the first learns the mean of vectors, and keeps the mean of
/// the last batch; the second follows the sum of the first one's parameters.
private struct MeanAndSum: Learner {
  var mean = Numbers(value: Tensor(zeros: [3]), statistic: Tensor(zeros: [3]))
  var sum = Numbers(value: Tensor(zeros: [1]))
  /// Whether the second phase has a turn only in steps in which the first number of the last batch was above 0.
  var takesTurns = false

  var phaseCount: Int { 2 }

  subscript(phase: Int) -> Numbers {
    get { phase == 0 ? mean : sum }
    set { if phase == 0 { mean = newValue } else { sum = newValue } }
  }

  func phases(ofStep step: Int) -> [Int] {
    guard takesTurns, let kept = mean.statistic else { return [0, 1] }
    return kept.scalars[0] > 0 ? [1, 0] : [0]
  }

  func gradient(of shard: [[Float]], phase: Int, in pass: TrainingPass) -> ShardGradient {
    let count = Float(shard.count)
    guard phase == 0 else {
      let off = sum.value.scalars[0] - mean.value.scalars.reduce(0, +)
      return ShardGradient(
        loss: Double(count * off * off / 2),
        parameters: [Tensor(shape: [1], scalars: [count * off])],
        statistics: [])
    }
    var (loss, gradient, total) = (
      0.0, [Float](repeating: 0, count: 3), [Float](repeating: 0, count: 3)
    )
    for example in shard {
      for index in 0..<3 {
        let off = mean.value.scalars[index] - example[index]
        loss += Double(off * off / 2)
        gradient[index] += off
        total[index] += example[index] / count
      }
    }
    return ShardGradient(
      loss: loss, parameters: [Tensor(shape: [3], scalars: gradient)],
      statistics: [Tensor(shape: [3], scalars: total)])
  }

  mutating func settle(_ statistics: [Tensor], phase: Int) {
    if phase == 0 { mean.statistic = statistics[0] }
  }
}

private struct MeanPlan: LearningPlan {
  let seed: UInt64 = 3
  let team: ThreadTeam
  let epochs = 4
  let examples: [[Float]]
  var rates: [Float] = [0.01, 0.02]

  init(threads: Int, count: Int = 53) {
    team = ThreadTeam(threads: threads)
    var random = RandomStream(seed: 11, .experiments)
    examples = (0..<count).map { _ in (0..<3).map { _ in Float(random.normal()) } }
  }

  var examplesPerEpoch: Int { examples.count }

  /// Gradient descent, which a few lines repeat in Double; the second phase has momentum and another rate.
  func configuration(ofPhase phase: Int) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.batchSize = 10
    configuration.optimizer = .momentum
    (configuration.momentum, configuration.l2) = (phase == 0 ? 0 : 0.5, 0)
    (configuration.learningRate, configuration.schedule) = (rates[phase], .constant)
    configuration.warmup = 0
    return configuration
  }

  func shardSize(of learner: MeanAndSum) -> Int { 3 }
  func order(epoch: Int) -> [Int] { examples.indices.map { ($0 + 7 * epoch) % examples.count } }
  func shard(_ numbers: ArraySlice<Int>, epoch: Int, batch: Int) -> [[Float]] {
    numbers.map { examples[$0] }
  }

  func record(of epoch: EpochOutcome, learner: MeanAndSum) -> EpochRecord {
    EpochRecord(
      epoch: epoch.epoch, learningRate: epoch.learningRate, trainingLoss: epoch.losses[0] ?? 0,
      validationLoss: 0, figures: ["second_loss": epoch.losses[1] ?? -1])
  }

  func trained(_ learner: MeanAndSum = MeanAndSum()) throws -> LearningState<MeanAndSum> {
    var state = LearningState(learner, configuration: configuration)
    while !isFinished(state) { try runEpoch(&state) { _ in } }
    return state
  }
}

@Suite struct LearnerTests {
  /// Gradient descent by its definition, in Double: one phase after the other, the second with momentum.
  @Test func eachPhaseFollowsItsOwnGradient() throws {
    let plan = MeanPlan(threads: 2)
    var (mean, sum, velocity, last) = ([0.0, 0, 0], 0.0, 0.0, [0.0, 0, 0])
    for epoch in 0..<4 {
      let order = plan.order(epoch: epoch)
      for first in stride(from: 0, to: order.count, by: 10) {
        let batch = order[first..<min(first + 10, order.count)].map { plan.examples[$0] }
        for index in 0..<3 {
          let total = batch.reduce(0.0) { $0 + Double($1[index]) }
          mean[index] -= 0.01 * (Double(batch.count) * mean[index] - total)
          last[index] = total / Double(batch.count)
        }
        let slope = Double(batch.count) * (sum - mean.reduce(0, +))
        velocity = 0.5 * velocity - 0.02 * slope
        sum += velocity
      }
    }
    let state = try plan.trained()
    for index in 0..<3 {
      #expect(abs(Double(state.learner.mean.value.scalars[index]) - mean[index]) < 1e-5)
      #expect(abs(Double(state.learner.mean.statistic?.scalars[index] ?? 9) - last[index]) < 1e-5)
    }
    #expect(abs(Double(state.learner.sum.value.scalars[0]) - sum) < 1e-5)
    #expect(state.phases.map(\.optimizer.step) == [24, 24])
  }

  @Test(arguments: [false, true]) func sameBytesForAnyNumberOfThreads(takesTurns: Bool) throws {
    let checkpoints = try (1...3).map {
      try MeanPlan(threads: $0).trained(MeanAndSum(takesTurns: takesTurns)).checkpoint(run: "r")
    }
    #expect(checkpoints[0] == checkpoints[1] && checkpoints[0] == checkpoints[2])
  }

  /// Members of groups take turns together: the phases of a step follow from what all have summed.
  @Test func groupsTakeTurnsAlike() throws {
    let plan = MeanPlan(threads: 1)
    let begin = Replica(
      plan, epoch: 0,
      from: LearningState(MeanAndSum(takesTurns: true), configuration: plan.configuration))
    let learned = (1...3).map { threads in
      let group = begin.group(of: threads)
      return onThreads(threads) { thread in
        var replica = begin
        replica.leastWait = .seconds(60)
        try? replica.takeSteps(as: ThreadCollective.Member(thread, of: group)) { _ in }
        return [replica.learner.mean.value, replica.learner.sum.value]
      }
    }
    #expect(Set(learned.joined().map { $0.map(\.scalars) }).count == 1)
    let turns = try plan.trained(MeanAndSum(takesTurns: true)).phases.map(\.optimizer.step)
    #expect(turns[0] == 24 && (1..<24).contains(turns[1]))
  }

  @Test(arguments: [false, true]) func goesOnAsIfNothingHadHappened(takesTurns: Bool) throws {
    let plan = MeanPlan(threads: 2)
    let start = MeanAndSum(takesTurns: takesTurns)
    let whole = try plan.trained(start)
    var state = LearningState(start, configuration: plan.configuration)
    for _ in 0..<2 { try plan.runEpoch(&state) { _ in } }
    var resumed = LearningState(start, configuration: plan.configuration)
    try resumed.restore(state.checkpoint(run: "r"), file: "c", run: "r")
    while !plan.isFinished(resumed) { try plan.runEpoch(&resumed) { _ in } }
    #expect(try resumed.checkpoint(run: "r") == whole.checkpoint(run: "r"))
    #expect(resumed.history == whole.history && whole.history[3].figures?.count == 1)
  }

  /// Each phase's loss is looked at.
  @Test(arguments: [0, 1]) func saysThatTheLossIsNoNumber(phase: Int) {
    var plan = MeanPlan(threads: 1)
    plan.rates[phase] = 1e38
    let error = #expect(throws: TrainingError.self) { try plan.trained() }
    #expect(error?.description.hasSuffix("; lower learningRate") == true)
  }
}
