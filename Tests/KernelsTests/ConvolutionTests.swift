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

  @Test(arguments: shapes, [0.0, 0.03, 0.5, 1])
  func convolvesAsTheDefinition(shape: (filters: Int, width: Int), unknownShare: Double) {
    let input = RandomInput(
      filters: shape.filters, width: shape.width, lengths: [shape.width + 57],
      unknownShare: unknownShare)
    let count = 58 * input.lanes
    var fast = [Float](repeating: .nan, count: count)
    var plain = fast
    input.run { _, filters, scratch in
      motif_convolve(input.codes, Int64(input.codes.count), filters, scratch, &fast)
      motif_convolve_plain(input.codes, Int64(input.codes.count), filters, &plain)
    }
    #expect(worstDifference(fast, plain) < tolerance)
  }

  /// `Σ_j w[j][base]` of one filter in plain Double loops, straight from the weights; the reverse
  /// tables must give what the forward ones give on the reverse complement.
  @Test(arguments: [false, true]) func tablesHoldTheWeights(reverse: Bool) {
    let (filters, width, length) = (3, 6, 40)
    let input = RandomInput(filters: filters, width: width, lengths: [length], unknownShare: 0.1)
    var output = [Float](repeating: .nan, count: (length - width + 1) * 16)
    input.run(reverse: reverse) { _, filters, scratch in
      motif_convolve(input.codes, Int64(length), filters, scratch, &output)
    }
    for position in 0...(length - width) {
      for filter in 0..<filters {
        var sum = 0.0
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

  @Test(arguments: shapes, [0.0, 0.05, 1])
  func poolsAsTheDefinition(shape: (filters: Int, width: Int), unknownShare: Double) {
    let input = RandomInput(
      filters: shape.filters, width: shape.width, lengths: Self.lengths(width: shape.width),
      unknownShare: unknownShare)
    let count = input.count * input.lanes
    var (fast, plain) = (
      [Float](repeating: .nan, count: count), [Float](repeating: .nan, count: count)
    )
    var (fastSum, plainSum) = (fast, fast)
    var winner = [Int32](repeating: -1, count: count)
    var plainWinner = winner
    input.run { batch, filters, scratch in
      motif_pool(batch, filters, input.bias, scratch, &fast, &winner, &fastSum)
      motif_pool_plain(batch, filters, input.bias, &plain, &plainWinner, &plainSum)
    }
    #expect(worstDifference(fast, plain) < tolerance)
    #expect(worstDifference(fastSum, plainSum) < tolerance)
    // Rounding may settle a near tie otherwise, so the winners are compared by what they score.
    input.run { _, filters, scratch in
      for index in 0..<input.count {
        let codes = Array(input.codes[Int(input.offsets[index])..<Int(input.offsets[index + 1])])
        var convolved = [Float](
          repeating: .nan, count: (codes.count - input.width + 1) * input.lanes)
        motif_convolve(codes, Int64(codes.count), filters, scratch, &convolved)
        for lane in 0..<input.lanes {
          let at = Int(winner[index * input.lanes + lane])
          #expect(convolved[at * input.lanes + lane] == fast[index * input.lanes + lane])
        }
      }
    }
  }

  /// Of equal maxima the first position wins: with one filter of equal weights all positions tie.
  @Test func firstOfEqualPositionsWins() {
    var input = RandomInput(filters: 1, width: 4, lengths: [33], unknownShare: 0)
    input = RandomInput(copying: input, weights: [Float](repeating: 1, count: 16))
    var maximum = [Float](repeating: .nan, count: 16)
    var winner = [Int32](repeating: -1, count: 16)
    input.run { batch, filters, scratch in
      motif_pool(batch, filters, input.bias, scratch, &maximum, &winner, nil)
    }
    #expect(winner[0] == 0)
    #expect(maximum[0] == 4)
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
