public import Datasets
public import Tensors

/// Motif detectors whose positions are pooled in windows: a convolution over one-hot bases, a bias, a
/// rectifier, and pooling over each `window` positions, a last partial window dropped.
///
/// To rounding it equals `OneHot`, `Convolution`, `Rectifier` and `WindowPooling`, without their
/// tensors.
public struct WindowedMotifConvolution: Front {
  /// The detectors, and how windows are pooled.
  public private(set) var motifs: MotifConvolution
  public let window: Int

  public init(_ motifs: MotifConvolution, window: Int) {
    precondition(window > 0, "a window of \(window)")
    self.motifs = motifs
    self.window = window
  }

  public var parameters: [Tensor] {
    get { motifs.parameters }
    set { motifs.parameters = newValue }
  }

  public var minimumLength: Int { motifs.width + window - 1 }
  public var needsEqualLengths: Bool { true }

  private var pooling: Pooling { motifs.pooling }
  private var lanes: Int { motifs.tables[0].lanes }
  private var featureCount: Int { motifs.filterCount * pooling.featuresPerFilter }
  /// The column of the first mean.
  private var meanColumn: Int { featureCount - motifs.filterCount }

  /// - Returns: `[strands · batch, window, filters]`, or `[strands · batch, window, 2 · filters]` with
  ///   the means behind the maxima; and for each strand the winners, `[batch, window, lanes]`.
  public func forward(_ batch: SequenceBatch) -> (output: Tensor, saved: [[Int32]]) {
    let laneBias = motifs.laneBias
    let pooled = motifs.tables.map {
      $0.poolWindows(
        of: window, codes: batch.codes, offsets: batch.offsets, bias: laneBias,
        withSums: pooling.hasMeans)
    }
    let rows = pooled[0].winner.count / lanes
    var output = Tensor(zeros: [pooled.count * rows, featureCount])
    for (strand, pooled) in pooled.enumerated() {
      if pooling.hasMaxima {
        output.copyColumns(
          motifs.filterCount, of: pooled.maximum, lanes: lanes, times: 1, toRow: strand * rows,
          column: 0)
      }
      if pooling.hasMeans {
        output.copyColumns(
          motifs.filterCount, of: pooled.rectifiedSum, lanes: lanes, times: 1 / Float(window),
          toRow: strand * rows, column: meanColumn)
      }
    }
    let shape: Shape = [pooled.count * batch.count, rows / max(1, batch.count), featureCount]
    return (output.reshaped(shape), pooled.map(\.winner))
  }

  public func backward(_ outputGradient: Tensor, saved: [[Int32]], batch: SequenceBatch)
    -> [Tensor]
  {
    // [filter][width][channel], as the tables fold it.
    var gradient = [Float](repeating: 0, count: motifs.weight.shape.count)
    var biasGradient = [Float](repeating: 0, count: lanes)
    for (strand, winner) in saved.enumerated() {
      let flow = laneGradients(outputGradient, strand: strand, of: saved.count)
      motifs.tables[strand].addWindowGradient(
        of: window, codes: batch.codes, offsets: batch.offsets, bias: motifs.laneBias,
        winner: winner, winnerGradient: flow.winner, positionGradient: flow.position, to: &gradient,
        biasGradient: &biasGradient)
    }
    return [
      Tensor(shape: motifs.weight.shape, transposing: gradient),
      Tensor(shape: motifs.bias.shape, scalars: Array(biasGradient[..<motifs.filterCount])),
    ]
  }

  public func inputGradient(_ outputGradient: Tensor, saved: [[Int32]], batch: SequenceBatch)
    -> Tensor
  {
    guard let length = batch.commonLength else {
      preconditionFailure("an input gradient of sequences of several lengths")
    }
    let windows = outputGradient.shape[1]
    var gradient = Tensor(zeros: [batch.count, length, 4])
    var convolved: [Float] = []
    for (strand, winner) in saved.enumerated() {
      let flow = laneGradients(outputGradient, strand: strand, of: saved.count)
      for row in 0..<batch.count * windows {
        let example = row / windows
        if pooling.hasMeans && row % windows == 0 {
          motifs.tables[strand].convolve(
            Array(batch.codes[batch.range(of: example)]), into: &convolved)
        }
        for filter in 0..<motifs.filterCount {
          let lane = row * lanes + filter
          if winner[lane] >= 0 {
            motifs.addFilter(
              filter, times: flow.winner[lane], strand: strand, to: &gradient,
              at: example * length + Int(winner[lane]))
          }
          guard let flow = flow.position?[lane] else { continue }
          for position in row % windows * window..<(row % windows + 1) * window
          where convolved[position * lanes + filter] + motifs.bias.scalars[filter] > 0 {
            motifs.addFilter(
              filter, times: flow, strand: strand, to: &gradient, at: example * length + position)
          }
        }
      }
    }
    return gradient
  }

  /// What flows into each winner and, with means, into each position above zero,
  /// `[batch, window, lanes]`.
  private func laneGradients(_ outputGradient: Tensor, strand: Int, of strands: Int)
    -> (winner: [Float], position: [Float]?)
  {
    let rows = outputGradient.scalars.count / featureCount / strands
    func spread(from column: Int, times factor: Float) -> [Float] {
      outputGradient.spreadColumns(
        motifs.filterCount, from: column, ofRows: strand * rows..<(strand + 1) * rows, times: factor,
        lanes: lanes)
    }
    return (
      winner: spread(from: 0, times: pooling.hasMaxima ? 1 : 0),
      position: pooling.hasMeans ? spread(from: meanColumn, times: 1 / Float(window)) : nil
    )
  }
}

extension WindowedMotifConvolution {
  /// Convolves each position once and slides the pooling over the positions, instead of computing
  /// overlapping windows one by one.
  public func windowFeatures(_ codes: [UInt8], length: Int) -> Tensor {
    let count = codes.count - length + 1
    let windows = (length - motifs.width + 1) / window
    precondition(count > 0 && windows > 0, "windows of \(length) in \(codes.count) bases")
    var output = Tensor(zeros: [motifs.tables.count * count * windows, featureCount])
    var convolved: [Float] = []
    var pooled: [Float] = []
    func copyPooled(times factor: Float, strand: Int, column: Int) {
      for start in 0..<count {
        for index in 0..<windows {
          output.copyColumns(
            motifs.filterCount, ofRow: start + index * window, of: pooled, lanes: lanes,
            times: factor, toRow: (strand * count + start) * windows + index, column: column)
        }
      }
    }
    for (strand, tables) in motifs.tables.enumerated() {
      tables.convolve(codes, into: &convolved)
      addBiasAndRectify(&convolved, bias: motifs.laneBias)
      if pooling.hasMaxima {
        slide(.maximum, over: convolved, lanes: lanes, window: window, into: &pooled)
        copyPooled(times: 1, strand: strand, column: 0)
      }
      if pooling.hasMeans {
        slide(.sum, over: convolved, lanes: lanes, window: window, into: &pooled)
        copyPooled(times: 1 / Float(window), strand: strand, column: meanColumn)
      }
    }
    return output.reshaped([motifs.tables.count * count, windows, featureCount])
  }
}
