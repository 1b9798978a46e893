public import Datasets
public import Genomics
public import Networks
public import Tensors

/// What gives sequences an output per task: a network, a k-mer table, or an ensemble of them.
public protocol Scorer: Sendable {
  var taskCount: Int { get }

  /// The outputs for any number of sequences, `[sequence, task]`, computed on several threads.
  func outputs(_ sequences: [EncodedSequence], threads: Int) -> Tensor

  /// The outputs for each window of `length` bases in a stretch of codes, `[window, task]`.
  ///
  /// - Precondition: Codes are 0…4; the windows are long enough to be read.
  func windowOutputs(_ codes: [UInt8], length: Int) -> Tensor

  /// The outputs for the sequences that have each letter in each place, `[position, letter, task]`: to the
  /// last bit those of `outputs`, at a fraction of the time.
  func substitutionOutputs(_ sequence: EncodedSequence, threads: Int) -> Tensor

  /// How much each base adds to a task's output beside an unknown one in its place, to first order:
  /// `[batch, position]`.
  ///
  /// - Precondition: All sequences have one length, which can be read.
  func contributions(_ batch: SequenceBatch, task: Int) -> Tensor
}

extension Network: Scorer {
  public func windowOutputs(_ codes: [UInt8], length: Int) -> Tensor {
    windowLogits(codes, length: length).logits
  }

  public func substitutionOutputs(_ sequence: EncodedSequence, threads: Int) -> Tensor {
    Tensor(
      shape: [sequence.count, sequence.alphabet.count, taskCount],
      scalars: substitutionScalars(sequence, threads: threads))
  }

  /// The gradient with respect to the base, less the mean of those of the four bases (Majdandzic et al. 2023).
  public func contributions(_ batch: SequenceBatch, task: Int) -> Tensor {
    let centred = inputGradient(batch, task: task).centred()
    let (length, channels) = (centred.shape[1], centred.shape[2])
    var contributions = Tensor(zeros: [batch.count, length])
    for (position, code) in batch.codes.enumerated() where code != batch.alphabet.unknown {
      contributions.scalars[position] = centred.scalars[channels * position + Int(code)]
    }
    return contributions
  }
}

extension KmerTable: Scorer {
  public func windowOutputs(_ codes: [UInt8], length: Int) -> Tensor {
    Tensor(
      shape: [codes.count - length + 1, taskCount], scalars: windowScores(codes, length: length))
  }

  public func substitutionOutputs(_ sequence: EncodedSequence, threads: Int) -> Tensor {
    Tensor(
      shape: [sequence.count, Alphabet.dna.count, taskCount],
      scalars: substitutionScores(sequence.codes))
  }

  /// What the 10-mers that hold the base add, a tenth of each.
  public func contributions(_ batch: SequenceBatch, task: Int) -> Tensor {
    var sum = Tensor(zeros: [batch.count, batch.commonLength ?? 0])
    let (span, mask) = (Self.span, 1 << (2 * Self.span) - 1)
    for row in 0..<batch.count {
      let range = batch.range(of: row)
      let share = 1 / (Float(span) * Float(max(1, range.count - span + 1)).squareRoot())
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
    return sum
  }
}

extension Ensemble: Scorer {
  /// The networks, then the table.
  package var members: [any Scorer] { networks + (kmers.map { [$0] } ?? []) }

  public func outputs(_ sequences: [EncodedSequence], threads: Int) -> Tensor {
    joined([sequences.count, taskCount]) { $0.outputs(sequences, threads: threads) }
  }

  public func windowOutputs(_ codes: [UInt8], length: Int) -> Tensor {
    joined([codes.count - length + 1, taskCount]) { $0.windowOutputs(codes, length: length) }
  }

  public func substitutionOutputs(_ sequence: EncodedSequence, threads: Int) -> Tensor {
    joined([sequence.count, sequence.alphabet.count, taskCount]) {
      $0.substitutionOutputs(sequence, threads: threads)
    }
  }

  /// The members' contributions, each times its weight.
  public func contributions(_ batch: SequenceBatch, task: Int) -> Tensor {
    guard let length = batch.commonLength else {
      preconditionFailure("contributions in sequences of several lengths")
    }
    var sum = Tensor(zeros: [batch.count, length])
    for (index, member) in members.enumerated() {
      let weight = weights.scalars[index * taskCount + task]
      sum += member.contributions(batch, task: task).map { weight * $0 }
    }
    return sum
  }

  private func joined(_ shape: Shape, _ outputs: (any Scorer) -> Tensor) -> Tensor {
    Tensor(shape: shape, scalars: combined(members.map { outputs($0).scalars }))
  }
}
