/// Gradients of convolutions whose outputs' gradients are mostly 0, as they are behind a rectifier and max pooling: of
/// each window one output at most has a gradient.
extension Tensor {
  /// The largest share of numbers other than 0 with which the products below are used: a term of theirs takes about
  /// three times as long as one of a dense product.
  private static let mostSparse = 0.3

  /// Whether the numbers of some examples are mostly 0.
  func isSparse(_ examples: Range<Int>) -> Bool {
    let size = shape.extents.dropFirst().reduce(1, *)
    let count = scalars[examples.lowerBound * size..<examples.upperBound * size].count { $0 != 0 }
    return Double(count) <= Self.mostSparse * Double(examples.count * size)
  }

  /// The gradient of the input: each window gets its outputs' filters, times their gradients.
  ///
  /// - Parameter isSparse: For which examples; the others' is a dense product.
  func sparseInputGradient(
    of isSparse: [Bool], weight: Tensor, positions: Int, placement: FilterPlacement
  ) -> Tensor {
    let (channels, filters) = (weight.shape[1], weight.shape[2])
    let (outputs, size) = (shape[1], weight.shape[0] * weight.shape[1])
    let filterRows = Tensor(shape: [filters, size], transposing: weight.scalars).scalars
    let padded = (positions + 2 * placement.padding) * channels
    var gradient = Tensor(zeros: [shape[0], positions, channels])
    for example in 0..<shape[0] {
      let own: [Float]
      if isSparse[example] {
        var windows = [Float](repeating: 0, count: padded)
        scalars.withUnsafeBufferPointer { scalars in
          SparseRows(
            scalars.baseAddress! + example * outputs * filters, rows: outputs, by: filters,
            columns: filters, by: 1
          ).addProduct(
            with: filterRows, by: size, count: size, to: &windows, by: placement.stride * channels)
        }
        own = Array(windows[placement.padding * channels..<padded - placement.padding * channels])
      } else {
        let one = scalars[example * outputs * filters..<(example + 1) * outputs * filters]
        own =
          Tensor(shape: [1, outputs, filters], scalars: Array(one))
          .denseInputGradient(weight: weight, positions: positions, placement: placement).scalars
      }
      gradient.scalars.replaceSubrange(
        example * positions * channels..<(example + 1) * positions * channels, with: own)
    }
    return gradient
  }

  /// The gradient of the weights: each filter gets the windows of its outputs, times their gradients.
  ///
  /// - Parameter input: With its padding.
  func sparseWeightGradient(input: Tensor, width: Int, stride: Int) -> Tensor {
    let (outputs, filters) = (shape[1], shape[2])
    let (positions, channels) = (input.shape[1], input.shape[2])
    let size = width * channels
    var rows = [Float](repeating: 0, count: filters * size)
    scalars.withUnsafeBufferPointer { scalars in
      input.scalars.withUnsafeBufferPointer { input in
        for example in 0..<shape[0] {
          SparseRows(
            scalars.baseAddress! + example * outputs * filters, rows: filters, by: 1,
            columns: outputs, by: filters
          ).addProduct(
            with: input.baseAddress! + example * positions * channels, by: stride * channels,
            count: size, to: &rows, by: size)
        }
      }
    }
    return Tensor(shape: [size, filters], transposing: rows).reshaped([width, channels, filters])
  }
}
