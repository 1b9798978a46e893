public import Genomics
public import Tensors

extension MotifConvolution {
  /// The features of the sequences that have each of the four bases in each of some places,
  /// `[rows · 4 · positions, …]`: to the last bit what `forward` makes of them.
  fileprivate func substitutionFeatures(_ parts: [MotifTables.Parts], at positions: Range<Int>)
    -> Tensor
  {
    let rows = 4 * positions.count
    var features = Tensor(
      zeros: [tables.count * rows, filterCount * pooling.featuresPerFilter])
    for (strand, (tables, parts)) in zip(tables, parts).enumerated() {
      tables.poolSubstitutions(
        in: parts, at: positions, into: &features, firstRow: strand * rows)
    }
    return joinStrands(features)
  }
}

extension Network {
  /// Places computed at a time, few enough for their features to stay in the cache.
  private static let positionsPerBlock = 32

  /// The outputs of the sequences that have each of the four bases in each place, `[position, 4,
  /// task]`: to the last bit those of `outputs`.
  ///
  /// Behind a motif convolution over all positions only those that a substitution changes are convolved
  /// again; other networks read each sequence whole.
  /// - Precondition: The sequence isn't longer than the configuration's `length`, where it has one.
  func substitutionOutputs(_ sequence: EncodedSequence, threads: Int) -> [Float] {
    guard let motifs = front as? MotifConvolution, motifs.padding == 0,
      configuration.windows == nil, sequence.count >= minimumLength
    else { return outputs(sequence.substitutions, threads: threads).scalars }
    let parts = motifs.tables.map { $0.parts(of: sequence.codes) }
    let size = Self.positionsPerBlock
    return concurrentMap((sequence.count + size - 1) / size, threads: threads) { block in
      let positions = block * size..<min((block + 1) * size, sequence.count)
      let features = motifs.substitutionFeatures(parts, at: positions)
      return combineStrands(strandLogits(features)).logits.scalars
    }.flatMap { $0 }
  }
}

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

extension EncodedSequence {
  /// The sequences that have each of the four bases in each place, the place counted first.
  public var substitutions: [EncodedSequence] {
    codes.indices.flatMap { position in
      (0..<4).map { base in
        var copy = codes
        copy[position] = UInt8(base)
        return EncodedSequence(codes: copy)
      }
    }
  }
}
