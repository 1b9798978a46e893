internal import Datasets
public import Genomics
internal import Layers
public import Parallel
public import Tensors

extension Network {
  private static let mostSequencesPerShard = 64

  /// How many a thread takes at a time; the first stands for all.
  private func sequencesPerShard(of sequences: [EncodedSequence]) -> Int {
    configuration.shardSize(
      atMost: Self.mostSequencesPerShard, length: sequences.first?.codes.count ?? 0,
      taskCount: taskCount, for: .inference)
  }

  /// The outputs for any number of sequences, `[sequence, task]`, computed on several threads.
  ///
  /// Sequences shorter than `minimumLength` are read with unknown bases on both sides, centred.
  /// - Precondition: None is longer than the configuration's `length`, if it has one.
  public func outputs(_ sequences: [EncodedSequence], threads: Int) -> Tensor {
    let size = sequencesPerShard(of: sequences)
    let shards = sequences.count.dividedRoundingUp(by: size)
    return outputs(
      sequences, shardSize: size, by: ThreadTeam(threads: max(1, min(threads, shards))))
  }

  /// The outputs for any number of sequences, computed by a team.
  public func outputs(_ sequences: [EncodedSequence], by team: ThreadTeam) -> Tensor {
    outputs(sequences, shardSize: sequencesPerShard(of: sequences), by: team)
  }

  private func outputs(
    _ sequences: [EncodedSequence], shardSize size: Int, by team: ThreadTeam
  ) -> Tensor {
    var prepared = self
    prepared.prepare()
    let shards = team.map(sequences.count.dividedRoundingUp(by: size)) { [prepared] shard in
      let range = shard * size..<min((shard + 1) * size, sequences.count)
      return prepared.outputs(sequences[range])
    }
    return Tensor(shape: [sequences.count, taskCount], scalars: shards.flatMap { $0 })
  }

  /// The outputs for any number of sequences, and whether the reverse strand, read alone, scores higher:
  /// both `[sequence][task]`.
  ///
  /// - Precondition: As for `outputs`.
  package func strandedOutputs(_ sequences: [EncodedSequence], threads: Int)
    -> (outputs: [Float], isReverse: [Bool])
  {
    let size = sequencesPerShard(of: sequences)
    var prepared = self
    prepared.prepare()
    let shards = concurrentMap(sequences.count.dividedRoundingUp(by: size), threads: threads) {
      [prepared] shard in
      let range = shard * size..<min((shard + 1) * size, sequences.count)
      return prepared.eachBatch(of: sequences[range]) { batch in
        let (logits, isReverse) = prepared.strandedLogits(batch)
        return zip(logits.scalars, isReverse).map { ($0, $1) }
      }
    }
    let read = shards.flatMap { $0 }
    return (read.map(\.0), read.map(\.1))
  }

  /// The logits of sequences, and for each whether the reverse strand is the larger one if each is pooled
  /// alone.
  private func strandedLogits(_ batch: SequenceBatch) -> (logits: Tensor, isReverse: [Bool]) {
    guard configuration.strands == .pooled else { return combinedLogits(batch) }
    guard let motifs else {
      return (logits(batch), readingStrandsApart.combinedLogits(batch).isReverse)
    }
    let (features, saved) = motifs.forward(batch)
    let side = batch.sideTensor
    let strands = motifs.readingStrandsApart.joinStrands(saved.features)
    let apart = strandLogits(strands, beside: side).scalars
    let half = apart.count / 2
    return (strandLogits(features, beside: side), (0..<half).map { apart[half + $0] > apart[$0] })
  }

  /// The outputs of one shard, `[sequence][task]`.
  private func outputs(_ sequences: ArraySlice<EncodedSequence>) -> [Float] {
    eachBatch(of: sequences) { logits($0).scalars }
  }

  /// Reads a shard as one batch; if the sequences of a batch must have one length, as a batch for each length.
  private func eachBatch<Value>(
    of sequences: ArraySlice<EncodedSequence>, _ read: (SequenceBatch) -> [Value]
  ) -> [Value] {
    let batch = SequenceBatch(sequences, minimumLength: minimumLength)
    guard stem.needsEqualLengths, batch.commonLength == nil else { return read(batch) }
    let rows = Array(0..<batch.count)
    let byLength = Dictionary(grouping: rows) { batch.range(of: $0).count }
    let tasks = taskCount
    var values = [ArraySlice<Value>](repeating: [], count: batch.count)
    for length in byLength.keys.sorted() {
      let own = byLength[length] ?? []
      let read = read(batch.gathered(own))
      for (place, row) in own.enumerated() {
        values[row] = read[place * tasks..<(place + 1) * tasks]
      }
    }
    return values.flatMap { $0 }
  }
}
