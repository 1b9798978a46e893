internal import Genomics
internal import Kernels

/// A convolution by minimal filtering: four outputs at a time, of six inputs and three taps, by six products instead of
/// twelve (Winograd 1980; Lavin & Gray 2016, F(4, 3)).
///
/// With `d` the six inputs, `g` the taps and `*` products of elements
///
///     y = Aᵀ · (G · g * Bᵀ · d)
///
/// Wider filters are cut into segments of three taps, whose products are added before `Aᵀ` is applied. The products of one
/// element for all channels and filters are one matrix product. Sums have other roundings than the definition's: they
/// are off by a few units in the sixth digit of the largest number.
struct WinogradTiles {
  private static let outputsPerTile = 4
  private static let taps = 3
  private static let inputsPerTile = 6

  /// `Bᵀ`: a row for each product.
  private static let inputFactors: [[Float]] = [
    [4, 0, -5, 0, 1, 0], [0, -4, -4, 1, 1, 0], [0, 4, -4, -1, 1, 0], [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0], [0, 4, 0, -5, 0, 1],
  ]
  /// `G`: a row for each product.
  private static let tapFactors: [[Float]] = [
    [1 / 4, 0, 0], [-1 / 6, -1 / 6, -1 / 6], [-1 / 6, 1 / 6, -1 / 6], [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6], [0, 0, 1],
  ]
  /// `Aᵀ`: a row for each output.
  private static let outputFactors: [[Float]] = [
    [1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1],
  ]

  /// The fewest channels and filters, and the largest share of outputs of tiles over those wanted, that are worth the sums.
  private static let fewestChannels = 128
  private static let mostWaste = 1.25
  /// The rows of a product at a time: their factors stay in the second-level cache.
  private static let rowsAtOnce = 192

  private let width, channels, filters, outputs: Int
  /// The number of segments of a filter.
  private let segments: Int
  /// The number of tiles of an example.
  private let tiles: Int

  /// - Parameter weight: `[width, channels, filters]`.
  /// - Returns: `nil` if the definition's products are as fast.
  init?(weight: Shape, outputs: Int, _ placement: FilterPlacement) {
    (width, channels, filters) = (weight[0], weight[1], weight[2])
    self.outputs = outputs
    segments = width.dividedRoundingUp(by: Self.taps)
    tiles = outputs.dividedRoundingUp(by: Self.outputsPerTile)
    guard placement.stride == 1, placement.dilation == 1, width >= Self.taps,
      min(channels, filters) >= Self.fewestChannels,
      Double(tiles * Self.outputsPerTile) <= Self.mostWaste * Double(outputs)
    else { return nil }
  }

  /// The places of an example that a tile's segment can begin at.
  private var starts: Int {
    Self.outputsPerTile * (tiles - 1) + Self.taps * (segments - 1) + 1
  }

  /// The convolution of `input`, `[batch, positions, channels]`.
  func convolved(_ input: Tensor, weight: Tensor, bias: Tensor, padding: Int) -> Tensor {
    let batch = input.shape[0]
    let positions = starts + Self.inputsPerTile - 1
    let placed = input.placed(
      before: padding, after: max(0, positions - padding - input.shape[1]))
    let products = weightFactors(weight)
    let size = max(1, Self.rowsAtOnce / tiles)
    return Tensor(
      shape: [batch, outputs, filters],
      scalars: [Float](count: batch * outputs * filters) { output in
        for first in stride(from: 0, to: batch, by: size) {
          let examples = first..<min(first + size, batch)
          let sums = self.sums(of: examples, in: placed, products)
          for example in examples {
            combine(
              sums, of: example - first, among: examples.count, bias: bias.scalars,
              into: output + example * outputs * filters)
          }
        }
      })
  }

  /// `G · g`, a matrix for each product: `[segment, channel, filter]`.
  private func weightFactors(_ weight: Tensor) -> [[Float]] {
    let size = channels * filters
    return Self.tapFactors.map { factors in
      [Float](count: segments * size) { target in
        weight.scalars.withUnsafeBufferPointer { weight in
          for segment in 0..<segments {
            let first = segment * Self.taps
            combineTerms(
              TermRows(
                values: weight.baseAddress! + first * size, rows: 1, row_step: 0,
                terms: Int64(min(Self.taps, width - first)), term_step: Int64(size),
                columns: Int64(size)), factors, nil, target + segment * size, 0)
          }
        }
      }
    }
  }

  /// The products of some examples, the segments' added: `[product, example, tile, filter]`.
  private func sums(of examples: Range<Int>, in input: Tensor, _ weights: [[Float]]) -> [Float] {
    let rowCount = examples.count * tiles
    let none = [Float](repeating: 0, count: filters)
    return [Float](count: weights.count * rowCount * filters) { sums in
      for (product, weights) in weights.enumerated() {
        let left = StridedMatrix(
          scalars: inputFactors(of: examples, in: input, product),
          rows: (
            Axis(examples.count, by: starts * channels),
            Axis(tiles, by: Self.outputsPerTile * channels)
          ),
          columns: (Axis(segments, by: Self.taps * channels), Axis(channels, by: 1)))
        let right = StridedMatrix(
          scalars: weights,
          rows: (Axis(segments, by: channels * filters), Axis(channels, by: filters)),
          columns: (.single, Axis(filters, by: 1)))
        left.multiply(
          by: right, startingFrom: none, into: sums + product * rowCount * filters)
      }
    }
  }

  /// A row of `Bᵀ · d` for each place of some examples: `[example, start, channel]`.
  private func inputFactors(of examples: Range<Int>, in input: Tensor, _ product: Int) -> [Float] {
    let (step, count) = (input.shape[1] * channels, starts * channels)
    return [Float](count: examples.count * count) { target in
      input.scalars.withUnsafeBufferPointer { input in
        combineTerms(
          TermRows(
            values: input.baseAddress! + examples.lowerBound * step, rows: Int64(examples.count),
            row_step: Int64(step), terms: Int64(Self.inputsPerTile), term_step: Int64(channels),
            columns: Int64(count)), Self.inputFactors[product], nil, target, Int64(count))
      }
    }
  }

  /// `Aᵀ` of the sums of an example, plus the bias.
  private func combine(
    _ sums: [Float], of example: Int, among count: Int, bias: [Float],
    into output: UnsafeMutablePointer<Float>
  ) {
    sums.withUnsafeBufferPointer { sums in
      for (place, factors) in Self.outputFactors.enumerated() where place < outputs {
        // The last tile may hold more outputs than there are.
        let rows = (outputs - place).dividedRoundingUp(by: Self.outputsPerTile)
        combineTerms(
          TermRows(
            values: sums.baseAddress! + example * tiles * filters, rows: Int64(rows),
            row_step: Int64(filters), terms: Int64(Self.inputsPerTile),
            term_step: Int64(count * tiles * filters), columns: Int64(filters)), factors, bias,
          output + place * filters, Int64(Self.outputsPerTile * filters))
      }
    }
  }
}

private func combineTerms(
  _ rows: TermRows, _ factors: [Float], _ start: [Float]?, _ output: UnsafeMutablePointer<Float>,
  _ step: Int64
) {
  var rows = rows
  combine_terms(&rows, factors, start, output, step)
}
