internal import Genomics
internal import Layers
package import Networks
package import Parallel
internal import Tensors

/// One thread's part in an epoch: a learner and its optimizers, which take the same steps as every other
/// thread's.
///
/// All that a thread learns of another is its shards' gradients: a phase of a step needs one exchange, and no
/// processor fetches the weights that another has changed.
package struct Replica<Plan: LearningPlan>: Sendable {
  private let plan: Plan
  /// Counted from 0.
  private let epoch: Int
  private let order: [Int]
  private let batchSize: Int
  private let shardSize: Int
  private let stepsPerEpoch: Int
  /// The number of steps of all epochs.
  private let allSteps: Int
  private let configurations: [TrainingConfiguration]
  package private(set) var learner: Plan.Learned
  private(set) var phases: [PhaseState]
  /// The number of steps taken in this epoch.
  package private(set) var step = 0
  /// The phases of the present step that are left to do.
  private var phasesLeft: ArraySlice<Int> = []
  /// For each phase the losses of the examples so far, and their number.
  private var losses: [(sum: Double, examples: Int)]
  /// That of the first phase's last step.
  private var learningRate: Float = 0
  private let vectors: [StepVector]
  /// Room for the sum of the shards' vectors.
  private var sum: [Float]

  /// The least that the leader waits for another thread.
  package var leastWait = Duration.microseconds(100)

  package init(_ plan: Plan, epoch: Int, from state: LearningState<Plan.Learned>) {
    self.plan = plan
    self.epoch = epoch
    order = plan.order(epoch: epoch)
    (batchSize, shardSize) = (plan.batchSize, plan.shardSize(of: state.learner))
    stepsPerEpoch = plan.stepsPerEpoch
    allSteps = plan.epochs * plan.stepsPerEpoch
    (learner, phases) = (state.learner, state.phases)
    configurations = phases.indices.map { plan.configuration(ofPhase: $0) }
    losses = phases.map { _ in (0, 0) }
    let vectors = phases.indices.map { [learner] in StepVector(of: learner[$0]) }
    let longest = vectors.map(\.count).max() ?? 0
    self.vectors = vectors.map { $0.padded(to: longest) }
    sum = [Float](repeating: 0, count: longest)
    phasesLeft = learner.phases(ofStep: stepsBefore)[...]
  }

  /// The number of steps taken over all epochs.
  private var stepsBefore: Int { epoch * stepsPerEpoch + step }

  /// What the epoch came to.
  var outcome: EpochOutcome {
    EpochOutcome(
      epoch: epoch + 1, learningRate: learningRate,
      losses: losses.map { $0.examples == 0 ? nil : $0.sum / Double($0.examples) })
  }

  /// A group of threads that can take the epoch's steps together.
  package func group(of threads: Int) -> ThreadCollective {
    ThreadCollective(threads: threads, shards: shardCount(of: 0), count: sum.count)
  }

  /// Takes the steps that are left, in time with the other members of a group.
  ///
  /// It comes back earlier where the group is dissolved: where the leader has waited for another thread
  /// for as long as the group's steps took in the mean, and at least for a tenth of a millisecond.
  /// - Parameters:
  ///   - goesOn: Asked before each phase, with the number of its step.
  ///   - progress: Called after each step with the examples done in this epoch.
  /// - Throws: `TrainingError` if the loss is no longer a finite number, on every thread; what
  ///   `progress` throws.
  package mutating func takeSteps(
    as member: consuming some Collective & ~Copyable, while goesOn: (Int) -> Bool = { _ in true },
    progress: (Int) throws -> Void
  ) throws {
    let (first, start) = (step, ContinuousClock.now)
    var ahead = shard(member.shards(of: shardCount(of: step)).first, of: step)
    while step < stepsPerEpoch, !member.isDissolved, goesOn(step) {
      let (phase, count) = (phasesLeft[phasesLeft.startIndex], shardCount(of: step))
      for index in member.shards(of: count) {
        guard !member.isDissolved, let shard = ahead ?? shard(index, of: step) else { return }
        ahead = nil
        compute(shard, phase: phase, for: &member)
      }
      guard !member.isDissolved else { return }
      member.arrive()
      // What doesn't depend on the others is done while they finish.
      let next = phasesLeft.count > 1 ? step : step + 1
      ahead = shard(member.shards(of: shardCount(of: next)).first, of: next)
      guard
        member.wait(upTo: max(leastWait, (.now - start) / (step - first + 1)))
      else { return }
      member.sum(ofShards: count, into: &sum)
      try finish(phase)
      if next > step { try endStep(progress) }
    }
  }

  /// A part of a batch.
  private struct Shard {
    let index: Int
    let examples: Plan.Learned.Shard
    let count: Int
  }

  /// Where a step's examples stand in the epoch's order; after the last step nowhere.
  private func batch(of step: Int) -> Range<Int> {
    min(step * batchSize, order.count)..<min((step + 1) * batchSize, order.count)
  }

  /// The number of parts that a step's batch is cut into.
  func shardCount(of step: Int) -> Int {
    batch(of: step).count.dividedRoundingUp(by: shardSize)
  }

  private func shard(_ index: Int?, of step: Int) -> Shard? {
    guard let index else { return nil }
    let batch = batch(of: step)
    let first = batch.lowerBound + index * shardSize
    guard first < batch.upperBound else { return nil }
    let numbers = order[first..<min(first + shardSize, batch.upperBound)]
    return Shard(
      index: index, examples: plan.shard(numbers, epoch: epoch, batch: batch.count),
      count: numbers.count)
  }

  /// Shows the group a shard's gradient, statistics and loss, this to single precision.
  private func compute(_ shard: Shard, phase: Int, for member: inout some Collective & ~Copyable) {
    let pass = TrainingPass(
      seed: plan.seed, step: stepsBefore, firstExample: shard.index * shardSize,
      exampleCount: shard.count)
    let gradient = learner.gradient(of: shard.examples, phase: phase, in: pass)
    let share = 1 / Float(batch(of: step).count) * Float(shard.count)
    member.contribute(vectors[phase].parts(gradient, share: share), as: shard.index)
  }

  /// Ends a phase of a step with the sum over all shards.
  private mutating func finish(_ phase: Int) throws {
    let vector = vectors[phase]
    let loss = vector.loss(in: sum)
    guard loss.isFinite else {
      throw TrainingError(
        description:
          "the loss is no finite number in epoch \(epoch + 1), step \(step + 1); lower learningRate"
      )
    }
    let configuration = configurations[phase]
    let rate = configuration.learningRate(
      step: stepsBefore, of: allSteps)
    if phase == 0 { learningRate = rate }
    if let clip = configuration.clip { sum.limitNorm(ofFirst: vector.gradientCount, to: clip) }
    phases[phase].optimizer.update(&learner[phase], gradient: sum, learningRate: rate)
    if let limit = configuration.maxNorm {
      learner[phase].limitWeightNorms(
        to: limit, rateFactors: phases[phase].optimizer.rateFactors)
    }
    learner.settle(vector.statistics(in: sum), phase: phase)
    let steps = phases[phase].optimizer.step
    phases[phase].average?.add(learner[phase], step: steps - 1)
    losses[phase].sum += Double(loss) * Double(batch(of: step).count)
    losses[phase].examples += batch(of: step).count
    phasesLeft = phasesLeft.dropFirst()
  }

  /// - Parameter progress: Called with the examples done.
  private mutating func endStep(_ progress: (Int) throws -> Void) throws {
    step += 1
    phasesLeft = learner.phases(ofStep: stepsBefore)[...]
    try progress(batch(of: step - 1).upperBound)
  }
}

extension Replica<Trainer> {
  /// The network as far as it has learned.
  package var network: Network { learner.network }
}
