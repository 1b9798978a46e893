internal import GenomicsIO
internal import Networks
internal import Training

/// The training of one network of a model, which leaves a checkpoint to go on from.
struct NetworkJob: Sendable {
  /// What tells it from the others, such as `network 2`.
  let name: String
  /// The network as training starts.
  let network: Network
  let configuration: TrainingConfiguration
  let checkpointPath: String
  /// The digest of the run that a checkpoint must be of.
  let run: String
  let isResumed: Bool
  /// Called when the job begins, as a trainer may hold threads.
  let trainer: @Sendable () -> Trainer

  /// Between two checkpoints, so that many short epochs don't wait for the disk.
  private static let checkpointInterval = Duration.milliseconds(200)

  /// Where training goes on: at the checkpoint, where there is one and it may, else at the beginning.
  func begun(_ console: Console) throws -> TrainingState {
    var state = TrainingState(network: network, configuration: configuration)
    if isResumed, isFile(checkpointPath) {
      try state.restore(readBytes(checkpointPath), file: checkpointPath, run: run)
      console.note("resumed: \(name), epoch \(state.history.count)")
    }
    return state
  }

  /// Trains from there until the last epoch.
  ///
  /// - Returns: The network of the epoch that counts, and all epochs.
  func trained(
    from begun: TrainingState, _ progress: SharedProgress
  ) throws -> (network: Network, history: [EpochRecord]) {
    let trainer = trainer()
    var state = begun
    progress.add(state.history.count * trainer.training.countPerEpoch)
    var written = ContinuousClock.now
    while !trainer.isFinished(state) {
      var done = 0
      try trainer.runEpoch(&state) {
        progress.add($0 - done)
        done = $0
      }
      guard trainer.isFinished(state) || written.duration(to: .now) > Self.checkpointInterval
      else { continue }
      var file = try OutputFile(path: checkpointPath, replacing: true)
      try file.write(state.checkpoint(run: run))
      try file.commit()
      written = .now
    }
    return (trainer.result(of: state), state.history)
  }
}
