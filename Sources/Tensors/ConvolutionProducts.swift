internal import Kernels

/// Where the filters of a convolution are laid over the positions of a sequence.
public struct FilterPlacement: Hashable, Sendable {
  /// The distance between neighbouring outputs.
  public let stride: Int
  /// The distance between neighbouring taps of a filter.
  public let dilation: Int
  /// The number of positions that are read as zeros on each side.
  public let padding: Int

  public init(stride: Int = 1, dilation: Int = 1, padding: Int = 0) {
    precondition(
      stride > 0 && dilation > 0 && padding >= 0,
      "stride \(stride), dilation \(dilation), padding \(padding)")
    (self.stride, self.dilation, self.padding) = (stride, dilation, padding)
  }

  /// The number of outputs: 0 if a filter is wider than the padded sequence.
  public func outputCount(positions: Int, width: Int) -> Int {
    let last = positions + 2 * padding - dilation * (width - 1) - 1
    return last < 0 ? 0 : last / stride + 1
  }

  /// The smallest number of positions that give so many outputs, one or more; 0 if padding alone does.
  public func inputCount(outputs: Int, width: Int) -> Int {
    max(0, (outputs - 1) * stride + dilation * (width - 1) + 1 - 2 * padding)
  }
}

/// Convolutions as products of matrices whose rows overlap: a row holds the positions that an output reads.
extension Tensor {
  /// The convolution (cross-correlation) of positions with filters:
  /// `output[n, p, f] = bias[f] + Σ_j Σ_c input[n, p · stride + j · dilation - padding, c] · weight[j, c, f]`.
  ///
  /// The output of an example has the same bits whatever stands beside it.
  /// - Parameters:
  ///   - weight: `[width, channels, filters]`.
  ///   - bias: `[filters]`.
  /// - Returns: `[batch, outputs, filters]`, of `[batch, positions, channels]`.
  public func convolved(
    weight: Tensor, bias: Tensor, placement: FilterPlacement = FilterPlacement()
  ) -> Tensor {
    let (width, channels, filters) = (weight.shape[0], weight.shape[1], weight.shape[2])
    let outputs = placement.outputCount(positions: shape[1], width: width)
    precondition(
      shape.rank == 3 && shape[2] == channels && bias.shape == [filters] && outputs > 0,
      "\(shape) under filters \(weight.shape), \(placement)")
    let result: Shape = [shape[0], outputs, filters]
    guard result.count > 0, weight.shape.count > 0 else {
      return Tensor(repeating: bias, count: shape[0] * outputs).reshaped(result)
    }
    if let tiles = WinogradTiles(weight: weight.shape, outputs: outputs, placement) {
      return tiles.convolved(self, weight: weight, bias: bias, padding: placement.padding)
    }
    let input = placed(before: placement.padding, after: placement.padding)
    let left = StridedMatrix(
      scalars: input.scalars, rows: input.rows(outputs, placement),
      columns: taps(width, of: channels, placement))
    let right = StridedMatrix(
      scalars: weight.scalars, rows: weight.tapRows(placement),
      columns: (.single, Axis(filters, by: 1)))
    return Tensor(
      shape: result, scalars: left.multiplied(by: right, startingFrom: bias.scalars))
  }

  /// The gradient of a loss with respect to the input of `convolved`, from that with respect to its output,
  /// `[batch, outputs, filters]`.
  ///
  /// That of an example has the same bits whatever stands beside it.
  /// - Parameter positions: Those of the input.
  /// - Returns: `[batch, positions, channels]`.
  /// - Precondition: The padding is narrower than the filters, `padding <= dilation · (width - 1)`.
  public func convolutionInputGradient(
    weight: Tensor, positions: Int, placement: FilterPlacement = FilterPlacement()
  ) -> Tensor {
    let areSparse = (0..<shape[0]).map { placement.dilation == 1 && isSparse($0..<$0 + 1) }
    guard areSparse.contains(true) else {
      return denseInputGradient(weight: weight, positions: positions, placement: placement)
    }
    return sparseInputGradient(
      of: areSparse, weight: weight, positions: positions, placement: placement)
  }

  /// A convolution with the filters turned round.
  func denseInputGradient(
    weight: Tensor, positions: Int, placement: FilterPlacement
  ) -> Tensor {
    let (width, channels, filters) = (weight.shape[0], weight.shape[1], weight.shape[2])
    let before = placement.dilation * (width - 1) - placement.padding
    precondition(
      before >= 0
        && shape == [
          shape[0], placement.outputCount(positions: positions, width: width), filters,
        ], "\(shape) of filters \(weight.shape), \(placement)")
    let result: Shape = [shape[0], positions, channels]
    guard result.count > 0, weight.shape.count > 0 else { return Tensor(zeros: result) }
    let spread = (shape[1] - 1) * placement.stride + 1
    let gradient = placed(
      before: before, after: positions + placement.padding - spread, every: placement.stride)
    let dense = FilterPlacement(dilation: placement.dilation)
    let turned: Shape = [width, filters, channels]
    if placement.stride == 1, let tiles = WinogradTiles(weight: turned, outputs: positions, dense) {
      return tiles.convolved(
        gradient, weight: weight.turnedFilters, bias: Tensor(zeros: [channels]), padding: 0)
    }
    let left = StridedMatrix(
      scalars: gradient.scalars, rows: gradient.rows(positions, dense),
      columns: (
        Axis(width, by: placement.dilation * filters), Axis(filters, by: 1)
      ))
    let right = StridedMatrix(
      scalars: weight.scalars, first: (width - 1) * channels * filters,
      rows: (Axis(width, by: -channels * filters), Axis(filters, by: 1)),
      columns: (.single, Axis(channels, by: filters)))
    return Tensor(
      shape: result,
      scalars: left.multiplied(by: right, startingFrom: [Float](repeating: 0, count: channels)))
  }

  /// The gradient of a loss with respect to the weights of `convolved`, from that with respect to its output,
  /// `[batch, outputs, filters]`.
  ///
  /// - Parameter input: `[batch, positions, channels]`.
  /// - Returns: `[width, channels, filters]`.
  public func convolutionWeightGradient(
    input: Tensor, width: Int, placement: FilterPlacement = FilterPlacement()
  ) -> Tensor {
    let (outputs, channels, filters) = (shape[1], input.shape[2], shape[2])
    precondition(
      shape.rank == 3 && shape[0] == input.shape[0]
        && outputs == placement.outputCount(positions: input.shape[1], width: width),
      "\(shape) of \(input.shape) under filters of width \(width), \(placement)")
    let result: Shape = [width, channels, filters]
    guard result.count > 0, shape.count > 0 else { return Tensor(zeros: result) }
    let input = input.placed(before: placement.padding, after: placement.padding)
    if placement.dilation == 1, isSparse(0..<shape[0]) {
      return sparseWeightGradient(input: input, width: width, stride: placement.stride)
    }
    let left = StridedMatrix(
      scalars: input.scalars, rows: input.taps(width, of: channels, placement),
      columns: input.rows(outputs, placement))
    let right = StridedMatrix(
      scalars: scalars, rows: (Axis(shape[0], by: outputs * filters), Axis(outputs, by: filters)),
      columns: (.single, Axis(filters, by: 1)))
    return Tensor(
      shape: result,
      scalars: left.multiplied(by: right, startingFrom: [Float](repeating: 0, count: filters)))
  }

  /// The windows of each example.
  private func rows(_ outputs: Int, _ placement: FilterPlacement) -> (outer: Axis, inner: Axis) {
    (Axis(shape[0], by: shape[1] * shape[2]), Axis(outputs, by: placement.stride * shape[2]))
  }

  /// The numbers of a window; one stretch if no position is left out.
  private func taps(
    _ width: Int, of channels: Int, _ placement: FilterPlacement
  ) -> (outer: Axis, inner: Axis) {
    placement.dilation == 1
      ? (.single, Axis(width * channels, by: 1))
      : (Axis(width, by: placement.dilation * channels), Axis(channels, by: 1))
  }

  /// The rows of weights, in the order of `taps`.
  private func tapRows(_ placement: FilterPlacement) -> (outer: Axis, inner: Axis) {
    let (width, channels, filters) = (shape[0], shape[1], shape[2])
    return placement.dilation == 1
      ? (.single, Axis(width * channels, by: filters))
      : (Axis(width, by: channels * filters), Axis(channels, by: filters))
  }

  /// Filters `[width, channels, filters]` that read the other way round, from filters to channels:
  /// `[width, filters, channels]`.
  private var turnedFilters: Tensor {
    let (width, channels, filters) = (shape[0], shape[1], shape[2])
    return Tensor(
      shape: [width, filters, channels],
      scalars: (0..<width).reversed().flatMap { tap in
        let own = scalars[tap * channels * filters..<(tap + 1) * channels * filters]
        return Tensor(shape: [filters, channels], transposing: Array(own)).scalars
      })
  }

  /// Lays positions between zeros: so many before and after them, and one at every `stride`-th place.
  func placed(before: Int, after: Int, every stride: Int = 1) -> Tensor {
    let (positions, channels) = (shape[1], shape[2])
    let places = before + (positions - 1) * stride + 1 + after
    guard places > positions else { return self }
    // Neighbours are copied at once.
    let (count, size) = stride == 1 ? (1, positions * channels) : (positions, channels)
    let between = (stride - 1) * channels
    let placed = [Float](count: shape[0] * places * channels) { target in
      var (target, source) = (target, 0)
      func write(zeros: Int) {
        target.update(repeating: 0, count: zeros)
        target += zeros
      }
      scalars.withUnsafeBufferPointer { scalars in
        for _ in 0..<shape[0] {
          write(zeros: before * channels)
          for index in 0..<count {
            target.update(from: scalars.baseAddress! + source, count: size)
            (target, source) = (target + size, source + size)
            if index + 1 < count { write(zeros: between) }
          }
          write(zeros: after * channels)
        }
      }
    }
    return Tensor(shape: [shape[0], places, channels], scalars: placed)
  }
}
