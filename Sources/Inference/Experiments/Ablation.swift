public import Genomics
public import Models
internal import Tensors

/// What the outputs lose if a part of a sequence is replaced by background.
///
/// The bases of the part are those that dinucleotide shuffles of the whole sequence have there, so that its
/// composition stays.
public struct Ablation: Sendable {
  private let ensemble: Ensemble
  /// The number of shuffles that a part is replaced by.
  private let copies: Int
  private let seed: UInt64
  private let threads: Int

  /// - Precondition: `copies` is above 0.
  public init(_ model: Model, copies: Int, seed: UInt64, threads: Int) {
    precondition(copies > 0, "\(copies) copies")
    ensemble = model.ensemble
    (self.copies, self.seed, self.threads) = (copies, seed, threads)
  }

  /// The output of the sequence as it is less the mean of those with a part replaced, `[part][task]`.
  ///
  /// - Parameter index: Tells the sequence from others: the shuffles depend on it and on the seed.
  /// - Precondition: The parts lie in the sequence, which the model reads whole.
  public func effects(of parts: [Range<Int>], in sequence: EncodedSequence, index: Int)
    -> [[MeanEffect]]
  {
    var shuffler = DinucleotideShuffler()
    let shuffles = (0..<copies).map { copy in
      var random = RandomStream(seed: seed, .experiments, index, copy)
      return shuffler.shuffled(sequence, using: &random)
    }
    let replaced = parts.flatMap { part in
      shuffles.map { shuffle in
        var codes = sequence.codes
        codes.replaceSubrange(part, with: shuffle.codes[part])
        return sequence.with(codes: codes)
      }
    }
    let outputs = ensemble.outputs([sequence] + replaced, threads: threads).scalars
    let tasks = ensemble.taskCount
    return parts.indices.map { part in
      (0..<tasks).map { task in
        MeanEffect(
          of: (0..<copies).map { copy in
            let row = 1 + part * copies + copy
            return Double(outputs[task]) - Double(outputs[row * tasks + task])
          })
      }
    }
  }
}
