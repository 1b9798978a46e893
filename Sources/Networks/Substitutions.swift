internal import Datasets
public import Genomics
internal import Layers
internal import Parallel
internal import Tensors

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

  /// The outputs of the sequences that have each of the four bases in each place, `[position][base][task]`: to
  /// the last bit those of `outputs`.
  ///
  /// Behind a motif convolution over all positions only those that a substitution changes are convolved
  /// again; of windows only those that hold the place are read again, where what they score doesn't
  /// depend on those beside them and the best counts. Other networks read each sequence whole.
  /// - Precondition: The sequence isn't longer than the configuration's `length`, if it has one.
  package func substitutionScalars(_ sequence: EncodedSequence, threads: Int) -> [Float] {
    if let rule = configuration.windows, rule.reduction == .max, motifs?.pooling == .max,
      sequence.count >= minimumLength
    {
      return windowSubstitutionOutputs(sequence.codes, by: rule, threads: threads)
    }
    guard let motifs = stem as? MotifConvolution, motifs.padding == 0,
      configuration.windows == nil, sequence.count >= minimumLength
    else { return outputs(sequence.substitutions, threads: threads).scalars }
    let parts = motifs.tables.map { $0.parts(of: sequence.codes) }
    // One row for all: each of them has the sequence's numbers beside it.
    let side = SequenceBatch([sequence]).sideTensor
    let size = Self.positionsPerBlock
    return concurrentMap(sequence.count.dividedRoundingUp(by: size), threads: threads) { block in
      let positions = block * size..<min((block + 1) * size, sequence.count)
      let features = motifs.substitutionFeatures(parts, at: positions)
      return combineStrands(strandLogits(features, beside: side)).logits.scalars
    }.flatMap { $0 }
  }

  /// The same of a network that scores a sequence by its best window.
  private func windowSubstitutionOutputs(_ codes: [UInt8], by rule: WindowRule, threads: Int)
    -> [Float]
  {
    var prepared = self
    prepared.prepare()
    let length = min(rule.length, codes.count)
    let rows = configuration.strands.rowsPerExample
    let best = prepared.bestWindows(codes, length: length)
    let size = Self.positionsPerBlock
    return concurrentMap(codes.count.dividedRoundingUp(by: size), threads: threads) {
      [prepared] block in
      let positions = block * size..<min((block + 1) * size, codes.count)
      var logits = Tensor(zeros: [rows * 4 * positions.count, taskCount])
      for (index, position) in positions.enumerated() {
        let first = max(0, position - length + 1)
        let end = min(position, codes.count - length) + 1
        var stretch = Array(codes[first..<end - 1 + length])
        for base in 0..<4 {
          stretch[position - first] = UInt8(base)
          let changed = prepared.reducedLogits(of: stretch, by: rule)
          for (column, logit) in changed.enumerated() {
            let row = column / taskCount * 4 * positions.count + 4 * index + base
            logits.scalars[row * taskCount + column % taskCount] = max(
              logit, best.before[first][column], best.from[end][column])
          }
        }
      }
      return combineStrands(logits).logits.scalars
    }.flatMap { $0 }
  }

  /// For each window, and behind the last one, the best logits of those before it and of those from it on,
  /// `[row][task]`.
  private func bestWindows(_ codes: [UInt8], length: Int) -> (before: [[Float]], from: [[Float]]) {
    let windows = codes.count - length + 1
    let logits = strandLogits(stem.windowFeatures(codes, length: length)).scalars
    let none = [Float](
      repeating: -.infinity, count: configuration.strands.rowsPerExample * taskCount)
    func runningMaxima(_ order: some Sequence<Int>) -> [[Float]] {
      order.reduce(into: [none]) { maxima, window in
        maxima.append(
          zip(none.indices, maxima[maxima.count - 1]).map { column, best in
            let row = column / taskCount * windows + window
            return max(best, logits[row * taskCount + column % taskCount])
          })
      }
    }
    return (
      runningMaxima(0..<windows), runningMaxima((0..<windows).reversed()).reversed()
    )
  }
}

extension EncodedSequence {
  /// The sequences that have each letter of the alphabet in each place, the place counted first.
  public var substitutions: [EncodedSequence] {
    codes.indices.flatMap { position in
      (0..<alphabet.unknown).map { letter in
        var copy = codes
        copy[position] = letter
        return with(codes: copy)
      }
    }
  }
}
