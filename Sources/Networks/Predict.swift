internal import Datasets
public import Genomics
public import Tensors

extension Network {
  private static let sequencesPerShard = 64

  /// The outputs for any number of sequences, `[sequence, task]`, computed on several threads.
  ///
  /// Sequences shorter than `minimumLength` are read with unknown bases on both sides, centred.
  /// - Precondition: None is longer than the configuration's `length`, where it has one.
  public func outputs(_ sequences: [EncodedSequence], threads: Int) -> Tensor {
    let size = Self.sequencesPerShard
    let shards = concurrentMap((sequences.count + size - 1) / size, threads: threads) { shard in
      let range = shard * size..<min((shard + 1) * size, sequences.count)
      let padded = sequences[range].map { $0.padded(to: minimumLength) }
      let groups = Dictionary(grouping: padded.indices) {
        front.needsEqualLengths ? padded[$0].count : 0
      }
      var outputs = [Float](repeating: 0, count: padded.count * taskCount)
      for group in groups.values {
        let scalars = logits(SequenceBatch(group.map { padded[$0] })).scalars
        for (row, index) in group.enumerated() {
          for task in 0..<taskCount {
            outputs[index * taskCount + task] = scalars[row * taskCount + task]
          }
        }
      }
      return outputs
    }
    return Tensor(shape: [sequences.count, taskCount], scalars: shards.flatMap { $0 })
  }
}
