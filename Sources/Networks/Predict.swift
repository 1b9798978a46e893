internal import Datasets
public import Genomics
public import Tensors

extension Network {
  private static let sequencesPerShard = 64

  /// The outputs for any number of sequences, `[sequence, task]`, computed on several threads.
  ///
  /// Sequences shorter than `minimumLength` are read with unknown bases on both sides, centred.
  public func outputs(_ sequences: [EncodedSequence], threads: Int) -> Tensor {
    let size = Self.sequencesPerShard
    let shards = concurrentMap((sequences.count + size - 1) / size, threads: threads) { shard in
      var batch = SequenceBatch()
      for sequence in sequences[shard * size..<min((shard + 1) * size, sequences.count)] {
        batch.append(sequence.padded(to: minimumLength).codes)
      }
      return logits(batch).scalars
    }
    return Tensor(shape: [sequences.count, taskCount], scalars: shards.flatMap { $0 })
  }
}
