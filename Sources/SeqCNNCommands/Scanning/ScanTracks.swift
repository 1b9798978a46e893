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
  /// By task, or none.
  private let hub: [SparseTrack]
  /// The least prediction that is written.
  private let least: Float
  private let threads: Int

  /// - Parameters:
  ///   - sequences: Those of the genome, in its order.
  ///   - caller: What knows which predictions are high.
  ///   - hub: The tracks of a hub, for the first tasks.
  init(
    _ command: ScanCommand, sequences: [GenomeSequence], caller: SiteCaller? = nil,
    hub: [SparseTrack] = []
  ) throws {
    self.hub = hub
    least = command.sparse ? caller?.leastDrawn(task: 0) ?? -.infinity : -.infinity
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

  /// Adds the predictions of the tasks that have a track.
  ///
  /// - Parameters:
  ///   - tasks: Those of the scan, by their numbers in the model.
  ///   - name: What the tracks call the sequence.
  mutating func append(
    _ stretch: ScannedStretch, tasks: [Int], of model: Model, named name: String
  ) throws {
    // A sequence shorter than a window may have no base where its middle would be.
    guard !stretch.scores.outputs.isEmpty else { return }
    let drawn = max(hub.count, bigWig != nil || bedGraph != nil ? 1 : 0)
    for (rank, task) in tasks.prefix(drawn).enumerated() {
      let track = TrackStretch(
        sequence: name, start: stretch.start + model.windowLength / 2,
        values: predictions(stretch.outputs(of: task, taskCount: model.tasks.count), of: model))
      if rank == 0 { try append(track) } else { try hub[rank].append(track) }
    }
  }

  private func predictions(_ outputs: [Float], of model: Model) -> [Float] {
    let objective = model.objective
    let size = 1 << 14
    return concurrentMap(outputs.count.dividedRoundingUp(by: size), threads: threads) { block in
      outputs[block * size..<min((block + 1) * size, outputs.count)].map(objective.prediction)
    }.flatMap { $0 }
  }

  /// Adds predictions of the first task.
  mutating func append(_ stretch: TrackStretch) throws {
    try hub.first?.append(stretch)
    guard bigWig != nil || bedGraph != nil else { return }
    let values = stretch.values(from: least)
    try bigWig?.append(values, sequence: stretch.sequence, start: stretch.start)
    try bedGraph?.append(values, sequence: stretch.sequence, start: stretch.start)
  }

  /// Ends the writing.
  ///
  /// - Returns: The bigWig, if there is one.
  @discardableResult
  consuming func finish(in transaction: inout OutputTransaction) throws -> FinishedOutput? {
    let bigWig = try bigWig?.finish()
    if let bigWig { transaction.add(bigWig) }
    if let bedGraph = try bedGraph?.finish() { transaction.add(bedGraph) }
    for track in hub { if let file = try track.finish() { transaction.add(file) } }
    return bigWig
  }
}

extension TrackStretch {
  /// The values, without those below a least one.
  func values(from least: Float) -> [Float] {
    least == -.infinity ? values : values.map { $0 >= least ? $0 : .nan }
  }
}

extension ScannedStretch {
  /// The outputs of one task.
  func outputs(of task: Int, taskCount: Int) -> [Float] {
    guard taskCount > 1 else { return scores.outputs }
    return stride(from: task, to: scores.outputs.count, by: taskCount).map { scores.outputs[$0] }
  }
}
