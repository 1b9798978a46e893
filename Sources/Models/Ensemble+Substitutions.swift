public import Genomics
internal import Networks
public import Tensors

extension Ensemble {
  /// The outputs of the sequences that have each of the four bases in each place, `[position, 4,
  /// task]`: to the last bit those of `outputs`, at a fraction of the time.
  ///
  /// - Precondition: The sequence isn't longer than the configuration's `length`, where it has one.
  public func substitutionOutputs(_ sequence: EncodedSequence, threads: Int) -> Tensor {
    let members =
      networks.map { $0.substitutionOutputs(sequence, threads: threads) }
      + (kmers.map { [$0.substitutionScores(sequence.codes)] } ?? [])
    return Tensor(shape: [sequence.count, 4, taskCount], scalars: combined(members))
  }
}
