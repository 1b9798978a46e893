import Kernels
import Testing

@Suite struct WindowTests {
  static let windows = [1, 2, 3, 4, 5, 13]

  /// Whole windows only, and a partial one behind.
  private func input(
    _ shape: (filters: Int, width: Int), _ window: Int, _ unknownShare: Double
  ) -> (input: RandomInput, rows: Int) {
    let positions = 3 * window + window / 2
    let lengths = [Int](repeating: shape.width + positions - 1, count: 4)
    return (
      RandomInput(
        filters: shape.filters, width: shape.width, lengths: lengths, unknownShare: unknownShare),
      12
    )
  }

  @Test(arguments: ConvolutionTests.shapes, windows)
  func poolsAsTheDefinition(shape: (filters: Int, width: Int), window: Int) {
    for unknownShare in [0.0, 0.05, 1] {
      let (input, rows) = input(shape, window, unknownShare)
      let count = rows * input.lanes
      var (fast, plain) = (
        [Float](repeating: .nan, count: count), [Float](repeating: .nan, count: count)
      )
      var (fastSum, plainSum, alone) = (fast, fast, fast)
      var (winner, plainWinner) = (
        [Int32](repeating: -7, count: count), [Int32](repeating: -7, count: count)
      )
      input.run { batch, filters, scratch in
        motif_pool_windows(
          batch, filters, input.bias, Int32(window), scratch, &alone, &winner, nil)
        motif_pool_windows(
          batch, filters, input.bias, Int32(window), scratch, &fast, &winner, &fastSum)
        motif_pool_windows_plain(
          batch, filters, input.bias, Int32(window), &plain, &plainWinner, &plainSum)
      }
      #expect(fast == alone)
      #expect(worstDifference(fast, plain) < 2e-5)
      #expect(worstDifference(fastSum, plainSum) < 2e-5)
      // Rounding may settle a near tie otherwise.
      let different = winner.indices.filter { winner[$0] != plainWinner[$0] }
      #expect(different.count * 1000 <= count)
    }
  }

  /// One filter of equal weights: all positions tie, and the first of each window wins; with a bias
  /// of -9 none does.
  @Test func firstOfEqualPositionsWins() {
    var input = RandomInput(filters: 1, width: 4, lengths: [14], unknownShare: 0)
    input = RandomInput(copying: input, weights: [Float](repeating: 1, count: 16))
    var maximum = [Float](repeating: .nan, count: 48)
    var winner = [Int32](repeating: -7, count: 48)
    for (bias, expected) in [(Float(1), (Float(5), [Int32(0), 3, 6])), (-9, (0, [-1, -1, -1]))] {
      let biases = [bias] + [Float](repeating: 0, count: 15)
      input.run { batch, filters, scratch in
        motif_pool_windows(batch, filters, biases, 3, scratch, &maximum, &winner, nil)
      }
      #expect([0, 16, 32].map { winner[$0] } == expected.1)
      #expect([0, 16, 32].map { maximum[$0] } == [Float](repeating: expected.0, count: 3))
    }
  }

  @Test(arguments: ConvolutionTests.shapes, windows)
  func passesBackAsTheDefinition(shape: (filters: Int, width: Int), window: Int) {
    for (unknownShare, withPositions) in [(0.0, false), (0, true), (0.05, false), (0.05, true)] {
      let (input, rows) = input(shape, window, unknownShare)
      let flow = randomNumbers(2 * rows * input.lanes)
      let winnerFlow = Array(flow[..<(rows * input.lanes)])
      let positionFlow = Array(flow[(rows * input.lanes)...])
      // About a sixth of the lanes of each window has no winner.
      let windows = rows / input.count
      let winner = zip(winnerFlow.indices, randomNumbers(winnerFlow.count)).map { index, number in
        number < -0.66
          ? -1
          : Int32(index / input.lanes % windows * window + Int((number + 1) / 2 * Float(window)))
      }
      let blocks = Int32(input.lanes / 16)
      var results: [(gradient: [Float], bias: [Float])] = []
      for isPlain in [false, true] {
        var tables = [Float](repeating: 0, count: motif_table_count(blocks, Int32(shape.width)))
        var bases = [Float](repeating: 0, count: motif_base_count(blocks, Int32(shape.width)))
        var bias = [Float](repeating: 0, count: input.lanes)
        input.run { batch, filters, scratch in
          positionFlow.withUnsafeBufferPointer { positionFlow in
            let positionFlow = withPositions ? positionFlow.baseAddress : nil
            if isPlain {
              motif_add_window_gradient_plain(
                batch, filters, input.bias, Int32(window), winner, winnerFlow, positionFlow,
                &bases, &bias)
            } else {
              motif_add_window_gradient(
                batch, filters, input.bias, Int32(window), scratch, winner, winnerFlow,
                positionFlow, &tables, &bases, &bias)
            }
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
  }
}
