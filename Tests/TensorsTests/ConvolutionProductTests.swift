import Genomics
import Parallel
import Tensors
import Testing

/// Against the definitions, in plain loops of doubles.
@Suite struct ConvolutionProductTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var batch = 1
    var positions = 1
    var channels = 1
    var filters = 1
    var width = 1
    var stride = 1
    var dilation = 1
    var padding = 0

    var placement: FilterPlacement {
      FilterPlacement(stride: stride, dilation: dilation, padding: padding)
    }
    var outputs: Int { (positions + 2 * padding - dilation * (width - 1) - 1) / stride + 1 }
    var testDescription: String { "\(self)" }
  }

  static let cases = [
    Case(), Case(batch: 2, positions: 5, channels: 3, filters: 2, width: 5),
    Case(batch: 3, positions: 9, channels: 17, filters: 33, width: 4),
    Case(batch: 2, positions: 12, channels: 3, filters: 17, width: 3, dilation: 4, padding: 4),
    Case(batch: 1, positions: 1, channels: 3, filters: 5, width: 7, padding: 3),
    Case(batch: 2, positions: 14, channels: 1, filters: 3, width: 4, stride: 3, padding: 2),
    Case(batch: 3, positions: 20, channels: 17, filters: 1, width: 3, stride: 2, dilation: 5),
    Case(batch: 3, positions: 9, channels: 70, filters: 5, width: 3, stride: 2, padding: 1),
    Case(batch: 1, positions: 40, channels: 70, filters: 20, width: 6, stride: 4, dilation: 2),
    // By minimal filtering.
    Case(batch: 2, positions: 21, channels: 128, filters: 131, width: 3),
    Case(batch: 2, positions: 42, channels: 129, filters: 128, width: 11),
    Case(batch: 1, positions: 17, channels: 128, filters: 130, width: 7, padding: 3),
  ]

  /// How much of the output's gradient is 0: behind max pooling most of it is.
  enum Zeros: CaseIterable, Sendable {
    case none, most, mostOfSomeExamples, all
  }

  private func gradient(_ c: Case, _ zeros: Zeros) -> Tensor {
    var gradient = random([c.batch, c.outputs, c.filters], seed: 4)
    let size = c.outputs * c.filters
    for index in gradient.scalars.indices {
      let isKept =
        switch zeros {
        case .none: true
        case .most: index % 5 == 0
        case .mostOfSomeExamples: index / size % 2 == 0 || index % 5 == 0
        case .all: false
        }
      if !isKept { gradient.scalars[index] = 0 }
    }
    return gradient
  }

  /// Calls a function with each `(example, output, tap, input position)` that isn't padding.
  private func forEachTap(_ c: Case, _ body: (Int, Int, Int, Int) -> Void) {
    for n in 0..<c.batch {
      for p in 0..<c.outputs {
        for j in 0..<c.width {
          let position = p * c.stride + j * c.dilation - c.padding
          if (0..<c.positions).contains(position) { body(n, p, j, position) }
        }
      }
    }
  }

  @Test(arguments: cases) func convolves(c: Case) {
    let (input, weight, bias) = tensors(c)
    let output = input.convolved(weight: weight, bias: bias, placement: c.placement)
    #expect(output.shape == [c.batch, c.outputs, c.filters])
    #expect(c.placement.outputCount(positions: c.positions, width: c.width) == c.outputs)
    var expected = (0..<output.shape.count).map { Double(bias.scalars[$0 % c.filters]) }
    forEachTap(c) { n, p, j, position in
      for f in 0..<c.filters {
        for channel in 0..<c.channels {
          expected[(n * c.outputs + p) * c.filters + f] +=
            Double(input.scalars[(n * c.positions + position) * c.channels + channel])
            * Double(weight.scalars[(j * c.channels + channel) * c.filters + f])
        }
      }
    }
    expectClose(output, expected)
  }

  @Test(arguments: cases, Zeros.allCases) func givesTheGradients(c: Case, zeros: Zeros) {
    let (input, weight, _) = tensors(c)
    let gradient = gradient(c, zeros)
    var expectedInput = [Double](repeating: 0, count: input.shape.count)
    var expectedWeight = [Double](repeating: 0, count: weight.shape.count)
    forEachTap(c) { n, p, j, position in
      for f in 0..<c.filters {
        let flow = Double(gradient.scalars[(n * c.outputs + p) * c.filters + f])
        for channel in 0..<c.channels {
          let at = (n * c.positions + position) * c.channels + channel
          let tap = (j * c.channels + channel) * c.filters + f
          expectedInput[at] += flow * Double(weight.scalars[tap])
          expectedWeight[tap] += flow * Double(input.scalars[at])
        }
      }
    }
    let ownWeight = gradient.convolutionWeightGradient(
      input: input, width: c.width, placement: c.placement)
    #expect(ownWeight.shape == weight.shape)
    expectClose(ownWeight, expectedWeight)
    let ownInput = gradient.convolutionInputGradient(
      weight: weight, positions: c.positions, placement: c.placement)
    #expect(ownInput.shape == input.shape)
    expectClose(ownInput, expectedInput)
  }

  /// Each example alone, on several threads, and as one of many.
  @Test(arguments: cases, [Zeros.none, .mostOfSomeExamples])
  func bitsDoNotDependOnTheBatch(c: Case, zeros: Zeros) {
    var c = c
    c.batch = 7
    let (input, weight, bias) = tensors(c)
    let (placement, positions) = (c.placement, c.positions)
    let gradient = gradient(c, zeros)
    let output = input.convolved(weight: weight, bias: bias, placement: placement)
    let back = gradient.convolutionInputGradient(
      weight: weight, positions: positions, placement: placement)
    let areSame = concurrentMap(c.batch, threads: 3) { n in
      let own = example(n, of: input).convolved(weight: weight, bias: bias, placement: placement)
      let ownBack = example(n, of: gradient).convolutionInputGradient(
        weight: weight, positions: positions, placement: placement)
      return own == example(n, of: output) && ownBack == example(n, of: back)
    }
    #expect(areSame == [Bool](repeating: true, count: c.batch))
  }

  /// 3 + 2·1 - 2·(2 - 1) - 1 = 2 steps past the first output; none for a filter of 4 at a dilation of 2.
  @Test func countsOutputs() {
    let placement = FilterPlacement(dilation: 2, padding: 1)
    #expect(placement.outputCount(positions: 3, width: 2) == 3)
    #expect(placement.outputCount(positions: 3, width: 4) == 0)
    #expect(FilterPlacement(stride: 2).outputCount(positions: 6, width: 1) == 3)
  }

  private func tensors(_ c: Case) -> (input: Tensor, weight: Tensor, bias: Tensor) {
    (
      random([c.batch, c.positions, c.channels], seed: 1),
      random([c.width, c.channels, c.filters], seed: 2), random([c.filters], seed: 3)
    )
  }

  /// Sums of up to 420 products of at most 0.25.
  /// Minimal filtering is off by a few units in the sixth digit of the largest number, and takes those of 128 channels.
  private func expectClose(_ found: Tensor, _ expected: [Double]) {
    #expect(found.scalars.count == expected.count)
    let largest = expected.map(abs).max() ?? 0
    let tolerance = found.shape.lastExtent < 128 ? 2e-5 : max(2e-5, 6e-6 * largest)
    let worst = zip(found.scalars, expected).map { abs(Double($0) - $1) }.max() ?? 0
    #expect(worst < tolerance, "of \(largest)")
  }
}

private func example(_ index: Int, of tensor: Tensor) -> Tensor {
  let size = tensor.shape.count / tensor.shape[0]
  return Tensor(
    shape: Shape([1] + tensor.shape.extents.dropFirst()),
    scalars: Array(tensor.scalars[index * size..<(index + 1) * size]))
}

/// Numbers between -0.5 and 0.5, the same each time.
func random(_ shape: Shape, seed: UInt64) -> Tensor {
  var random = RandomStream(seed: seed, .initialization)
  return Tensor(shape: shape, scalars: (0..<shape.count).map { _ in random.uniform() - 0.5 })
}
