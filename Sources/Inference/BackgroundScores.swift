internal import Datasets
public import Genomics
public import Networks
internal import Tensors

/// The number of background windows that a model's score distributions are sampled from.
private let backgroundSampleCount = 20_000

/// The distribution of each task's output on background sequence: dinucleotide shuffles of the
/// positives, each as often as the next, cut or filled up with unknown bases to `length` around
/// their middle.
///
/// - Parameters:
///   - length: That of the windows whose p-values are wanted: longer ones score higher.
///   - seed: The same seed gives the same distributions, with any number of threads.
/// - Returns: One a task; none where there are no positives.
public func backgroundDistributions(
  of ensemble: Ensemble, positives: [EncodedSequence], length: Int, seed: UInt64,
  threads: Int
) -> [ScoreDistribution] {
  guard !positives.isEmpty else { return [] }
  let positives = positives.map { bases in
    let start = max(0, (bases.count - length) / 2)
    return bases[start..<min(start + length, bases.count)].padded(to: length)
  }
  let size = 500
  let shuffles = concurrentMap(backgroundSampleCount / size, threads: threads) { shard in
    var shuffler = DinucleotideShuffler()
    return (shard * size..<(shard + 1) * size).map { index in
      var random = RandomStream(seed: seed, .background, index)
      return shuffler.shuffled(positives[index % positives.count], using: &random)
    }
  }.flatMap { $0 }
  let outputs = ensemble.outputs(shuffles, threads: threads).scalars
  return (0..<ensemble.taskCount).map { task in
    ScoreDistribution(
      scores: stride(from: task, to: outputs.count, by: ensemble.taskCount).map { outputs[$0] })
  }
}
