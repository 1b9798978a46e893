internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks
internal import Parallel
internal import Tensors

/// The tracks that were asked for: the predictions of one task, each at the middle of its window.
struct ScanTracks: ~Copyable {
  private var bigWig: BigWigWriter?
  private var bedGraph: BedGraphWriter?
  private var hub: SparseTrack?
  /// The least prediction that is written.
  private let least: Float
  private let threads: Int

  /// - Parameters:
  ///   - sequences: Those of the genome, in its order.
  ///   - caller: What knows which predictions are high.
  ///   - hub: The track of a hub, if there is one.
  init(
    _ command: ScanCommand, sequences: [GenomeSequence], caller: SiteCaller? = nil,
    hub: consuming SparseTrack? = nil
  ) throws {
    self.hub = hub
    least = command.sparse ? caller?.leastDrawn ?? -.infinity : -.infinity
    let (replacing, threads) = (command.force.force, command.shared.threads)
    let sequences = sequences.map { ($0.name, $0.length) }
    bigWig = try command.bigwig.map { path throws in
      try BigWigWriter(path: path, sequences: sequences, replacing: replacing, threads: threads)
    }
    bedGraph = try command.bedgraph.map { path throws in
      try BedGraphWriter(path: path, sequences: sequences, replacing: replacing, threads: threads)
    }
    self.threads = threads
  }

  /// Adds the predictions of a task.
  mutating func append(_ stretch: ScannedStretch, task: Int, of model: Model) throws {
    // A sequence shorter than a window may have no base where its middle would be.
    guard bigWig != nil || bedGraph != nil || hub != nil, !stretch.scores.outputs.isEmpty else {
      return
    }
    let outputs = stretch.outputs(of: task, taskCount: model.tasks.count)
    let objective = model.objective
    let size = 1 << 14
    let blocks = concurrentMap(outputs.count.dividedRoundingUp(by: size), threads: threads) {
      block in
      outputs[block * size..<min((block + 1) * size, outputs.count)].map(objective.prediction)
    }
    let track = TrackStretch(
      sequence: stretch.sequence, start: stretch.start + model.windowLength / 2,
      values: blocks.flatMap { $0 })
    try hub?.append(track)
    try append(
      least == -.infinity
        ? track
        : TrackStretch(
          sequence: track.sequence, start: track.start,
          values: track.values.map { $0 >= least ? $0 : .nan }))
  }

  mutating func append(_ stretch: TrackStretch) throws {
    try bigWig?.append(stretch.values, sequence: stretch.sequence, start: stretch.start)
    try bedGraph?.append(stretch.values, sequence: stretch.sequence, start: stretch.start)
  }

  /// Ends the writing.
  ///
  /// - Returns: The bigWig, if there is one.
  @discardableResult
  consuming func finish(in transaction: inout OutputTransaction) throws -> FinishedOutput? {
    let bigWig = try bigWig?.finish()
    if let bigWig { transaction.add(bigWig) }
    if let bedGraph = try bedGraph?.finish() { transaction.add(bedGraph) }
    if let hub { transaction.add(try hub.finish()) }
    return bigWig
  }
}

extension ScannedStretch {
  /// The outputs of one task.
  func outputs(of task: Int, taskCount: Int) -> [Float] {
    guard taskCount > 1 else { return scores.outputs }
    return stride(from: task, to: scores.outputs.count, by: taskCount).map { scores.outputs[$0] }
  }
}
