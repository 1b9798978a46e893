public import Datasets
public import Tensors

/// DeepBind's motif detectors: a convolution over one-hot bases, a bias, a rectifier, and pooling
/// over all positions (Alipanahi et al. 2015, eqs. 1–3).
///
/// It reads codes through look-up tables and never makes the one-hot tensor; to rounding it equals
/// `OneHot`, `Convolution`, `Rectifier` and `GlobalPooling`, without padding. Filters read the
/// reverse strand as their reverse complements.
public struct MotifConvolution: Front {
  public private(set) var weight: Tensor  // [width, channel, filter]
  public private(set) var bias: Tensor  // [filter]
  public let pooling: Pooling
  public let strands: StrandRule
  /// The filters for each strand that is read; they follow the weight.
  public private(set) var tables: [MotifTables]

  public init(weight: Tensor, bias: Tensor, pooling: Pooling, strands: StrandRule) {
    precondition(
      weight.shape.rank == 3 && weight.shape[1] == 4 && bias.shape == [weight.shape[2]],
      "filters of \(weight.shape), biases of \(bias.shape)")
    self.weight = weight
    self.bias = bias
    self.pooling = pooling
    self.strands = strands
    tables = Self.tables(for: weight, strands: strands)
  }

  /// Draws weights from a normal distribution of standard deviation `scale`; biases are 0.
  public init(
    filters: Int, width: Int, scale: Float, pooling: Pooling, strands: StrandRule,
    using random: inout RandomStream
  ) {
    self.init(
      weight: Tensor(
        shape: [width, 4, filters],
        scalars: (0..<width * 4 * filters).map { _ in Float(random.normal()) * scale }),
      bias: Tensor(zeros: [filters]), pooling: pooling, strands: strands)
  }

  public var parameters: [Tensor] {
    get { [weight, bias] }
    set {
      (weight, bias) = (newValue[0], newValue[1])
      tables = Self.tables(for: weight, strands: strands)
    }
  }

  public var filterCount: Int { weight.shape[2] }
  public var width: Int { weight.shape[0] }
  public var minimumLength: Int { width }
  public var needsEqualLengths: Bool { false }

  private static func tables(for weight: Tensor, strands: StrandRule) -> [MotifTables] {
    (0..<strands.strandCount).map { MotifTables(weight: weight, reverse: $0 == 1) }
  }

  /// The biases, filled up with zeros to a whole row of the tables.
  public var laneBias: [Float] {
    bias.scalars + [Float](repeating: 0, count: tables[0].lanes - filterCount)
  }

  /// - Returns: `[strands · batch, filters]`, or `[strands · batch, 2 · filters]` with the means
  ///   behind the maxima; and for each strand what pooling found.
  public func forward(_ batch: SequenceBatch)
    -> (output: Tensor, saved: [MotifTables.Pooled])
  {
    let laneBias = laneBias
    let pooled = tables.map {
      $0.pool(
        codes: batch.codes, offsets: batch.offsets, bias: laneBias,
        withSums: pooling == .maxAndMean)
    }
    let (lanes, filters) = (tables[0].lanes, filterCount)
    let features = filters * pooling.featuresPerFilter
    var output = [Float]()
    output.reserveCapacity(pooled.count * batch.count * features)
    for strand in pooled {
      for row in 0..<batch.count {
        for filter in 0..<filters {
          output.append(max(0, strand.maximum[row * lanes + filter] + bias.scalars[filter]))
        }
        guard pooling == .maxAndMean else { continue }
        let positions = Float(positionCount(of: row, in: batch))
        for filter in 0..<filters {
          output.append(strand.rectifiedSum[row * lanes + filter] / positions)
        }
      }
    }
    return (Tensor(shape: [pooled.count * batch.count, features], scalars: output), pooled)
  }

  public func backward(
    _ outputGradient: Tensor, saved: [MotifTables.Pooled], batch: SequenceBatch
  ) -> [Tensor] {
    // [filter][width][channel], so that a winner's window adds to one run of memory.
    var gradient = [Float](repeating: 0, count: weight.scalars.count)
    var biasGradient = [Float](repeating: 0, count: tables[0].lanes)
    let laneBias = laneBias
    for (strand, pooled) in saved.enumerated() {
      let flow = laneGradients(outputGradient, strand: strand, pooled: pooled, batch: batch)
      tables[strand].addWinnerGradient(
        codes: batch.codes, offsets: batch.offsets, winner: pooled.winner,
        winnerGradient: flow.winner, to: &gradient)
      for (index, value) in flow.winner.enumerated() where value != 0 {
        biasGradient[index % biasGradient.count] += value
      }
      guard pooling == .maxAndMean else { continue }
      tables[strand].addRectifiedGradient(
        codes: batch.codes, offsets: batch.offsets, bias: laneBias,
        positionGradient: flow.position, to: &gradient, biasGradient: &biasGradient)
    }
    return [
      Tensor(shape: weight.shape, transposing: gradient),
      Tensor(shape: bias.shape, scalars: Array(biasGradient[..<filterCount])),
    ]
  }

  public func inputGradient(
    _ outputGradient: Tensor, saved: [MotifTables.Pooled], batch: SequenceBatch
  ) -> Tensor {
    guard let length = batch.commonLength else {
      preconditionFailure("an input gradient of sequences of several lengths")
    }
    let lanes = tables[0].lanes
    var gradient = Tensor(zeros: [batch.count, length, 4])
    var convolved: [Float] = []
    for (strand, pooled) in saved.enumerated() {
      let flow = laneGradients(outputGradient, strand: strand, pooled: pooled, batch: batch)
      for row in 0..<batch.count {
        if pooling == .maxAndMean {
          tables[strand].convolve(Array(batch.codes[batch.range(of: row)]), into: &convolved)
        }
        for filter in 0..<filterCount {
          let lane = row * lanes + filter
          addFilter(
            filter, times: flow.winner[lane], strand: strand, to: &gradient,
            at: row * length + Int(pooled.winner[lane]))
          guard pooling == .maxAndMean, flow.position[lane] != 0 else { continue }
          for position in 0...(length - width)
          where convolved[position * lanes + filter] + bias.scalars[filter] > 0 {
            addFilter(
              filter, times: flow.position[lane], strand: strand, to: &gradient,
              at: row * length + position)
          }
        }
      }
    }
    return gradient
  }

  /// What flows into each winner, and into each position above zero, `[sequence, lanes]`.
  private func laneGradients(
    _ outputGradient: Tensor, strand: Int, pooled: MotifTables.Pooled, batch: SequenceBatch
  ) -> (winner: [Float], position: [Float]) {
    let (lanes, filters) = (tables[0].lanes, filterCount)
    let features = filters * pooling.featuresPerFilter
    var winner = [Float](repeating: 0, count: batch.count * lanes)
    var position = [Float](repeating: 0, count: pooling == .maxAndMean ? winner.count : 0)
    for row in 0..<batch.count {
      let first = (strand * batch.count + row) * features
      for filter in 0..<filters
      where pooled.maximum[row * lanes + filter] + bias.scalars[filter] > 0 {
        winner[row * lanes + filter] = outputGradient.scalars[first + filter]
      }
      guard pooling == .maxAndMean else { continue }
      let positions = Float(positionCount(of: row, in: batch))
      for filter in 0..<filters {
        position[row * lanes + filter] =
          outputGradient.scalars[first + filters + filter] / positions
      }
    }
    return (winner, position)
  }

  private func positionCount(of row: Int, in batch: SequenceBatch) -> Int {
    batch.range(of: row).count - width + 1
  }

  /// Adds a filter, laid over a strand, to the gradient at a base of the flattened batch.
  func addFilter(
    _ filter: Int, times factor: Float, strand: Int, to gradient: inout Tensor, at first: Int
  ) {
    guard factor != 0 else { return }
    for tap in 0..<width {
      for channel in 0..<4 {
        let own = strand == 0 ? tap * 4 + channel : (width - 1 - tap) * 4 + 3 - channel
        gradient.scalars[(first + tap) * 4 + channel] +=
          factor * weight.scalars[own * filterCount + filter]
      }
    }
  }
}
