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

  /// What was read, the reverse strands in their own direction, and the winners,
  /// `[strands · batch, window, lanes]`.
  public struct Saved: Sendable {
    let read: SequenceBatch
    let winner: [Int32]
  }

  /// - Returns: `[strands · batch, window, filters]`, or `[strands · batch, window, 2 · filters]` with
  ///   the means behind the maxima. Windows are counted from the beginning of the strand.
  public func forward(_ batch: SequenceBatch) -> (output: Tensor, saved: Saved) {
    var read = batch
    if motifs.strands != .forward { read.append(contentsOf: batch.reverseComplement) }
    let pooled = motifs.tables[0].poolWindows(
      of: window, codes: read.codes, offsets: read.offsets, bias: motifs.laneBias,
      withSums: pooling.hasMeans)
    let shape: Shape = [
      read.count, pooled.winner.count / lanes / max(1, read.count), featureCount,
    ]
    let saved = Saved(read: read, winner: pooled.winner)
    if pooling == .max && lanes == featureCount {
      return (Tensor(shape: shape, scalars: pooled.maximum), saved)
    }
    var output = Tensor(zeros: [pooled.winner.count / lanes, featureCount])
    if pooling.hasMaxima {
      output.copyColumns(
        motifs.filterCount, of: pooled.maximum, lanes: lanes, times: 1, toRow: 0, column: 0)
    }
    if pooling.hasMeans {
      output.copyColumns(
        motifs.filterCount, of: pooled.rectifiedSum, lanes: lanes, times: 1 / Float(window),
        toRow: 0, column: meanColumn)
    }
    return (output.reshaped(shape), saved)
  }

  public func backward(_ outputGradient: Tensor, saved: Saved, batch: SequenceBatch) -> [Tensor] {
    let flow = laneGradients(outputGradient)
    // [filter][width][channel], as the tables fold it.
    var gradient = [Float](repeating: 0, count: motifs.weight.shape.count)
    var biasGradient = [Float](repeating: 0, count: lanes)
    motifs.tables[0].addWindowGradient(
      of: window, codes: saved.read.codes, offsets: saved.read.offsets, bias: motifs.laneBias,
      winner: saved.winner, winnerGradient: flow.winner, positionGradient: flow.position,
      to: &gradient, biasGradient: &biasGradient)
    return [
      Tensor(shape: motifs.weight.shape, transposing: gradient),
      Tensor(shape: motifs.bias.shape, scalars: Array(biasGradient[..<motifs.filterCount])),
    ]
  }

  public func inputGradient(_ outputGradient: Tensor, saved: Saved, batch: SequenceBatch) -> Tensor
  {
    let read = saved.read
    let (length, windows) = (read.range(of: 0).count, outputGradient.shape[1])
    let flow = laneGradients(outputGradient)
    var gradient = Tensor(zeros: [read.count, length, 4])
    var convolved: [Float] = []
    for row in 0..<read.count * windows {
      let (sequence, first) = (row / windows, row % windows * window)
      if pooling.hasMeans && first == 0 {
        motifs.tables[0].convolve(Array(read.codes[read.range(of: sequence)]), into: &convolved)
      }
      for filter in 0..<motifs.filterCount {
        let lane = row * lanes + filter
        for position in first..<first + window {
          var factor = Int(saved.winner[lane]) == position ? flow.winner[lane] : 0
          if let flow = flow.position?[lane],
            convolved[position * lanes + filter] + motifs.bias.scalars[filter] > 0
          {
            factor += flow
          }
          motifs.addFilter(
            filter, times: factor, strand: 0, to: &gradient, at: sequence * length + position)
        }
      }
    }
    return OneHot(strands: motifs.strands).inputGradient(gradient, saved: true, batch: batch)
  }

  /// What flows into each winner and, with means, into each position above zero,
  /// `[strands · batch, window, lanes]`.
  private func laneGradients(_ outputGradient: Tensor) -> (winner: [Float], position: [Float]?) {
    func spread(from column: Int, times factor: Float) -> [Float] {
      outputGradient.spreadColumns(
        motifs.filterCount, from: column, times: factor, lanes: lanes)
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
    let positions = length - motifs.width + 1
    let windows = positions / window
    precondition(count > 0 && windows > 0, "windows of \(length) in \(codes.count) bases")
    var output = Tensor(zeros: [motifs.tables.count * count, windows * featureCount])
    var convolved: [Float] = []
    var pooled: [Float] = []
    func copyPooled(times factor: Float, strand: Int, column: Int) {
      for index in 0..<windows {
        let first = strand == 0 ? index * window : positions - (index + 1) * window
        output.copyColumns(
          motifs.filterCount, of: Array(pooled[first * lanes..<(first + count) * lanes]),
          lanes: lanes, times: factor, toRow: strand * count, column: index * featureCount + column)
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

extension Network {
  /// The motif detectors of the front; `nil` where it has none.
  public var motifs: MotifConvolution? {
    front as? MotifConvolution ?? (front as? WindowedMotifConvolution)?.motifs
  }
}
