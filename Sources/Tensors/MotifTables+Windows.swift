internal import Kernels

extension MotifTables {
  /// Convolves a batch of codes, rectifies, and pools each `window` positions; a last partial window
  /// is dropped.
  ///
  /// - Parameter offsets: Sequence `i` is `codes[offsets[i]..<offsets[i + 1]]`; all have one length, of
  ///   `width + window - 1` or more.
  /// - Returns: `[sequence, window, feature]`, the filters' maxima, their means, or the means behind
  ///   the maxima; and the first position, from the sequence's start, of each maximum,
  ///   `[sequence, window, filter]`, -1 if it is 0; none without maxima.
  public func poolWindows(
    of window: Int, codes: [UInt8], offsets: [Int64], maxima: Bool, means: Bool
  ) -> (features: Tensor, winner: [Int32]) {
    let (sequences, windows) = (offsets.count - 1, windowCount(of: window, offsets: offsets))
    let stride = filterCount * (maxima && means ? 2 : 1)
    let count = sequences * windows
    var winner: [Int32] = []
    let features = [Float](count: count * stride) { features in
      func pool(_ winner: UnsafeMutablePointer<Int32>?) {
        withKernelArguments(codes: codes, offsets: offsets) { batch, filters, scratch in
          motif_pool_windows(
            &batch, &filters, Int32(window), scratch, Int64(stride), maxima ? features : nil,
            winner, means ? features + stride - filterCount : nil)
        }
      }
      if maxima {
        winner = [Int32](count: count * filterCount) { pool($0) }
      } else {
        pool(nil)
      }
    }
    return (Tensor(shape: [sequences, windows, stride], scalars: features), winner)
  }

  /// Adds to the gradients of weight and bias what the features of `poolWindows` pass back.
  ///
  /// - Parameters:
  ///   - gradient: That of the features.
  ///   - winner: What `poolWindows` returned.
  public func addWindowGradient(
    of window: Int, codes: [UInt8], offsets: [Int64], gradient: Tensor, winner: [Int32],
    toWeight weight: inout Tensor, bias: inout Tensor
  ) {
    let (count, stride) = (gradient.shape[0] * gradient.shape[1], gradient.shape[2])
    let maxima = !winner.isEmpty
    precondition(
      gradient.shape[1] == windowCount(of: window, offsets: offsets)
        && (!maxima || winner.count == count * filterCount), "gradients of another pooling")
    gradient.scalars.withUnsafeBufferPointer { gradient in
      let first = gradient.baseAddress!
      withKernelArguments(codes: codes, offsets: offsets) { batch, tables, scratch in
        if maxima {
          let windows = windowCount(of: window, offsets: offsets)
          addWinners(
            &batch, windows: windows, winner, first, stride: stride, toWeight: &weight, bias: &bias)
        }
        guard !maxima || stride > filterCount else { return }
        addMeans(
          &batch, &tables, scratch, window: window, first + (maxima ? filterCount : 0),
          stride: stride, toWeight: &weight, bias: &bias)
      }
    }
  }

  private func addWinners(
    _ batch: inout MotifBatch, windows: Int, _ winner: [Int32], _ gradient: UnsafePointer<Float>,
    stride: Int, toWeight weight: inout Tensor, bias: inout Tensor
  ) {
    let (filters, width) = (Int32(filterCount), Int32(self.width))
    let length = batch.count > 0 ? batch.offsets[1] - batch.offsets[0] : 0
    withUnsafeTemporaryAllocation(
      of: Float.self, capacity: Int(motif_winner_scratch_count(length, width, Int64(windows)))
    ) { scratch in
      withZeros(count: Int(motif_winner_count(filters, width))) { filterGradient in
        motif_add_window_winner_gradient(
          &batch, filters, width, Int64(windows), scratch.baseAddress!, Int64(stride), winner,
          gradient, filterGradient, &bias.scalars)
        motif_transpose_gradient(
          filterGradient, filters, width, reverse ? 1 : 0, &weight.scalars)
      }
    }
  }

  private func addMeans(
    _ batch: inout MotifBatch, _ tables: inout Kernels.MotifTables,
    _ scratch: UnsafeMutablePointer<UInt16>, window: Int, _ gradient: UnsafePointer<Float>,
    stride: Int, toWeight weight: inout Tensor, bias: inout Tensor
  ) {
    withZeros(count: self.tables.count) { tableGradient in
      withZeros(count: bases.count) { baseGradient in
        motif_add_window_mean_gradient(
          &batch, &tables, Int32(window), scratch, Int64(stride), gradient, tableGradient,
          baseGradient, &bias.scalars)
        motif_fold_gradient(
          tableGradient, baseGradient, Int32(filterCount), Int32(width), reverse ? 1 : 0,
          &weight.scalars)
      }
    }
  }

  /// The number of windows of each sequence.
  private func windowCount(of window: Int, offsets: [Int64]) -> Int {
    guard offsets.count > 1 else { return 0 }
    let length = Int(offsets[1] - offsets[0])
    precondition(
      window > 0 && length >= width + window - 1
        && zip(offsets, offsets.dropFirst()).allSatisfy { $1 - $0 == length },
      "windows of \(window) over sequences of several lengths, or too short")
    return (length - width + 1) / window
  }
}
