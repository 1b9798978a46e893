import Kernels
import Testing

@Suite struct GradientTests {
  /// The gradient of `Σ g · convolution[winner]` is the one-hot window of each winner times g, worked
  /// in plain loops.
  @Test(arguments: ConvolutionTests.shapes, [false, true])
  func winnersPassTheirWindowsBack(shape: (filters: Int, width: Int), reverse: Bool) {
    let input = RandomInput(
      filters: shape.filters, width: shape.width, lengths: [shape.width + 9, shape.width + 20],
      unknownShare: 0.1)
    let winner = randomNumbers(2 * input.lanes).map { Int32(($0 + 1) * 4.99) }
    let flow = randomNumbers(2 * input.lanes)
    var gradient = [Float](repeating: 0, count: shape.filters * shape.width * 4)
    input.run { batch, _, _ in
      motif_add_winner_gradient(
        batch, Int32(shape.filters), Int32(input.lanes), Int32(shape.width), reverse ? 1 : 0,
        winner,
        flow, &gradient)
    }
    var expected = [Float](repeating: 0, count: gradient.count)
    for sequence in 0..<2 {
      for filter in 0..<shape.filters {
        let lane = sequence * input.lanes + filter
        for tap in 0..<shape.width {
          let offset = reverse ? shape.width - 1 - tap : tap
          let code = Int(input.codes[Int(input.offsets[sequence]) + Int(winner[lane]) + offset])
          let channels = code == 4 ? [0, 1, 2, 3] : [reverse ? 3 - code : code]
          for channel in channels {
            expected[(filter * shape.width + tap) * 4 + channel] +=
              flow[lane] / Float(channels.count)
          }
        }
      }
    }
    #expect(worstDifference(gradient, expected) < 1e-5)
  }

  /// Both ways of adding what the positions above zero pass back, folded to weights.
  @Test(arguments: ConvolutionTests.shapes, [0.0, 0.05, 1])
  func rectifiedPositionsPassTheirWindowsBack(
    shape: (filters: Int, width: Int), unknownShare: Double
  ) {
    let input = RandomInput(
      filters: shape.filters, width: shape.width,
      lengths: ConvolutionTests.lengths(width: shape.width), unknownShare: unknownShare)
    let blocks = Int32(input.lanes / 16)
    let tableCount = motif_table_count(blocks, Int32(shape.width))
    let baseCount = motif_base_count(blocks, Int32(shape.width))
    let flow = randomNumbers(input.count * input.lanes)
    var results: [(gradient: [Float], bias: [Float])] = []
    for isPlain in [false, true] {
      var tables = [Float](repeating: 0, count: tableCount)
      var bases = [Float](repeating: 0, count: baseCount)
      var bias = [Float](repeating: 0, count: input.lanes)
      input.run { batch, filters, scratch in
        if isPlain {
          motif_add_rectified_gradient_plain(batch, filters, input.bias, flow, &bases, &bias)
        } else {
          motif_add_rectified_gradient(
            batch, filters, input.bias, scratch, flow, &tables, &bases, &bias)
        }
      }
      var gradient = [Float](repeating: 0, count: shape.filters * shape.width * 4)
      motif_fold_gradient(
        tables, bases, Int32(shape.filters), Int32(shape.width), 0, &gradient)
      results.append((gradient, bias))
    }
    #expect(worstDifference(results[0].gradient, results[1].gradient) < 1e-4)
    #expect(worstDifference(results[0].bias, results[1].bias) < 1e-4)
  }

  /// Folding for the reverse strand mirrors taps and complements bases.
  @Test func foldingMirrorsReverseFilters() {
    let (filters, width) = (2, 6)
    let tables = [Float](repeating: 0, count: motif_table_count(1, Int32(width)))
    var bases = [Float](repeating: 0, count: motif_base_count(1, Int32(width)))
    bases[(1 * 5 + 2) * 16 + 1] = 7  // tap 1, base G, filter 1
    var gradient = [Float](repeating: 0, count: filters * width * 4)
    motif_fold_gradient(tables, bases, Int32(filters), Int32(width), 1, &gradient)
    var expected = [Float](repeating: 0, count: gradient.count)
    expected[(1 * width + 4) * 4 + 1] = 7  // tap 4, base C
    #expect(gradient == expected)
  }
}
