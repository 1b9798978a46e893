package import Datasets
package import Layers
package import Tensors

/// DeepBind's motif detectors: a convolution over one-hot bases, a bias, a rectifier, and pooling
/// over all positions (Alipanahi et al. 2015, eqs. 1–3).
///
/// The fused form of a convolution, a rectifier and a global pooling over the one-hot tensor. It reads codes
/// through look-up tables and never makes that tensor; to rounding it equals the layers. Filters read the
/// reverse strand as their reverse complements. With the rule `pooled` the features of both strands become
/// one row.
package struct MotifConvolution: ParameterHolder, Sendable {
  package private(set) var weight: Tensor  // [width, channel, filter]
  package private(set) var bias: Tensor  // [filter]
  package let pooling: Pooling
  /// What means are multiplied by; they are small beside maxima.
  package let meanScale: Float
  package private(set) var strands: StrandRule
  /// The number of unknown bases that are read before and behind each sequence.
  package let padding: Int
  /// The tables, where they were made beforehand. In training each thread makes its own: that takes less time than to
  /// fetch those that another processor has just written.
  private var preparedTables: [MotifTables]?

  package init(
    weight: Tensor, bias: Tensor, pooling: Pooling, meanScale: Float = 1, strands: StrandRule,
    padding: Int = 0
  ) {
    precondition(
      weight.shape.rank == 3 && weight.shape[1] == 4 && bias.shape == [weight.shape[2]],
      "filters of \(weight.shape), biases of \(bias.shape)")
    self.weight = weight
    self.bias = bias
    self.pooling = pooling
    self.meanScale = meanScale
    self.strands = strands
    self.padding = padding
  }

  package mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    preparedTables = nil
    try visit("0.weight", .weight, &weight)
    try visit("0.bias", .bias, &bias)
  }

  /// The filters for each strand that is read.
  package var tables: [MotifTables] {
    preparedTables
      ?? (0..<strands.strandCount).map {
        MotifTables(weight: weight, bias: bias, reverse: $0 == 1)
      }
  }

  package var filterCount: Int { weight.shape[2] }
  package var width: Int { weight.shape[0] }
  var minimumLength: Int { max(1, width - 2 * padding) }

  /// The same filters, which give each strand a row of its own.
  var readingStrandsApart: MotifConvolution {
    var copy = self
    if strands == .pooled { copy.strands = .max }
    return copy
  }

}

extension MotifConvolution: Stem {
  package var layerCount: Int { 3 }

  package mutating func prepare() {
    preparedTables = tables
  }

  package var needsEqualLengths: Bool { false }

  /// What the backward pass needs of the forward pass.
  package struct Saved: Sendable {
    let tables: [MotifTables]
    /// The sequences with what pads them.
    let read: SequenceBatch
    /// Those of each strand, `[strands · batch, features]`.
    let features: Tensor
    /// For each strand where each maximum stands, `[sequence, filter]`.
    let winners: [[Int32]]
  }

  /// - Returns: `[rows · batch, filters]`, or `[rows · batch, 2 · filters]` with the means behind the
  ///   maxima.
  package func forward(_ batch: SequenceBatch) -> (output: Tensor, saved: Saved) {
    let tables = tables
    let read = padded(batch)
    var features = Tensor(
      zeros: [tables.count * batch.count, filterCount * pooling.featuresPerFilter])
    var winners: [[Int32]] = []
    for (strand, tables) in tables.enumerated() {
      winners.append(
        tables.pool(
          codes: read.codes, offsets: read.offsets, into: &features,
          firstRow: strand * batch.count))
    }
    return (
      joinStrands(features),
      Saved(tables: tables, read: read, features: features, winners: winners)
    )
  }

  /// The sequences with the unknown bases that it reads before and behind each.
  package func padded(_ batch: SequenceBatch) -> SequenceBatch {
    padding == 0 ? batch : batch.padded(by: padding)
  }

  /// Makes what the layers read of each strand's features, `[strands · rows, features]`.
  func joinStrands(_ features: Tensor) -> Tensor {
    var joined = strands == .pooled ? features.joiningStrands(maxima: filterCount) : features
    if meanScale != 1 { joined.scaleColumns(meanColumns, by: meanScale) }
    return joined
  }

  /// The transpose of `joinStrands`, where the strands' features were `features`.
  private func splitStrands(_ gradient: Tensor, features: Tensor) -> Tensor {
    var gradient = gradient
    if meanScale != 1 { gradient.scaleColumns(meanColumns, by: meanScale) }
    guard strands == .pooled else { return gradient }
    return gradient.splittingStrands(of: features, maxima: filterCount)
  }

  private var meanColumns: Range<Int> { filterCount..<filterCount * pooling.featuresPerFilter }

  package func backward(_ gradient: Tensor, saved: Saved, batch: SequenceBatch) -> [Tensor] {
    let strandGradient = splitStrands(gradient, features: saved.features)
    var weightGradient = Tensor(zeros: weight.shape)
    var biasGradient = Tensor(zeros: bias.shape)
    for (strand, tables) in saved.tables.enumerated() {
      tables.addGradient(
        codes: saved.read.codes, offsets: saved.read.offsets, features: saved.features,
        gradient: strandGradient, firstRow: strand * batch.count, winner: saved.winners[strand],
        toWeight: &weightGradient, bias: &biasGradient)
    }
    return [weightGradient, biasGradient]
  }

  package func inputGradient(
    _ outer: Tensor, saved: Saved, batch: SequenceBatch
  ) -> Tensor {
    let read = saved.read
    guard let length = read.commonLength else {
      preconditionFailure("an input gradient of sequences of several lengths")
    }
    let strandGradient = splitStrands(outer, features: saved.features).scalars
    let (filters, lanes) = (filterCount, saved.tables[0].lanes)
    let features = filters * pooling.featuresPerFilter
    let positions = length - width + 1
    var gradient = Tensor(zeros: [batch.count, length, 4])
    var convolved: [Float] = []
    for (strand, tables) in saved.tables.enumerated() {
      // The gradient of each position's convolution, which pooling leaves 0 for most.
      var flow = Tensor(zeros: [batch.count, positions, filters])
      for row in 0..<batch.count {
        let first = (strand * batch.count + row) * features
        for filter in 0..<filters where saved.features.scalars[first + filter] > 0 {
          let winner = Int(saved.winners[strand][row * filters + filter])
          flow.scalars[(row * positions + winner) * filters + filter] =
            strandGradient[first + filter]
        }
        guard pooling == .maxAndMean else { continue }
        tables.convolve(Array(read.codes[read.range(of: row)]), into: &convolved)
        for position in 0..<positions {
          let place = (row * positions + position) * filters
          for filter in 0..<filters where convolved[position * lanes + filter] > 0 {
            flow.scalars[place + filter] +=
              strandGradient[first + filters + filter] / Float(positions)
          }
        }
      }
      gradient += flow.convolutionInputGradient(
        weight: strand == 0 ? weight : weight.reverseComplementedFilters, positions: length)
    }
    return gradient.droppingPositions(padding)
  }
}

extension Tensor {
  /// Filters `[width, channel, filter]` that read the other strand.
  fileprivate var reverseComplementedFilters: Tensor {
    let filters = shape[2]
    var turned: [Float] = []
    turned.reserveCapacity(scalars.count)
    // Taps and channels both turn round, so the filters' rows do.
    for row in (0..<shape[0] * shape[1]).reversed() {
      turned += scalars[row * filters..<(row + 1) * filters]
    }
    return Tensor(shape: shape, scalars: turned)
  }

  /// `[batch, position, channel]` without so many positions at either end.
  func droppingPositions(_ count: Int) -> Tensor {
    guard count > 0 else { return self }
    let (positions, channels) = (shape[1], shape[2])
    let kept = (positions - 2 * count) * channels
    var rest: [Float] = []
    for row in 0..<shape[0] {
      let first = (row * positions + count) * channels
      rest += scalars[first..<first + kept]
    }
    return Tensor(shape: [shape[0], positions - 2 * count, channels], scalars: rest)
  }
}
