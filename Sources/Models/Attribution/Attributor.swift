public import Datasets
internal import Genomics
internal import Networks
public import Tensors

/// Divides the outputs of an ensemble among the bases of sequences. Every member has its part, times its weight.
///
/// Contributions are hypothetical: of each position what each of the four bases would contribute, were it there
/// (`[batch, position, 4]`). With multipliers `m` and references `r`, both per position and base, that is
///
///     h(p, b) = mean over references of Σ_c m(p, c) · (1[b = c] - r(p, c))
///
/// The contribution of the base that is there is `h` of that base; an unknown base has the mean of the four.
public struct Attributor: Sendable {
  private let ensemble: Ensemble
  /// The networks, computed layer by layer from the one-hot tensor.
  private let plain: [Network]
  private let method: AttributionMethod
  /// For each reference in turn the order in which places of k-mers change.
  private let orders: [[Int]]

  /// - Parameters:
  ///   - references: The number of references of each sequence; none if the method reads none.
  ///   - seed: What the orders are drawn from.
  public init(
    _ ensemble: Ensemble, by method: AttributionMethod, references: Int, seed: UInt64
  ) {
    precondition((references > 0) == method.readsReferences, "\(references) references")
    self.ensemble = ensemble
    self.method = method
    plain = method.readsReferences ? ensemble.networks.map(\.plain) : []
    orders = (0..<references).map { reference in
      var random = RandomStream(seed: seed, .references, -1, reference)
      var order = Array(0..<KmerTable.span)
      random.shuffle(&order)
      return order
    }
  }

  /// - Parameter references: Batches like `batch`, of dinucleotide shuffles, for example.
  /// - Precondition: All sequences have one length; there are as many references as said before.
  public func contributions(_ batch: SequenceBatch, references: [SequenceBatch], task: Int)
    -> Tensor
  {
    precondition(references.count == orders.count, "\(references.count) references")
    var sum = Tensor(zeros: [batch.count, batch.commonLength ?? 0, batch.alphabet.count])
    for (index, network) in ensemble.networks.enumerated() {
      let weight = ensemble.weights(of: index)[task]
      if method.readsReferences {
        sum += contributions(of: plain[index], batch, references, task: task).map { weight * $0 }
      } else {
        sum += contributions(of: network, batch, task: task).map { weight * $0 }
      }
    }
    guard let kmers = ensemble.kmers else { return sum }
    let weight = ensemble.weights(of: ensemble.networks.count)[task]
    if method.readsReferences {
      sum += contributions(of: kmers, batch, references, task: task).map { weight * $0 }
    } else {
      sum += substitutions(of: kmers, batch, task: task).map { weight * $0 }
    }
    return sum
  }

  private func contributions(
    of network: Network, _ batch: SequenceBatch, _ references: [SequenceBatch], task: Int
  ) -> Tensor {
    let read = batch.padded(for: network)
    let passage = method == .deepLIFT ? network.passage(of: read) : nil
    var sum = Tensor(zeros: [batch.count, read.commonLength ?? 0, batch.alphabet.count])
    for reference in references {
      let reference = reference.padded(for: network)
      let multipliers =
        passage.map {
          network.multipliers(at: $0, from: network.passage(of: reference), task: task)
        } ?? network.meanGradient(of: read, from: reference, task: task)
      sum.add(multipliers, lessThoseOf: reference, times: 1 / Float(references.count))
    }
    return sum.droppingPadding(of: batch)
  }

  /// The contributions by a method that reads no references.
  private func contributions(of network: Network, _ batch: SequenceBatch, task: Int) -> Tensor {
    guard method == .gradient else { return substitutions(of: network, batch, task: task) }
    return network.inputGradient(batch.padded(for: network), task: task).centred()
      .droppingPadding(of: batch)
  }

  /// The outputs with each base in each place, less their mean. Of a k-mer table they are its gradient: the table is
  /// linear in each place.
  private func substitutions(of member: some Scorer, _ batch: SequenceBatch, task: Int) -> Tensor {
    let scalars = (0..<batch.count).flatMap { row -> [Float] in
      let sequence = batch[row]
      let outputs = member.substitutionOutputs(sequence, threads: 1)
      return stride(from: task, to: outputs.scalars.count, by: member.taskCount).map {
        outputs.scalars[$0]
      }
    }
    return Tensor(
      shape: [batch.count, batch.commonLength ?? 0, batch.alphabet.count], scalars: scalars
    ).centred()
  }

  /// Each reference stands for two orders of a k-mer's places, one the other way round.
  private func contributions(
    of kmers: KmerTable, _ batch: SequenceBatch, _ references: [SequenceBatch], task: Int
  ) -> Tensor {
    let length = batch.commonLength ?? 0
    let count = Float(max(1, length - KmerTable.span + 1)).squareRoot()
    var sum = Tensor(zeros: [batch.count, length, Alphabet.dna.count])
    for (order, reference) in zip(orders, references) {
      let rows = (0..<batch.count).flatMap { row -> [Float] in
        var multipliers = [Float](repeating: 0, count: length * Alphabet.dna.count)
        for order in [order, order.reversed()] {
          kmers.scalars.addKmerMultipliers(
            Array(batch.codes[batch.range(of: row)]),
            from: Array(reference.codes[reference.range(of: row)]), order: order, task: task,
            times: 0.5 / count, to: &multipliers)
        }
        return multipliers
      }
      sum.add(
        Tensor(shape: sum.shape, scalars: rows), lessThoseOf: reference,
        times: 1 / Float(references.count))
    }
    return sum
  }
}

extension SequenceBatch {
  /// The sequences with unknown bases on both sides, if they are too short for a network.
  fileprivate func padded(for network: Network) -> SequenceBatch {
    guard let length = commonLength, length < network.minimumLength else { return self }
    let sequences = (0..<count).map { self[$0] }
    return SequenceBatch(sequences[...], minimumLength: network.minimumLength)
  }
}

extension Tensor {
  /// The positions, of `[batch, position, letter]`, that are a batch's own: the middle ones.
  fileprivate func droppingPadding(of batch: SequenceBatch) -> Tensor {
    let (length, letters, kept) = (shape[1], shape[2], batch.commonLength ?? 0)
    guard kept < length else { return self }
    let scalars = (0..<shape[0]).flatMap { row -> ArraySlice<Float> in
      let first = letters * (row * length + (length - kept) / 2)
      return self.scalars[first..<first + letters * kept]
    }
    return Tensor(shape: [shape[0], kept, letters], scalars: scalars)
  }

  /// Adds multipliers, `[batch, position, letter]`, each position's less that of the reference's base there.
  fileprivate mutating func add(
    _ multipliers: Tensor, lessThoseOf reference: SequenceBatch, times factor: Float
  ) {
    let letters = shape[2]
    for (position, code) in reference.codes.enumerated() {
      let first = letters * position
      let base =
        code == reference.alphabet.unknown
        ? multipliers.mean(first) : multipliers.scalars[first + Int(code)]
      for index in first..<first + letters {
        scalars[index] += factor * (multipliers.scalars[index] - base)
      }
    }
  }

  /// Each position's numbers less their mean, of `[batch, position, letter]`.
  func centred() -> Tensor {
    var centred = self
    let letters = shape[2]
    for first in stride(from: 0, to: scalars.count, by: letters) {
      let mean = mean(first)
      for index in first..<first + letters { centred.scalars[index] -= mean }
    }
    return centred
  }

  private func mean(_ first: Int) -> Float {
    let letters = shape[2]
    return scalars[first + 1..<first + letters].reduce(scalars[first], +) / Float(letters)
  }
}
