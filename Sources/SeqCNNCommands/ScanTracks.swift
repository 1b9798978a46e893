internal import GenomicsIO
internal import Inference
internal import Networks
internal import Tensors

/// The tracks that a scan was asked for: the predictions of one task, each at the middle of its window.
struct ScanTracks: ~Copyable {
  private var bigWig: BigWigWriter?
  private var bedGraph: BedGraphWriter?
  private let model: Model
  private let task: Int
  private let threads: Int

  /// - Parameter sequences: Those of the genome, in its order.
  init(
    bigwig: String?, bedgraph: String?, sequences: [GenomeSequence], model: Model, task: Int,
    replacing: Bool, threads: Int
  ) throws {
    let sequences = sequences.map { ($0.name, $0.length) }
    bigWig = try bigwig.map { path throws in
      try BigWigWriter(path: path, sequences: sequences, replacing: replacing, threads: threads)
    }
    bedGraph = try bedgraph.map { path throws in
      try BedGraphWriter(path: path, sequences: sequences, replacing: replacing)
    }
    self.model = model
    self.task = task
    self.threads = threads
  }

  mutating func append(_ stretch: ScannedStretch) throws {
    guard bigWig != nil || bedGraph != nil else { return }
    let start = stretch.start + model.windowLength / 2
    let outputs = stretch.outputs(of: task, taskCount: model.tasks.count)
    let objective = model.objective
    let size = 1 << 14
    let blocks = concurrentMap((outputs.count + size - 1) / size, threads: threads) { block in
      outputs[block * size..<min((block + 1) * size, outputs.count)].map(objective.prediction)
    }
    let predictions = blocks.flatMap { $0 }
    try bigWig?.append(predictions, sequence: stretch.sequence, start: start)
    try bedGraph?.append(predictions, sequence: stretch.sequence, start: start)
  }

  consuming func commit() throws {
    try bigWig?.commit()
    try bedGraph?.commit()
  }
}

extension ScannedStretch {
  /// The outputs of one task.
  func outputs(of task: Int, taskCount: Int) -> [Float] {
    guard taskCount > 1 else { return scores.outputs }
    return stride(from: task, to: scores.outputs.count, by: taskCount).map { scores.outputs[$0] }
  }
}
