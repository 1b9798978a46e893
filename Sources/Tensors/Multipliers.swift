extension Tensor {
  /// The tensor that stands a share of the way from this one to another of its shape.
  public func moved(towards other: Tensor, by share: Float) -> Tensor {
    precondition(shape == other.shape, "\(shape) moved towards \(other.shape)")
    let moved = [Float](count: scalars.count) { moved in
      scalars.withUnsafeBufferPointer { start in
        other.scalars.withUnsafeBufferPointer { end in
          for index in start.indices {
            moved[index] = start[index] + share * (end[index] - start[index])
          }
        }
      }
    }
    return Tensor(shape: shape, scalars: moved)
  }

  /// `Σ self · (end - start)` of each row.
  public func rises(from start: Tensor, to end: Tensor) -> [Double] {
    precondition(start.shape == shape && end.shape == shape, "\(start.shape) for \(shape)")
    let size = scalars.count / max(1, shape[0])
    var rises = [Double](repeating: 0, count: shape[0])
    for index in scalars.indices {
      let step = Double(end.scalars[index]) - Double(start.scalars[index])
      rises[index / size] += Double(scalars[index]) * step
    }
    return rises
  }

  /// Changes each row as little as makes its rise the one that it should be.
  public mutating func complete(from start: Tensor, to end: Tensor, rises: [Double]) {
    let found = self.rises(from: start, to: end)
    let size = scalars.count / max(1, shape[0])
    var steps = end
    for index in steps.scalars.indices { steps.scalars[index] -= start.scalars[index] }
    let lengths = steps.rises(from: start, to: end)
    for row in 0..<shape[0] where lengths[row] > 0 {
      let factor = (rises[row] - found[row]) / lengths[row]
      for index in row * size..<(row + 1) * size {
        let step = Double(end.scalars[index]) - Double(start.scalars[index])
        scalars[index] += Float(factor * step)
      }
    }
  }

  /// DeepLIFT's rescale rule for a function of each scalar alone: the multiplier behind the function times the slope
  /// of the secant, `(y - y₀) / (x - x₀)` (Shrikumar, Greenside & Kundaje 2017, section 3.5.2).
  ///
  /// Where `x` and `x₀` are too close for a quotient, the gradient stands in.
  /// - Parameters:
  ///   - change: What the function read and made, `x` and `y`.
  ///   - reference: `x₀` and `y₀`.
  ///   - gradient: This tensor times the slope at `x`.
  public func rescaled(
    by change: (input: Tensor, output: Tensor), from reference: (input: Tensor, output: Tensor),
    gradient: Tensor
  ) -> Tensor {
    let least: Float = 1e-6
    let (inputs, outputs) = (change.input.scalars.span, change.output.scalars.span)
    let (startInputs, startOutputs) = (reference.input.scalars.span, reference.output.scalars.span)
    let slopes = gradient.scalars.span
    let outer = scalars.span
    precondition(
      [change, reference].allSatisfy { $0.input.shape == shape && $0.output.shape == shape }
        && gradient.shape == shape, "\(change.input.shape) rescaled for \(shape)")
    let rescaled = [Float](count: scalars.count) { rescaled in
      for index in outer.indices {
        let step = inputs[unchecked: index] - startInputs[unchecked: index]
        let rise = outputs[unchecked: index] - startOutputs[unchecked: index]
        rescaled[index] =
          abs(step) > least
          ? outer[unchecked: index] * (rise / step) : slopes[unchecked: index]
      }
    }
    return Tensor(shape: shape, scalars: rescaled)
  }
}

/// How the difference of two maxima falls to the inputs: a rise to the one that is the maximum, a fall to the one that
/// was it (the rule of DeepSHAP, Lundberg & Lee 2017, and of Captum).
///
/// Either way the input's own difference is the larger one, so multipliers are 0 to 1, and they add up to the
/// difference of the maxima.
struct MaximumRule {
  /// Whether the multiplier is that of the reference's maximum.
  let isOfReference: Bool
  let multiplier: Float

  /// - Parameters:
  ///   - change: The input where the maximum is, now and in the reference.
  ///   - reference: The input where the reference's maximum is, now and in the reference.
  init(
    of change: (now: Float, before: Float), reference: (now: Float, before: Float)
  ) {
    let rise = change.now - reference.before
    isOfReference = rise < 0
    let step = isOfReference ? reference.now - reference.before : change.now - change.before
    multiplier = step == 0 ? 1 : rise / step
  }
}

extension Tensor {
  /// The multipliers of the input of `pooled`, from those of its output.
  ///
  /// - Parameters:
  ///   - change: What was pooled, and what that saved.
  ///   - reference: The same of the reference.
  public func poolMultipliers(
    at change: (input: Tensor, saved: PooledWindows),
    from reference: (input: Tensor, saved: PooledWindows)
  ) -> Tensor {
    let saved = change.saved
    precondition(
      shape == saved.outputShape && reference.saved.outputShape == shape,
      "\(shape) of \(saved.outputShape)")
    var multipliers =
      saved.hasMeans
      ? poolGradient(saved, withMaxima: false) : Tensor(zeros: saved.inputShape)
    guard saved.hasMaxima else { return multipliers }
    let (windows, channels, features) = (shape[1], saved.inputShape[2], shape[2])
    let positions = saved.inputShape[1]
    multipliers.scalars.withUnsafeMutableBufferPointer { multipliers in
      let (now, before) = (change.input.scalars.span, reference.input.scalars.span)
      let (winners, formerWinners) = (saved.winners.span, reference.saved.winners.span)
      for row in 0..<shape[0] * windows {
        let first = (row / windows * positions + row % windows * saved.window) * channels
        for channel in 0..<channels {
          let outer = scalars[row * features + channel]
          guard outer != 0 else { continue }
          let winner = first + Int(winners[row * channels + channel]) * channels + channel
          let former = first + Int(formerWinners[row * channels + channel]) * channels + channel
          let rule = MaximumRule(
            of: (now[winner], before[winner]), reference: (now[former], before[former]))
          multipliers[rule.isOfReference ? former : winner] += outer * rule.multiplier
        }
      }
    }
    return multipliers
  }

  /// The multipliers of what `joiningStrands` joined, from those of its rows.
  ///
  /// - Parameters:
  ///   - features: What was joined, `[2 · rows, features]`.
  ///   - reference: The same of the reference.
  public func strandMultipliers(of features: Tensor, from reference: Tensor, maxima: Int) -> Tensor
  {
    precondition(features.shape == reference.shape, "\(features.shape) from \(reference.shape)")
    // Columns of means are split as gradients are.
    var multipliers = splittingStrands(of: features, maxima: maxima)
    let (half, columns) = (scalars.count, shape[1])
    for first in stride(from: 0, to: half, by: columns) {
      for index in first..<first + maxima {
        let (now, before) = (features.scalars, reference.scalars)
        let winner = now[half + index] > now[index] ? half + index : index
        let former = before[half + index] > before[index] ? half + index : index
        let rule = MaximumRule(
          of: (now[winner], before[winner]), reference: (now[former], before[former]))
        multipliers.scalars[index] = 0
        multipliers.scalars[half + index] = 0
        multipliers.scalars[rule.isOfReference ? former : winner] =
          scalars[index] * rule.multiplier
      }
    }
    return multipliers
  }
}
