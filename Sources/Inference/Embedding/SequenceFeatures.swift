internal import Datasets
public import Genomics
public import Models
internal import Networks
internal import Parallel
internal import Tensors

/// What the last layers of a model's networks make of sequences: the features that its outputs are weighted sums of.
public struct SequenceFeatures: Sendable {
  /// `[sequence][feature]`: those of the first network, then those of the next.
  public let rows: [[Float]]

  private static let sequencesPerShard = 32
  private static let sequencesPerBlock = 1024

  /// Reads sequences, of a longer one than those of training the window that scores highest for a task.
  ///
  /// Of two strands the features of the one with the larger output count, or the mean of both, as the model's strand rule
  /// says. K-mers have no features.
  ///
  /// - Parameter progress: Told the number of sequences that were read.
  /// - Returns: The features, and the sequences that have none with the reason.
  public static func read(
    _ sequences: [EncodedSequence], by model: Model, task: Int, threads: Int,
    progress: (Int) -> Void = { _ in }
  ) -> (features: SequenceFeatures, unread: [(index: Int, reason: UnscorableSequence)]) {
    var (rows, unread) = ([[Float]](), [(index: Int, reason: UnscorableSequence)]())
    for first in stride(from: 0, to: sequences.count, by: sequencesPerBlock) {
      let block = Array(sequences[first..<min(first + sequencesPerBlock, sequences.count)])
      let read = Self.rows(of: block, by: model, task: task, threads: threads)
      rows += read.rows
      unread += read.unread.map { (first + $0.index, $0.reason) }
      progress(first + block.count)
    }
    return (SequenceFeatures(rows: rows), unread)
  }

  private static func rows(
    of sequences: [EncodedSequence], by model: Model, task: Int, threads: Int
  ) -> (rows: [[Float]], unread: [(index: Int, reason: UnscorableSequence)]) {
    let scores = SequenceScorer(model).scores(of: sequences, threads: threads)
    var (windows, unread) = ([EncodedSequence](), [(index: Int, reason: UnscorableSequence)]())
    for (index, score) in scores.enumerated() {
      switch score {
      case .success(let score): windows.append(sequences[index][score.windows[task].place])
      case .failure(let reason): unread.append((index, reason))
      }
    }
    let networks = model.ensemble.networks.map { network in
      Self.rows(of: windows, network, task: task, threads: threads)
    }
    return (windows.indices.map { row in networks.flatMap { $0[row] } }, unread)
  }

  private static func rows(
    of windows: [EncodedSequence], _ network: Network, task: Int, threads: Int
  ) -> [[Float]] {
    let byLength = Dictionary(grouping: windows.indices) { windows[$0].count }
    let shards = byLength.keys.sorted().flatMap { length -> [[Int]] in
      let own = byLength[length] ?? []
      return stride(from: 0, to: own.count, by: sequencesPerShard).map {
        Array(own[$0..<min($0 + sequencesPerShard, own.count)])
      }
    }
    var prepared = network
    prepared.prepare()
    let read = concurrentMap(shards.count, threads: threads) { [prepared] shard in
      let own = shards[shard].map { windows[$0] }
      return features(
        of: SequenceBatch(own[...], minimumLength: prepared.minimumLength), prepared, task: task)
    }
    var rows = [[Float]](repeating: [], count: windows.count)
    for (shard, features) in zip(shards, read) {
      for (index, row) in zip(shard, features) { rows[index] = row }
    }
    return rows
  }

  private static func features(of batch: SequenceBatch, _ network: Network, task: Int)
    -> [[Float]]
  {
    let layers = network.layerOutputs(batch)
    let (features, outputs) = (layers[layers.count - 2], layers[layers.count - 1])
    let (width, tasks) = (features.scalars.count / features.shape[0], outputs.shape[1])
    func row(_ index: Int) -> ArraySlice<Float> {
      features.scalars[index * width..<(index + 1) * width]
    }
    guard features.shape[0] == 2 * batch.count else {
      return (0..<batch.count).map { Array(row($0)) }
    }
    return (0..<batch.count).map { index in
      let reverse = batch.count + index
      if network.configuration.strands == .mean {
        return zip(row(index), row(reverse)).map { ($0 + $1) / 2 }
      }
      let isReverse =
        outputs.scalars[reverse * tasks + task] > outputs.scalars[index * tasks + task]
      return Array(row(isReverse ? reverse : index))
    }
  }
}
