internal import GenomicsIO
internal import Models

/// The training of a learner, which leaves a checkpoint to go on from.
public struct LearningJob<Plan: LearningPlan>: Sendable {
  /// The state as training starts.
  let start: LearningState<Plan.Learned>
  /// `nil` if none is kept.
  let checkpoint: CheckpointFile?
  /// Called when the job begins, as a plan may hold threads.
  let plan: @Sendable () -> Plan

  public init(
    from start: LearningState<Plan.Learned>, checkpoint: CheckpointFile?,
    plan: @escaping @Sendable () -> Plan
  ) {
    (self.start, self.checkpoint, self.plan) = (start, checkpoint, plan)
  }

  /// Where training goes on: at the checkpoint, if there is one and it may, else where a shorter training ended, else at
  /// the beginning.
  ///
  /// - Parameter resumed: Called if it goes on at a checkpoint, with the epochs that are done.
  public func begun(_ resumed: (Int) -> Void = { _ in }) throws -> LearningState<Plan.Learned> {
    guard let checkpoint, checkpoint.isResumed else { return start }
    var state = start
    if isFile(checkpoint.path) {
      try state.restore(
        readBytes(checkpoint.path), file: checkpoint.path, run: checkpoint.run)
    } else if try checkpoint.shorter?.restore(&state, named: splitPath(checkpoint.path).name)
      != true
    {
      return start
    }
    resumed(state.history.count)
    return state
  }

  /// Trains from there until the last epoch.
  ///
  /// - Parameters:
  ///   - progress: Called with the examples that were done since the call before.
  ///   - ended: Called after each epoch.
  ///   - kept: Called with all epochs when a checkpoint has been written.
  /// - Returns: The learner of the epoch that counts, and all epochs.
  public func trained(
    from begun: LearningState<Plan.Learned>, progress: (Int) throws -> Void,
    ended: (EpochRecord) -> Void = { _ in }, kept: ([EpochRecord]) throws -> Void = { _ in }
  ) throws -> (learner: Plan.Learned, history: [EpochRecord]) {
    let plan = plan()
    var state = begun
    try progress(state.history.count * plan.examplesPerEpoch)
    if let checkpoint, plan.isFinished(state), !isFile(checkpoint.path) {
      try write(state, to: checkpoint)
    }
    var written = ContinuousClock.now
    while !plan.isFinished(state) {
      var done = 0
      try plan.runEpoch(&state) {
        try progress($0 - done)
        done = $0
      }
      state.history.last.map(ended)
      guard let checkpoint,
        plan.isFinished(state) || written.duration(to: .now) > checkpointInterval
      else { continue }
      try write(state, to: checkpoint)
      try kept(state.history)
      written = .now
    }
    return (plan.learner(of: state), state.history)
  }

  private func write(_ state: LearningState<Plan.Learned>, to checkpoint: CheckpointFile) throws {
    var file = try OutputFile(path: checkpoint.path, replacing: true)
    try file.write(state.checkpoint(run: checkpoint.run))
    try file.commit()
  }
}

/// Where a checkpoint stands, and what it must be of.
public struct CheckpointFile: Sendable {
  let path: String
  let run: String
  let isResumed: Bool
  let shorter: TrainedStates?

  /// - Parameters:
  ///   - run: What the run depends on, so that another run's checkpoint is told apart.
  ///   - isResumed: Whether to go on from the checkpoint, if there is one.
  ///   - shorter: Where a shorter training ended, to go on from without a checkpoint.
  public init(path: String, run: String, isResumed: Bool, shorter: TrainedStates? = nil) {
    (self.path, self.run, self.isResumed, self.shorter) = (path, run, isResumed, shorter)
  }

  /// What the run of a checkpoint depends on.
  ///
  /// - Throws: `ByteError`, `InputError<SafetensorsProblem>`.
  public static func run(inFile path: String) throws -> String? {
    try Safetensors(bytes: readBytes(path), file: path).metadata["run"]
  }

  /// That of a part of the run, counted from 0: the first has the path of the whole, the others have paths beside it.
  func part(_ part: Int) -> CheckpointFile {
    CheckpointFile(
      path: Self.name(path, part: part), run: "\(run), part \(part)", isResumed: isResumed)
  }

  /// The name of a part's checkpoint: `checkpoint.safetensors`, `checkpoint.1.safetensors`.
  public static func name(_ name: String, part: Int) -> String {
    guard part > 0, let dot = name.lastIndex(of: ".") else { return name }
    return "\(name[..<dot]).\(part)\(name[dot...])"
  }
}

/// Between two checkpoints, so that many short epochs don't wait for the disk.
private let checkpointInterval = Duration.milliseconds(200)
