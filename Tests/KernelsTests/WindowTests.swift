import Kernels
import Testing

@Suite struct WindowTests {
  /// What of a window is asked for.
  enum Features: CaseIterable { case maxima, means, both }

  static let windows = [1, 2, 3, 4, 5, 13]
  private static let windowsPerSequence = 3
  /// Beside those of convolutions, numbers of filters about half a block and a whole one.
  static let shapes = ConvolutionTests.shapes + [(1, 15), (8, 15), (10, 15), (16, 15), (17, 15)]

  /// Whole windows, and a partial one behind.
  private func input(
    _ shape: (filters: Int, width: Int), _ window: Int, _ unknownShare: Double
  ) -> RandomInput {
    let positions = Self.windowsPerSequence * window + window / 2
    return RandomInput(
      filters: shape.filters, width: shape.width,
      lengths: [Int](repeating: shape.width + positions - 1, count: 4), unknownShare: unknownShare)
  }

  @Test(arguments: KernelLevel.allCases, shapes)
  func poolsAsTheDefinition(level: KernelLevel, shape: (filters: Int, width: Int)) throws {
    let kernels = try level.kernels()
    for window in Self.windows { checkPooling(kernels, shape, window: window) }
  }

  private func checkPooling(
    _ kernels: KernelSet, _ shape: (filters: Int, width: Int), window: Int
  ) {
    for (unknownShare, features) in [
      (0.0, Features.maxima), (0, .means), (0, .both), (0.05, .maxima), (0.05, .both), (1, .both),
    ] {
      let input = input(shape, window, unknownShare)
      let count = 4 * Self.windowsPerSequence * shape.filters
      // Rows of a stride of their own: what lies between them must stay.
      let stride = shape.filters + 3
      let floats = [Float](repeating: 7, count: count / shape.filters * stride)
      var (fast, plain) = ((maximum: floats, mean: floats), (maximum: floats, mean: floats))
      var winner = [Int32](repeating: -7, count: count)
      var plainWinner = winner
      input.run(kernels) { batch, filters, scratch in
        func run(_ maximum: UnsafeMutablePointer<Float>?, _ mean: UnsafeMutablePointer<Float>?) {
          kernels.motif_pool_windows(
            batch, filters, Int32(window), scratch, Int64(stride), maximum, &winner, mean)
        }
        switch features {
        case .maxima: run(&fast.maximum, nil)
        case .means: run(nil, &fast.mean)
        case .both: run(&fast.maximum, &fast.mean)
        }
        motif_pool_windows_plain(
          batch, filters, Int32(window), Int64(stride), &plain.maximum, &plainWinner, &plain.mean)
      }
      #expect(
        worstDifference(fast.maximum, features == .means ? floats : plain.maximum) < 2e-5)
      #expect(worstDifference(fast.mean, features == .maxima ? floats : plain.mean) < 2e-5)
      guard features != .means else { continue }
      // Rounding may settle a near tie otherwise.
      let different = winner.indices.count { winner[$0] != plainWinner[$0] }
      #expect(different * 1000 <= count)
    }
  }

  /// One filter of equal weights: all positions tie, and the first of each window wins; with a bias
  /// of -9 none does.
  @Test(
    arguments: KernelLevel.allCases,
    [(Float(1), Float(5), [Int32(0), 3, 6]), (-9, 0, [-1, -1, -1])])
  func firstOfEqualPositionsWins(
    level: KernelLevel, tie: (bias: Float, value: Float, winners: [Int32])
  ) throws {
    let kernels = try level.kernels()
    let input = RandomInput(
      copying: RandomInput(filters: 1, width: 4, lengths: [14], unknownShare: 0),
      weights: [Float](repeating: 1, count: 16), bias: [tie.bias])
    var maximum = [Float](repeating: .nan, count: 3)
    var winner = [Int32](repeating: -7, count: 3)
    input.run(kernels) { batch, filters, scratch in
      kernels.motif_pool_windows(batch, filters, 3, scratch, 1, &maximum, &winner, nil)
    }
    #expect(winner == tie.winners)
    #expect(maximum == [tie.value, tie.value, tie.value])
  }

  @Test(arguments: KernelLevel.allCases, shapes)
  func passesBackAsTheDefinition(level: KernelLevel, shape: (filters: Int, width: Int)) throws {
    let kernels = try level.kernels()
    for window in Self.windows { checkGradient(kernels, shape, window: window) }
  }

  /// A filter as long as the sequences has one place in each; and lengths about those of the blocks in which a
  /// kernel reads bases, 64.
  @Test(
    arguments: KernelLevel.allCases,
    [(15, 15), (64, 64), (24, 64), (24, 65), (24, 128), (24, 150)])
  func passesBackFromSequencesOfEachLength(
    level: KernelLevel, size: (width: Int, length: Int)
  ) throws {
    let kernels = try level.kernels()
    let windows = size.length - size.width + 1
    for filters in [1, 10, 17] {
      for unknownShare in [0, 0.02] {
        let input = RandomInput(
          filters: filters, width: size.width,
          lengths: [Int](repeating: size.length, count: 3), unknownShare: unknownShare)
        let count = 3 * windows * filters
        let winner = randomNumbers(count).enumerated().map { index, draw in
          draw < -0.66 ? -1 : Int32(index / filters % windows)
        }
        let flow = randomNumbers(count)
        let results = [false, true].map { isPlain in
          gradients(
            kernels, of: input, window: 1, stride: filters, winner: winner, maximum: flow,
            mean: nil, isPlain: isPlain)
        }
        #expect(worstDifference(results[0].weights, results[1].weights) < 1e-4)
        #expect(worstDifference(results[0].bias, results[1].bias) < 1e-4)
      }
    }
  }

  private func checkGradient(
    _ kernels: KernelSet, _ shape: (filters: Int, width: Int), window: Int
  ) {
    for (unknownShare, features) in [
      (0.0, Features.maxima), (0, .means), (0, .both), (0.05, .maxima), (0.05, .both),
    ] {
      let input = input(shape, window, unknownShare)
      let count = 4 * Self.windowsPerSequence * shape.filters
      let stride = shape.filters + 3
      let flow = randomNumbers(2 * count / shape.filters * stride)
      let draws = randomNumbers(count)
      // About a sixth of the maxima is 0 and has no winner.
      let winner = draws.enumerated().map { index, draw in
        let first = index / shape.filters % Self.windowsPerSequence * window
        return draw < -0.66 ? -1 : Int32(first + Int((draw + 1) / 2 * Float(window)))
      }
      let results = [false, true].map { isPlain in
        gradients(
          kernels, of: input, window: window, stride: stride, winner: winner,
          maximum: features == .means ? nil : Array(flow[..<(flow.count / 2)]),
          mean: features == .maxima ? nil : Array(flow[(flow.count / 2)...]), isPlain: isPlain)
      }
      #expect(worstDifference(results[0].weights, results[1].weights) < 1e-4)
      #expect(worstDifference(results[0].bias, results[1].bias) < 1e-4)
    }
  }

  private func gradients(
    _ kernels: KernelSet, of input: RandomInput, window: Int, stride: Int, winner: [Int32],
    maximum: [Float]?,
    mean: [Float]?, isPlain: Bool
  ) -> (weights: [Float], bias: [Float]) {
    let (filters, width) = (Int32(input.filters), Int32(input.width))
    let windows = Int64(winner.count / input.filters / input.count)
    let tables = alignedFloats(motif_table_count(filters, width), repeating: 0)
    defer { tables.deallocate() }
    var bases = [Float](repeating: 0, count: motif_base_count(filters, width))
    var winners = [Float](repeating: 0, count: motif_winner_count(filters, width))
    var bias = [Float](repeating: 0, count: input.filters)
    input.run(kernels) { batch, filters, scratch in
      let length = batch.pointee.offsets[1] - batch.pointee.offsets[0]
      var winnerScratch = [Float](
        repeating: 7, count: motif_winner_scratch_count(length, width, windows))
      let count = filters.pointee.filters
      if let maximum, isPlain {
        motif_add_window_winner_gradient_plain(
          batch, count, width, windows, Int64(stride), winner, maximum, &winners, &bias)
      } else if let maximum {
        kernels.motif_add_window_winner_gradient(
          batch, count, width, windows, &winnerScratch, Int64(stride), winner, maximum,
          &winners, &bias)
      }
      if let mean, isPlain {
        motif_add_window_mean_gradient_plain(
          batch, filters, Int32(window), Int64(stride), mean, &bases, &bias)
      } else if let mean {
        kernels.motif_add_window_mean_gradient(
          batch, filters, Int32(window), scratch, Int64(stride), mean, tables.baseAddress!, &bases,
          &bias)
      }
    }
    var weights = [Float](repeating: 0, count: input.filters * input.width * 4)
    kernels.motif_fold_gradient(tables.baseAddress!, bases, filters, width, 0, &weights)
    motif_transpose_gradient(winners, filters, width, 0, &weights)
    return (weights, bias)
  }
}
