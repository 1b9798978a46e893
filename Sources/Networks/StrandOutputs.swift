public import Datasets
public import Tensors

extension Network {
  /// The outputs for sequences, `[batch, task]`.
  ///
  /// - Precondition: Every sequence is at least `minimumLength` long, and exactly so if the configuration
  ///   has a `length`.
  public func logits(_ batch: SequenceBatch) -> Tensor {
    combinedLogits(batch).logits
  }

  /// The outputs for sequences, and for each whether the reverse strand's is the larger one.
  func combinedLogits(_ batch: SequenceBatch) -> (logits: Tensor, isReverse: [Bool]) {
    guard let windows = configuration.windows else {
      let features = stem.forwardErased(batch).output
      return combineStrands(strandLogits(features, beside: batch.sideTensor))
    }
    return combineStrands(strandLogits(of: batch, by: windows))
  }

  /// The outputs for each window of `length` bases in a stretch of codes, `[window, task]`, and for each whether
  /// the reverse strand's is the larger one.
  ///
  /// - Parameters:
  ///   - side: The numbers beside each window, `[window, number]`.
  ///   - inTurn: Whether sums may follow from those of the window before: faster, and the same to rounding.
  package func windowLogits(
    _ codes: [UInt8], length: Int, beside side: Tensor? = nil, inTurn: Bool = true
  ) -> (logits: Tensor, isReverse: [Bool]) {
    let features = stem.windowFeatures(codes, length: length)
    return combineStrands(
      inTurn && side == nil ? windowLogits(features) : strandLogits(features, beside: side))
  }

  /// Makes one row of each example's rows: `[rows · batch, task]` gives `[batch, task]`.
  ///
  /// - Returns: The outputs, and for each whether the reverse strand's is the larger one: false if strands
  ///   have no rows of their own.
  package func combineStrands(_ strandLogits: Tensor) -> (logits: Tensor, isReverse: [Bool]) {
    guard configuration.strands.rowsPerExample == 2 else {
      return (strandLogits, [Bool](repeating: false, count: strandLogits.scalars.count))
    }
    let half = strandLogits.scalars.count / 2
    var isReverse = [Bool](repeating: false, count: half)
    var logits = Tensor(zeros: [strandLogits.shape[0] / 2, taskCount])
    for index in 0..<half {
      let (forward, reverse) = (strandLogits.scalars[index], strandLogits.scalars[half + index])
      isReverse[index] = reverse > forward
      logits.scalars[index] =
        configuration.strands == .max ? max(forward, reverse) : (forward + reverse) / 2
    }
    return (logits, isReverse)
  }

  /// The transpose of `combineStrands`: `[batch, task]` gives `[rows · batch, task]`.
  func spread(_ gradient: Tensor, isReverse: [Bool]) -> Tensor {
    guard configuration.strands.rowsPerExample == 2 else { return gradient }
    let half = gradient.scalars.count
    var strandGradient = Tensor(zeros: [2 * gradient.shape[0], taskCount])
    for index in 0..<half {
      switch configuration.strands {
      case .max:
        strandGradient.scalars[isReverse[index] ? half + index : index] = gradient.scalars[index]
      case .mean, .forward, .pooled:
        strandGradient.scalars[index] = gradient.scalars[index] / 2
        strandGradient.scalars[half + index] = gradient.scalars[index] / 2
      }
    }
    return strandGradient
  }
}
