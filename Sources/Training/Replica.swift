internal import Genomics
internal import Layers
package import Networks
package import Parallel
internal import Tensors

/// One thread's part in an epoch: a learner and an optimizer of its own, which take the same steps as
/// every other thread's.
///
/// All that a thread learns of another is its shards' gradients: a step needs one exchange, and no
/// processor fetches the weights that another has changed.
package struct Replica: Sendable {
  private let trainer: Trainer
  /// Counted from 0.
  private let epoch: Int
  private let order: [Int]
  private let shardSize: Int
  private(set) var learner: SupervisedLearner
  private(set) var optimizer: Optimizer
  private(set) var average: WeightAverage?
  /// The number of steps taken in this epoch.
  package private(set) var step = 0
  /// The losses of the examples so far.
  private(set) var lossSum = 0.0
  /// That of the last step.
  private(set) var learningRate: Float = 0
  private let vector: StepVector
  /// Room for the sum of the shards' vectors.
  private var sum: [Float]

  /// The least that the leader waits for another thread.
  package var leastWait = Duration.microseconds(100)

  package init(_ trainer: Trainer, epoch: Int, from state: TrainingState) {
    self.trainer = trainer
    self.epoch = epoch
    order = trainer.training.order(epoch: epoch)
    shardSize = trainer.configuration.shardSize(
      for: state.network.configuration, length: trainer.training.longest,
      taskCount: state.network.taskCount)
    learner = SupervisedLearner(
      state.network, objective: trainer.objective, settings: trainer.lossSettings)
    optimizer = state.optimizer
    average = state.average
    vector = StepVector(of: state.network)
    sum = [Float](repeating: 0, count: vector.count)
  }

  /// The network as far as it has learned.
  package var network: Network { learner.network }

  /// A group of threads that can take the epoch's steps together.
  package func group(of threads: Int) -> ThreadCollective {
    ThreadCollective(threads: threads, shards: shardCount(of: 0), count: vector.count)
  }

  /// Takes the steps that are left, in time with the other members of a group.
  ///
  /// It comes back earlier where the group is dissolved: where the leader has waited for another thread
  /// for as long as the group's steps took in the mean, and at least for a tenth of a millisecond.
  /// - Parameters:
  ///   - goesOn: Asked before each step, with its number.
  ///   - progress: Called after each step with the examples done in this epoch.
  /// - Throws: `TrainingError` if the loss is no longer a finite number, on every thread; what
  ///   `progress` throws.
  package mutating func takeSteps(
    as member: consuming some Collective & ~Copyable, while goesOn: (Int) -> Bool = { _ in true },
    progress: (Int) throws -> Void
  ) throws {
    let (first, start) = (step, ContinuousClock.now)
    var ahead = shard(member.shards(of: shardCount(of: step)).first, of: step)
    while step < trainer.stepsPerEpoch, !member.isDissolved, goesOn(step) {
      let count = shardCount(of: step)
      for index in member.shards(of: count) {
        guard !member.isDissolved, let shard = ahead ?? shard(index, of: step) else { return }
        ahead = nil
        compute(shard, for: &member)
      }
      guard !member.isDissolved else { return }
      member.arrive()
      // What doesn't depend on the others is done while they finish.
      ahead = shard(member.shards(of: shardCount(of: step + 1)).first, of: step + 1)
      guard
        member.wait(upTo: max(leastWait, (.now - start) / (step - first + 1)))
      else { return }
      member.sum(ofShards: count, into: &sum)
      try takeStep()
      try progress(batch(of: step - 1).upperBound)
    }
  }

  /// A part of a batch.
  private struct Shard {
    let index: Int
    let examples: TrainingSet.Shard
  }

  /// Where a step's examples stand in the epoch's order; after the last step nowhere.
  private func batch(of step: Int) -> Range<Int> {
    let size = trainer.configuration.batchSize
    return min(step * size, order.count)..<min((step + 1) * size, order.count)
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
      index: index,
      examples: trainer.training.shard(
        numbers, epoch: epoch, augmentation: trainer.augmentation(epoch: epoch)))
  }

  /// Shows the group a shard's gradient, statistics and loss, this to single precision.
  private func compute(_ shard: Shard, for member: inout some Collective & ~Copyable) {
    let examples = shard.examples
    let pass = TrainingPass(
      seed: trainer.seed, step: epoch * trainer.stepsPerEpoch + step,
      firstExample: shard.index * shardSize,
      exampleCount: examples.weights.count)
    let scale = 1 / Float(batch(of: step).count)
    let gradient = learner.gradient(
      of: SupervisedLearner.Shard(examples: examples, scale: scale), phase: 0, in: pass)
    member.contribute(
      vector.parts(gradient, share: scale * Float(examples.weights.count)), as: shard.index)
  }

  /// Takes a step with the sum over all shards.
  private mutating func takeStep() throws {
    let loss = sum[vector.count - 1]
    guard loss.isFinite else {
      throw TrainingError(
        description:
          "the loss is no finite number in epoch \(epoch + 1), step \(step + 1); lower learningRate"
      )
    }
    learningRate = trainer.configuration.learningRate(
      step: epoch * trainer.stepsPerEpoch + step, of: trainer.epochs * trainer.stepsPerEpoch)
    if let clip = trainer.configuration.clip {
      sum.limitNorm(ofFirst: vector.gradientCount, to: clip)
    }
    optimizer.update(&learner[0], gradient: sum, learningRate: learningRate)
    if let limit = trainer.configuration.maxNorm {
      learner[0].limitWeightNorms(to: limit, rateFactors: optimizer.rateFactors)
    }
    learner.settle(vector.statistics(in: sum), phase: 0)
    average?.add(learner.network, step: optimizer.step - 1)
    lossSum += Double(loss) * Double(batch(of: step).count)
    step += 1
  }
}
