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
    let shards = (sequences.count + Self.sequencesPerShard - 1) / Self.sequencesPerShard
    return outputs(sequences, by: ThreadTeam(threads: max(1, min(threads, shards))))
  }

  /// The outputs for any number of sequences, computed by a team.
  public func outputs(_ sequences: [EncodedSequence], by team: ThreadTeam) -> Tensor {
    let size = Self.sequencesPerShard
    var prepared = self
    prepared.prepare()
    let shards = team.map((sequences.count + size - 1) / size) { [prepared] shard in
      let range = shard * size..<min((shard + 1) * size, sequences.count)
      return prepared.outputs(sequences[range])
    }
    return Tensor(shape: [sequences.count, taskCount], scalars: shards.flatMap { $0 })
  }

  /// The outputs of one shard, `[sequence][task]`.
  private func outputs(_ sequences: ArraySlice<EncodedSequence>) -> [Float] {
    let batch = SequenceBatch(sequences, minimumLength: minimumLength)
    guard front.needsEqualLengths, batch.commonLength == nil else { return logits(batch).scalars }
    return (0..<batch.count).flatMap { logits(batch.gathered([$0])).scalars }
  }
}
