internal import Kernels

/// What pooling a batch in windows finds, each `[sequence, window, lanes]`.
public struct WindowPooled: Sendable {
  /// The largest `max(0, convolution + bias)`.
  public var maximum: [Float]
  /// The first position, from the sequence's start, where it occurs; -1 where it is 0.
  public var winner: [Int32]
  /// The sum of `max(0, convolution + bias)` over the positions; empty unless asked for.
  public var rectifiedSum: [Float]
}

extension MotifTables {
  /// Convolves a batch of codes and pools each `window` positions; a last partial window is dropped.
  ///
  /// - Parameters:
  ///   - offsets: Sequence `i` is `codes[offsets[i]..<offsets[i + 1]]`; all have one length, of
  ///     `width + window - 1` or more.
  ///   - bias: One a lane.
  public func poolWindows(
    of window: Int, codes: [UInt8], offsets: [Int64], bias: [Float], withSums: Bool
  ) -> WindowPooled {
    let count = windowCount(of: window, offsets: offsets) * lanes
    var rectifiedSum: [Float] = []
    var winner: [Int32] = []
    let maximum = [Float](unsafeUninitializedCapacity: count) { maximum, maximumCount in
      winner = [Int32](unsafeUninitializedCapacity: count) { winner, winnerCount in
        rectifiedSum = [Float](unsafeUninitializedCapacity: withSums ? count : 0) { sum, sumCount in
          withKernelArguments(codes: codes, offsets: offsets) { batch, filters, scratch in
            motif_pool_windows(
              &batch, &filters, bias, Int32(window), scratch, maximum.baseAddress!,
              winner.baseAddress!, withSums ? sum.baseAddress! : nil)
          }
          sumCount = withSums ? count : 0
        }
        winnerCount = count
      }
      maximumCount = count
    }
    return WindowPooled(maximum: maximum, winner: winner, rectifiedSum: rectifiedSum)
  }

  /// Adds what `poolWindows` passes back: to `gradient` (`[filter][width][channel]`) and to
  /// `biasGradient` (`[lanes]`).
  ///
  /// - Parameters:
  ///   - winnerGradient: `[sequence, window, lanes]`, what flows into each winner.
  ///   - positionGradient: The same for each position above zero; `nil` where nothing does.
  public func addWindowGradient(
    of window: Int, codes: [UInt8], offsets: [Int64], bias: [Float], winner: [Int32],
    winnerGradient: [Float], positionGradient: [Float]?, to gradient: inout [Float],
    biasGradient: inout [Float]
  ) {
    let count = windowCount(of: window, offsets: offsets) * lanes
    precondition(
      winner.count == count && winnerGradient.count == count
        && (positionGradient?.count ?? count) == count, "gradients of another pooling")
    var tableGradient = [Float](repeating: 0, count: tables.count)
    var baseGradient = [Float](repeating: 0, count: bases.count)
    withKernelArguments(codes: codes, offsets: offsets) { batch, filters, scratch in
      func add(_ positionGradient: UnsafePointer<Float>?) {
        motif_add_window_gradient(
          &batch, &filters, bias, Int32(window), scratch, winner, winnerGradient, positionGradient,
          &tableGradient, &baseGradient, &biasGradient)
      }
      if let positionGradient { add(positionGradient) } else { add(nil) }
    }
    motif_fold_gradient(
      tableGradient, baseGradient, Int32(filterCount), Int32(width), reverse ? 1 : 0, &gradient)
  }

  /// The number of windows of a batch.
  private func windowCount(of window: Int, offsets: [Int64]) -> Int {
    let sequences = offsets.count - 1
    guard sequences > 0 else { return 0 }
    let length = Int(offsets[1] - offsets[0])
    precondition(
      window > 0 && length >= width + window - 1
        && zip(offsets, offsets.dropFirst()).allSatisfy { $1 - $0 == length },
      "windows of \(window) over sequences of several lengths, or too short")
    return sequences * ((length - width + 1) / window)
  }
}
