package import Datasets
internal import Genomics
internal import Layers

/// Sequences of one length to learn from.
package struct SequenceShard: Sendable {
  let sequences: SequenceBatch
  /// The factor of the loss: one over the batch's size.
  let scale: Float

  package init(sequences: SequenceBatch, scale: Float) {
    (self.sequences, self.scale) = (sequences, scale)
  }
}

/// A plan to learn from sequences of one length, each read from one of its strands, drawn anew in each epoch.
package protocol SequencePlan: LearningPlan where Learned.Shard == SequenceShard {
  var sequences: PretrainingSequences { get }
  var training: TrainingConfiguration { get }
}

extension SequencePlan {
  package var epochs: Int { training.epochs }
  package var examplesPerEpoch: Int { sequences.training.count }

  package func configuration(ofPhase phase: Int) -> TrainingConfiguration { training }

  package func shardSize(of learner: Learned) -> Int {
    min(training.batchSize, training.shardSize > 0 ? training.shardSize : Self.usualShard)
  }

  private static var usualShard: Int { 32 }

  package func order(epoch: Int) -> [Int] {
    examplesInTurn(
      sequences.training.count, perEpoch: examplesPerEpoch, epoch: epoch, seed: seed)
  }

  package func shard(_ numbers: ArraySlice<Int>, epoch: Int, batch: Int) -> SequenceShard {
    SequenceShard(
      sequences: sequences.strands(of: numbers, epoch: epoch, seed: seed), scale: 1 / Float(batch))
  }
}

extension PretrainingSequences {
  /// Training sequences by their numbers, each read from one of its strands, drawn anew in each epoch.
  func strands(of numbers: some Sequence<Int>, epoch: Int, seed: UInt64) -> SequenceBatch {
    var batch = SequenceBatch()
    for number in numbers {
      var random = RandomStream(seed: seed, .sequenceStrands, epoch, number)
      let codes = training[number]
      batch.append(
        random.next(below: 2) == 0 ? codes : Alphabet.dna.reverseComplement(of: codes[...]))
    }
    return batch
  }
}
