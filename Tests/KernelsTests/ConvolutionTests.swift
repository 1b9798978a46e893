import Kernels
import Testing

/// Sums of up to 64 numbers of size 1, in another order: rounding stays far below this.
private let tolerance: Float = 2e-5

@Suite struct ConvolutionTests {
  static let shapes: [(filters: Int, width: Int)] = [
    (1, 1), (3, 2), (16, 3), (17, 4), (16, 5), (5, 7), (16, 24), (33, 24), (40, 31), (16, 64),
  ]
  /// Lengths from the filter's own on, and enough for whole and broken runs of four positions.
  static func lengths(width: Int) -> [Int] { [0, 1, 2, 3, 4, 5, 30, 101].map { width + $0 } }

  @Test(arguments: KernelLevel.allCases, shapes)
  func convolvesAsTheDefinition(level: KernelLevel, shape: (filters: Int, width: Int)) throws {
    let kernels = try level.kernels()
    for unknownShare in [0, 0.03, 0.5, 1] {
      checkConvolution(kernels, shape, unknownShare: unknownShare)
    }
  }

  private func checkConvolution(
    _ kernels: KernelSet, _ shape: (filters: Int, width: Int), unknownShare: Double
  ) {
    let input = RandomInput(
      filters: shape.filters, width: shape.width, lengths: [shape.width + 57],
      unknownShare: unknownShare)
    let count = 58 * input.lanes
    var fast = [Float](repeating: .nan, count: count)
    var plain = fast
    input.run(kernels) { _, filters, scratch in
      kernels.motif_convolve(
        input.codes, Int64(input.codes.count), filters, 0, input.blocks, scratch, &fast)
      motif_convolve_plain(input.codes, Int64(input.codes.count), filters, 0, input.blocks, &plain)
    }
    #expect(worstDifference(fast, plain) < tolerance)
    let before = randomNumbers(count)
    var largest = before
    input.run(kernels) { _, filters, scratch in
      kernels.motif_convolve_larger(
        input.codes, Int64(input.codes.count), filters, 0, input.blocks, scratch, &largest)
    }
    #expect(largest == zip(before, fast).map { max(0, $0, $1) })
  }

  /// `Σ_j w[j][base]` of one filter in plain Double loops, straight from the weights; the reverse
  /// tables must give what the forward ones give on the reverse complement.
  @Test(arguments: KernelLevel.allCases, [false, true])
  func tablesHoldTheWeights(level: KernelLevel, reverse: Bool) throws {
    let kernels = try level.kernels()
    let (filters, width, length) = (3, 6, 40)
    let input = RandomInput(filters: filters, width: width, lengths: [length], unknownShare: 0.1)
    var output = [Float](repeating: .nan, count: (length - width + 1) * 16)
    input.run(kernels, reverse: reverse) { _, filters, scratch in
      kernels.motif_convolve(input.codes, Int64(length), filters, 0, 1, scratch, &output)
    }
    for position in 0...(length - width) {
      for filter in 0..<filters {
        var sum = Double(input.bias[filter])
        for tap in 0..<width {
          let code = Int(input.codes[position + (reverse ? width - 1 - tap : tap)])
          let channels = code == 4 ? [0, 1, 2, 3] : [reverse ? 3 - code : code]
          for channel in channels {
            sum +=
              Double(input.weights[(tap * 4 + channel) * filters + filter])
              / Double(channels.count)
          }
        }
        #expect(abs(Double(output[position * 16 + filter]) - sum) < 1e-5)
      }
    }
  }

  @Test(arguments: KernelLevel.allCases, shapes)
  func poolsAsTheDefinition(level: KernelLevel, shape: (filters: Int, width: Int)) throws {
    let kernels = try level.kernels()
    for unknownShare in [0, 0.05, 1] { checkPooling(kernels, shape, unknownShare: unknownShare) }
  }

  private func checkPooling(
    _ kernels: KernelSet, _ shape: (filters: Int, width: Int), unknownShare: Double
  ) {
    let input = RandomInput(
      filters: shape.filters, width: shape.width, lengths: Self.lengths(width: shape.width),
      unknownShare: unknownShare)
    // Rows with room behind the features, which must stay as it is.
    let stride = 2 * shape.filters + 3
    let count = input.count * stride
    var (fast, plain) = ([Float](repeating: -9, count: count), [Float](repeating: -9, count: count))
    var winner = [Int32](repeating: -1, count: input.count * shape.filters)
    var plainWinner = winner
    input.run(kernels) { batch, filters, scratch in
      fast.withUnsafeMutableBufferPointer { fast in
        let maximum = fast.baseAddress!
        kernels.motif_pool(
          batch, filters, scratch, Int64(stride), maximum, &winner, maximum + shape.filters)
      }
      plain.withUnsafeMutableBufferPointer { plain in
        let maximum = plain.baseAddress!
        motif_pool_plain(
          batch, filters, Int64(stride), maximum, &plainWinner, maximum + shape.filters)
      }
    }
    #expect(worstDifference(fast, plain) < tolerance)
    // Rounding may settle a near tie otherwise, so the winners are compared by what they score.
    input.run(kernels) { _, filters, scratch in
      for index in 0..<input.count {
        let codes = Array(input.codes[Int(input.offsets[index])..<Int(input.offsets[index + 1])])
        var convolved = [Float](
          repeating: .nan, count: (codes.count - input.width + 1) * input.lanes)
        kernels.motif_convolve(
          codes, Int64(codes.count), filters, 0, input.blocks, scratch, &convolved)
        for filter in 0..<shape.filters {
          let at = Int(winner[index * shape.filters + filter])
          #expect(
            max(0, convolved[at * input.lanes + filter]) == fast[index * stride + filter])
        }
      }
    }
  }

  /// Some blocks alone are as among all.
  @Test(arguments: KernelLevel.allCases) func convolvesBlocksAlone(level: KernelLevel) throws {
    let kernels = try level.kernels()
    let input = RandomInput(filters: 40, width: 7, lengths: [50], unknownShare: 0.05)
    var all = [Float](repeating: .nan, count: 44 * 48)
    var some = [Float](repeating: .nan, count: 44 * 32)
    input.run(kernels) { _, filters, scratch in
      kernels.motif_convolve(input.codes, 50, filters, 0, 3, scratch, &all)
      kernels.motif_convolve(input.codes, 50, filters, 1, 2, scratch, &some)
    }
    var expected: [Float] = []
    for position in 0..<44 { expected += all[position * 48 + 16..<position * 48 + 48] }
    #expect(some == expected)
  }

  /// Of equal maxima the first position wins: with one filter of equal weights all positions tie.
  @Test(arguments: KernelLevel.allCases)
  func firstOfEqualPositionsWins(level: KernelLevel) throws {
    let kernels = try level.kernels()
    var input = RandomInput(filters: 1, width: 4, lengths: [33], unknownShare: 0)
    input = RandomInput(
      copying: input, weights: [Float](repeating: 1, count: 16), bias: [0.5])
    var (maximum, winner) = (Float.nan, Int32(-1))
    input.run(kernels) { batch, filters, scratch in
      kernels.motif_pool(batch, filters, scratch, 1, &maximum, &winner, nil)
    }
    #expect(winner == 0)
    #expect(maximum == 4.5)
  }
}

extension RandomInput {
  init(copying other: RandomInput, weights: [Float], bias: [Float]) {
    codes = other.codes
    offsets = other.offsets
    filters = other.filters
    width = other.width
    self.bias = bias
    self.weights = weights
  }
}
