package import Datasets
package import Layers
package import Tensors

/// Motif detectors whose positions are pooled in windows: a convolution over one-hot bases, a bias, a
/// rectifier, and pooling over each `window` positions, a last partial window dropped.
///
/// The fused form of a convolution, a rectifier and a window pooling over the one-hot tensor: to rounding it
/// equals the layers, without their tensors.
package struct WindowedMotifConvolution: Stem {
  /// The detectors, and how windows are pooled.
  package private(set) var motifs: MotifConvolution
  package let window: Int

  /// - Precondition: The strand rule isn't `pooled`, and means aren't scaled.
  package init(_ motifs: MotifConvolution, window: Int) {
    precondition(
      window > 0 && motifs.strands != .pooled && motifs.meanScale == 1,
      "a window of \(window), strands \(motifs.strands), means times \(motifs.meanScale)")
    self.motifs = motifs
    self.window = window
  }

  package mutating func prepare() {
    motifs.prepare()
  }

  package mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try motifs.visitParameters(visit)
  }

  package var layerCount: Int { 3 }
  package var needsEqualLengths: Bool { true }

  private var pooling: Pooling { motifs.pooling }
  private var featureCount: Int { motifs.filterCount * pooling.featuresPerFilter }
  /// The column of the first mean.
  private var meanColumn: Int { featureCount - motifs.filterCount }

  /// What was read, the reverse strands in their own direction, and the winners,
  /// `[strands · batch, window, filter]`.
  package struct Saved: Sendable {
    let tables: MotifTables
    let read: SequenceBatch
    let winner: [Int32]
  }

  /// - Returns: `[strands · batch, window, filters]`, or `[strands · batch, window, 2 · filters]` with
  ///   the means behind the maxima. Windows are counted from the beginning of the strand.
  package func forward(_ batch: SequenceBatch) -> (output: Tensor, saved: Saved) {
    var read = batch
    if motifs.strands != .forward { read.append(contentsOf: batch.reverseComplement) }
    let tables = motifs.tables[0]
    let (features, winner) = tables.poolWindows(
      of: window, codes: read.codes, offsets: read.offsets, maxima: pooling.hasMaxima,
      means: pooling.hasMeans)
    return (features, Saved(tables: tables, read: read, winner: winner))
  }

  package func backward(_ gradient: Tensor, saved: Saved, batch: SequenceBatch) -> [Tensor] {
    var weightGradient = Tensor(zeros: motifs.weight.shape)
    var biasGradient = Tensor(zeros: motifs.bias.shape)
    saved.tables.addWindowGradient(
      of: window, codes: saved.read.codes, offsets: saved.read.offsets, gradient: gradient,
      winner: saved.winner, toWeight: &weightGradient, bias: &biasGradient)
    return [weightGradient, biasGradient]
  }

  package func inputGradient(_ outer: Tensor, saved: Saved, batch: SequenceBatch) -> Tensor {
    let (read, windows, outer) = (saved.read, outer.shape[1], outer.scalars)
    let length = read.range(of: 0).count
    let (filters, lanes) = (motifs.filterCount, saved.tables.lanes)
    let positions = length - motifs.width + 1
    // The gradient of each position's convolution, which pooling leaves 0 for most.
    var flow = Tensor(zeros: [read.count, positions, filters])
    var convolved: [Float] = []
    for row in 0..<read.count * windows {
      let (sequence, first) = (row / windows, row % windows * window)
      if first == 0 {
        saved.tables.convolve(Array(read.codes[read.range(of: sequence)]), into: &convolved)
      }
      for position in first..<first + window {
        let place = (sequence * positions + position) * filters
        for filter in 0..<filters where convolved[position * lanes + filter] > 0 {
          if pooling.hasMaxima, Int(saved.winner[row * filters + filter]) == position {
            flow.scalars[place + filter] += outer[row * featureCount + filter]
          }
          if pooling.hasMeans {
            flow.scalars[place + filter] +=
              outer[row * featureCount + meanColumn + filter] / Float(window)
          }
        }
      }
    }
    let gradient = flow.convolutionInputGradient(weight: motifs.weight, positions: length)
    return OneHot(strands: motifs.strands).inputGradient(gradient, saved: true, batch: batch)
  }
}

extension WindowedMotifConvolution {
  /// Convolves each position once and slides the pooling over the positions, instead of computing
  /// overlapping windows one by one.
  package func windowFeatures(_ codes: [UInt8], length: Int) -> Tensor {
    let count = codes.count - length + 1
    let positions = length - motifs.width + 1
    let windows = positions / window
    precondition(count > 0 && windows > 0, "windows of \(length) in \(codes.count) bases")
    let tables = motifs.tables
    var output = Tensor(zeros: [tables.count * count, windows * featureCount])
    let lanes = tables[0].lanes
    var convolved: [Float] = []
    func pool(_ reduction: SlidingReduction, strand: Int, toColumn column: Int) {
      for index in 0..<windows {
        let first = strand == 0 ? index * window : positions - (index + 1) * window
        output.slide(
          reduction, over: Array(convolved[first * lanes..<(first + count + window - 1) * lanes]),
          lanes: lanes, window: window, columns: motifs.filterCount, toRow: strand * count,
          column: index * featureCount + column)
      }
    }
    for (strand, tables) in tables.enumerated() {
      tables.convolve(codes, into: &convolved)
      rectify(&convolved)
      if pooling.hasMaxima { pool(.maximum, strand: strand, toColumn: 0) }
      if pooling.hasMeans { pool(.sum, strand: strand, toColumn: meanColumn) }
    }
    if pooling.hasMeans {
      for index in 0..<windows {
        let first = index * featureCount + meanColumn
        output.scaleColumns(first..<first + motifs.filterCount, by: 1 / Float(window))
      }
    }
    return output.reshaped([tables.count * count, windows, featureCount])
  }
}
