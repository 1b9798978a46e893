internal import Genomics
internal import Models
internal import Networks
internal import Parallel
internal import Tensors

/// What sliding a window over a sequence found.
struct BestWindows: Sendable {
  /// The best output of each task, and where the first window that has it begins.
  private(set) var best: [(start: Int, output: Float)]
  /// The sum of the windows' predictions, one per task; 0 unless asked for.
  private(set) var sums: [Double]
  /// The windows of which at most half is unknown; the others aren't scored.
  private(set) var count = 0

  init(taskCount: Int) {
    best = [(start: Int, output: Float)](repeating: (0, -.infinity), count: taskCount)
    sums = [Double](repeating: 0, count: taskCount)
  }

  /// Takes the windows that follow those before.
  mutating func add(_ next: BestWindows) {
    for task in best.indices where next.best[task].output > best[task].output {
      best[task] = next.best[task]
    }
    for task in sums.indices { sums[task] += next.sums[task] }
    count += next.count
  }

  /// Windows computed at a time, few enough for their features to stay in the cache.
  private static let windowsPerBlock = 1024

  /// Slides a window over sequences, each at least as long as the window.
  ///
  /// - Parameters:
  ///   - withSums: Whether predictions are summed.
  ///   - progress: Told the number of windows that were scored since it was told last, by any thread.
  static func search(
    _ sequences: [WindowedSequence], length: Int, model: Model, withSums: Bool, threads: Int,
    progress: @escaping @Sendable (Int) -> Void
  ) -> [BestWindows] {
    let blocks = sequences.indices.flatMap { index in
      stride(from: 0, through: sequences[index].bases.count - length, by: windowsPerBlock).map {
        (index, $0)
      }
    }
    let read = concurrentMap(blocks.count, threads: threads) { block in
      let (index, first) = blocks[block]
      let sequence = sequences[index]
      let codes = sequence.bases.codes
      let end = min(first + windowsPerBlock, codes.count - length + 1)
      defer { progress(end - first) }
      return BestWindows(
        of: Array(codes[first..<end - 1 + length]),
        beside: sequence.side(ofWindows: first..<end),
        at: first, length, model, withSums: withSums)
    }
    var found = [BestWindows](
      repeating: BestWindows(taskCount: model.tasks.count), count: sequences.count)
    for ((index, _), next) in zip(blocks, read) { found[index].add(next) }
    return found
  }

  /// Scores the windows of a stretch that begins at base `first` of its sequence.
  private init(
    of codes: [UInt8], beside side: [Float], at first: Int, _ length: Int, _ model: Model,
    withSums: Bool
  ) {
    let tasks = model.tasks.count
    self.init(taskCount: tasks)
    let scores = model.ensemble.windowScores(
      codes, length: length, beside: side, strandsFrom: .infinity)
    if withSums { addPredictions(of: scores.outputs, model.objective) }
    for (index, output) in scores.outputs.enumerated() where !output.isNaN {
      let (window, task) = (index / tasks, index % tasks)
      if task == 0 { count += 1 }
      if output > best[task].output { best[task] = (first + window, output) }
    }
  }

  /// Adds up the predictions for windows, `[window][task]`; a window that isn't scored has no number.
  private mutating func addPredictions(of outputs: [Float], _ objective: Objective) {
    for first in stride(from: 0, to: outputs.count, by: sums.count) where !outputs[first].isNaN {
      let predictions = objective.predictions(Array(outputs[first..<first + sums.count]))
      for (task, prediction) in predictions.enumerated() { sums[task] += Double(prediction) }
    }
  }
}
