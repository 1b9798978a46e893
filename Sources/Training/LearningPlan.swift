internal import Genomics
internal import Layers
public import Parallel

/// What a learner learns from and how it follows its gradients: all that a training depends on besides the
/// learner's state.
public protocol LearningPlan: Sendable {
  associatedtype Learned: Learner

  var seed: UInt64 { get }
  /// The threads that share a step.
  var team: ThreadTeam { get }
  /// The number of passes over the examples at most.
  var epochs: Int { get }
  var examplesPerEpoch: Int { get }

  /// How the parameters of a phase follow their gradient. Batches are as large as the first phase says.
  func configuration(ofPhase phase: Int) -> TrainingConfiguration
  /// The number of examples per shard: the plan's, not the machine's.
  func shardSize(of learner: Learned) -> Int
  /// The numbers of an epoch's examples, in the order in which they are learned from.
  func order(epoch: Int) -> [Int]
  /// The examples of some numbers of an epoch's order.
  ///
  /// - Parameter batch: The number of examples of the whole step.
  func shard(_ numbers: ArraySlice<Int>, epoch: Int, batch: Int) -> Learned.Shard
  /// What an epoch came to.
  ///
  /// - Parameter learner: After the epoch; with averaged weights, if those are kept.
  func record(of epoch: EpochOutcome, learner: Learned) -> EpochRecord
  /// Whether training is over.
  func isFinished(_ state: LearningState<Learned>) -> Bool
  /// The learner of the epoch that counts; by default the last one.
  func learner(of state: LearningState<Learned>) -> Learned
}

/// The steps of an epoch.
public struct EpochOutcome: Sendable {
  /// Counted from 1.
  public let epoch: Int
  /// That of the last step of the first phase.
  public let learningRate: Float
  /// For each phase the mean loss of the examples that it learned from; `nil` if it had no turn.
  public let losses: [Double?]
}

extension LearningPlan {
  public func isFinished(_ state: LearningState<Learned>) -> Bool {
    state.history.count >= epochs
  }

  public func learner(of state: LearningState<Learned>) -> Learned { state.current }

  var batchSize: Int { configuration(ofPhase: 0).batchSize }

  package var stepsPerEpoch: Int { examplesPerEpoch.dividedRoundingUp(by: batchSize) }

  /// Runs the next epoch.
  ///
  /// - Parameters:
  ///   - state: Stays as it was if an error is thrown.
  ///   - progress: Called after each step with the examples done in this epoch.
  /// - Throws: `TrainingError` if the loss is no longer a finite number; what `progress` throws.
  @specialized(where Self == Trainer)
  public func runEpoch(
    _ state: inout LearningState<Learned>, progress: (Int) throws -> Void
  ) throws {
    let epoch = state.history.count
    var replica = Replica(self, epoch: epoch, from: state)
    try takeSteps(with: &replica, progress: progress)
    var next = state
    (next.learner, next.phases) = (replica.learner, replica.phases)
    let current = next.current
    let record = record(of: replica.outcome, learner: current)
    guard record.validationLoss.isFinite else {
      throw TrainingError(
        description:
          "the validation loss is \(record.validationLoss) in epoch \(epoch + 1); lower learningRate"
      )
    }
    let isBest = state.history.allSatisfy { record.validationLoss < $0.validationLoss }
    next.history.append(record)
    if isBest {
      for phase in next.phases.indices {
        next.phases[phase].bestParameters = current[phase].parameters
      }
    }
    state = next
  }
}
