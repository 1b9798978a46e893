public import Datasets
internal import Genomics
internal import Networks
public import Tensors

extension Ensemble {
  /// How much each base adds to a task's output beside an unknown one in its place, to first order:
  /// `[batch, position]`.
  ///
  /// For a network that is its gradient with respect to the base, less the mean of those of the four
  /// bases (Majdandzic et al. 2023); for the k-mer table what the 10-mers that hold the base add, a
  /// tenth of each.
  /// - Precondition: All sequences have one length, that of the configuration or of the windows that it
  ///   reads, where it has one.
  public func baseContributions(_ batch: SequenceBatch, task: Int) -> Tensor {
    guard let length = batch.commonLength else {
      preconditionFailure("contributions in sequences of several lengths")
    }
    var sum = Tensor(zeros: [batch.count, length])
    for (member, network) in networks.enumerated() {
      let gradient = network.inputGradient(batch, task: task).scalars
      let weight = weights.scalars[member * taskCount + task]
      for (position, code) in batch.codes.enumerated() where code != EncodedSequence.unknown {
        let own = gradient[4 * position..<4 * position + 4]
        sum.scalars[position] += weight * (own[own.startIndex + Int(code)] - own.reduce(0, +) / 4)
      }
    }
    if let kmers {
      let weight = weights.scalars[networks.count * taskCount + task]
      kmers.addContributions(of: batch, task: task, times: weight, to: &sum)
    }
    return sum
  }
}

extension KmerTable {
  /// Adds what the 10-mers that hold each base add to a task's score, a tenth of each.
  fileprivate func addContributions(
    of batch: SequenceBatch, task: Int, times weight: Float, to sum: inout Tensor
  ) {
    let (span, mask) = (Self.span, 1 << (2 * Self.span) - 1)
    for row in 0..<batch.count {
      let range = batch.range(of: row)
      let share = weight / (Float(span) * Float(max(1, range.count - span + 1)).squareRoot())
      var (kmer, known) = (0, 0)
      for position in range {
        let code = batch.codes[position]
        known = code == EncodedSequence.unknown ? 0 : known + 1
        kmer = (kmer << 2 | Int(code & 3)) & mask
        guard known >= span else { continue }
        let added = share * scalars.scalars[kmer * taskCount + task]
        for base in position - span + 1...position { sum.scalars[base] += added }
      }
    }
  }
}
