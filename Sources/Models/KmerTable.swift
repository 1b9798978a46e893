public import Genomics
internal import Parallel
public import Tensors

/// A linear model of which bases stand in the windows of 10 of a sequence.
///
/// The score of a sequence is the bias and the sum of its 10-mers' table rows over the square root of
/// their number. A linear model over gapped k-mers merges into such a table (`GappedKmerTrainer`).
/// The table holds both strands: a 10-mer and its reverse complement have one score.
///
/// The numbers of a task are multiples of its largest number's last place, so that sums in `Double`
/// are exact whatever their order, up to 2²⁹ 10-mers: both strands of a sequence score the same to the
/// last bit, and a window scores the same wherever it is read from.
public struct KmerTable: Equatable, Sendable {
  /// The number of bases whose arrangement counts.
  public static let span = 10

  /// What each 10-mer adds, `[4^10, tasks]`: its bases are the digits of its row in base 4, the first
  /// one highest.
  public let scalars: Tensor
  /// The score of a sequence of unknown bases, `[tasks]`.
  public let bias: Tensor

  /// - Parameters:
  ///   - scalars: `[4^10, tasks]`, finite; rounded to multiples of the last place of each task's
  ///     largest.
  ///   - bias: `[tasks]`.
  public init(scalars: Tensor, bias: Tensor) {
    let tasks = bias.shape[0]
    precondition(
      scalars.shape == [1 << (2 * Self.span), tasks] && bias.shape == [tasks],
      "\(scalars.shape), \(bias.shape)")
    self.scalars = scalars.roundedByColumn()
    self.bias = bias
  }

  public var taskCount: Int { bias.shape[0] }

  private static let sequencesPerShard = 64

  /// The scores of any number of sequences, `[sequence, task]`, computed on several threads.
  ///
  /// 10-mers with an unknown base add 0, and a sequence of fewer than 10 bases scores the bias.
  public func outputs(_ sequences: [EncodedSequence], threads: Int) -> Tensor {
    let size = Self.sequencesPerShard
    let shards = concurrentMap(sequences.count.dividedRoundingUp(by: size), threads: threads) {
      shard in
      sequences[shard * size..<min((shard + 1) * size, sequences.count)].flatMap {
        windowScores($0.codes, length: $0.count)
      }
    }
    return Tensor(shape: [sequences.count, taskCount], scalars: shards.flatMap { $0 })
  }

  /// The scores of the sequences that have each of the four bases in each place, `[position, 4, task]`:
  /// to the last bit those of `outputs`.
  ///
  /// - Precondition: Codes are 0…4.
  public func substitutionScores(_ codes: [UInt8]) -> [Float] {
    scalars.kmerSubstitutionScores(codes, span: Self.span, bias: bias)
  }

  /// The scores of each window of `length` bases in a stretch of codes, `[window][task]`: the same
  /// bits as those of `outputs` for the window alone.
  ///
  /// - Precondition: Codes are 0…4.
  public func windowScores(_ codes: [UInt8], length: Int) -> [Float] {
    scalars.kmerWindowScores(codes, length: length, span: Self.span, bias: bias)
  }
}
