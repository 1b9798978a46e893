internal import GenomicsIO
internal import Networks

/// The training of one network of a model, which leaves a checkpoint to go on from.
struct NetworkJob: Sendable {
  /// The network's number and round, both from 0.
  let member: Int
  let round: Int
  /// The network as training starts.
  let network: Network
  let configuration: TrainingConfiguration
  /// `nil` if none is kept.
  let checkpoint: Checkpoint?
  /// Called when the job begins, as a trainer may hold threads.
  let trainer: @Sendable () -> Trainer

  /// Where a checkpoint stands, and what it must be of.
  struct Checkpoint: Sendable {
    let path: String
    let run: String
    let isResumed: Bool
  }

  /// Between two checkpoints, so that many short epochs don't wait for the disk.
  private static let checkpointInterval = Duration.milliseconds(200)

  /// Where training goes on: at the checkpoint, if there is one and it may, else at the beginning.
  ///
  /// - Parameter resumed: Called if it goes on at a checkpoint, with the epochs that are done.
  func begun(_ resumed: (Int) -> Void) throws -> TrainingState {
    var state = TrainingState(network: network, configuration: configuration)
    if let checkpoint, checkpoint.isResumed, isFile(checkpoint.path) {
      try state.restore(
        readBytes(checkpoint.path), file: checkpoint.path, run: checkpoint.run)
      resumed(state.history.count)
    }
    return state
  }

  /// Trains from there until the last epoch.
  ///
  /// - Parameter progress: Called with the sequences that were done since the call before.
  /// - Returns: The network of the epoch that counts, and all epochs.
  func trained(from begun: TrainingState, progress: (Int) -> Void) throws
    -> (network: Network, history: [EpochRecord])
  {
    let trainer = trainer()
    var state = begun
    progress(state.history.count * trainer.training.countPerEpoch)
    var written = ContinuousClock.now
    while !trainer.isFinished(state) {
      var done = 0
      try trainer.runEpoch(&state) {
        progress($0 - done)
        done = $0
      }
      guard let checkpoint,
        trainer.isFinished(state) || written.duration(to: .now) > Self.checkpointInterval
      else { continue }
      var file = try OutputFile(path: checkpoint.path, replacing: true)
      try file.write(state.checkpoint(run: checkpoint.run))
      try file.commit()
      written = .now
    }
    return (trainer.result(of: state), state.history)
  }
}
