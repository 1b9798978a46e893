public import Genomics
public import Networks
public import Tensors

/// What every substitution in a sequence does to a model's outputs: saturation mutagenesis in silico.
public struct Mutagenesis: Sendable {
  public let sequence: EncodedSequence
  /// The outputs for the sequence as it is, one a task.
  public let reference: [Float]
  /// The output with a base in a place, less that of the sequence as it is, `[position, 4, task]`; 0 for the base
  /// that stands there.
  public let deltas: Tensor

  /// - Precondition: The sequence isn't longer than the configuration's `length`, where it has one.
  public init(of sequence: EncodedSequence, by ensemble: Ensemble, threads: Int) {
    let reference = ensemble.outputs([sequence], threads: 1).scalars
    var deltas = ensemble.substitutionOutputs(sequence, threads: threads)
    for index in deltas.scalars.indices {
      deltas.scalars[index] -= reference[index % reference.count]
    }
    self.sequence = sequence
    self.reference = reference
    self.deltas = deltas
  }

  /// The deltas of one task, `[position][4]`.
  public func deltas(of task: Int) -> [Float] {
    stride(from: task, to: deltas.scalars.count, by: reference.count).map { deltas.scalars[$0] }
  }
}
