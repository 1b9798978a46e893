import Kernels
import Testing

@Suite struct GradientTests {
  /// The gradient of `Σ g · max(0, convolution[winner])` is the one-hot window of each winner times g,
  /// worked in plain loops; with `reverse`, transposed back to the weights of the forward filters.
  @Test(arguments: KernelLevel.allCases, ConvolutionTests.shapes)
  func winnersPassTheirWindowsBack(
    level: KernelLevel, shape: (filters: Int, width: Int)
  ) throws {
    let kernels = try level.kernels()
    for (unknownShare, reverse) in [(0, false), (0, true), (0.1, false), (0.1, true)] {
      checkWinners(kernels, shape, unknownShare: unknownShare, reverse: reverse)
    }
  }

  private func checkWinners(
    _ kernels: KernelSet, _ shape: (filters: Int, width: Int), unknownShare: Double, reverse: Bool
  ) {
    let input = RandomInput(
      filters: shape.filters, width: shape.width, lengths: [shape.width + 9, shape.width + 20],
      unknownShare: unknownShare)
    let winners = Winners(filters: shape.filters)
    let (filters, width) = (Int32(shape.filters), Int32(shape.width))
    var filterGradient = [Float](repeating: 0, count: motif_winner_count(filters, width))
    var plainGradient = filterGradient
    var bias = [Float](repeating: 0, count: shape.filters)
    var plainBias = bias
    input.run(kernels) { batch, _, _ in
      kernels.motif_add_winner_gradient(
        batch, filters, width, Int64(filters), winners.maximum, winners.winner, winners.flow,
        &filterGradient, &bias)
      motif_add_winner_gradient_plain(
        batch, filters, width, Int64(filters), winners.maximum, winners.winner, winners.flow,
        &plainGradient, &plainBias)
    }
    var gradient = [Float](repeating: 0, count: shape.width * 4 * shape.filters)
    motif_transpose_gradient(filterGradient, filters, width, reverse ? 1 : 0, &gradient)
    let expected = winners.gradient(of: input, reverse: reverse)
    #expect(worstDifference(gradient, expected.weights) < 1e-5)
    #expect(worstDifference(filterGradient, plainGradient) < 1e-5)
    #expect(worstDifference(bias, expected.bias) < 1e-5)
    #expect(worstDifference(plainBias, expected.bias) < 1e-5)
  }

  /// The maxima of filters over two sequences, where they are, and the gradients that flow back to them.
  private struct Winners {
    let winner: [Int32]
    let maximum, flow: [Float]

    init(filters: Int) {
      winner = randomNumbers(2 * filters).map { Int32(($0 + 1) * 4.99) }
      maximum = randomNumbers(2 * filters + 1).dropLast().map { max(0, $0) }
      flow = randomNumbers(2 * filters)
    }

    /// The gradients by their definition.
    func gradient(of input: RandomInput, reverse: Bool) -> (weights: [Float], bias: [Float]) {
      let (filters, width) = (input.filters, input.width)
      var weights = [Float](repeating: 0, count: width * 4 * filters)
      var bias = [Float](repeating: 0, count: filters)
      for lane in 0..<2 * filters where maximum[lane] > 0 {
        let (sequence, filter) = (lane / filters, lane % filters)
        bias[filter] += flow[lane]
        for tap in 0..<width {
          let offset = reverse ? width - 1 - tap : tap
          let code = Int(input.codes[Int(input.offsets[sequence]) + Int(winner[lane]) + offset])
          let channels = code == 4 ? [0, 1, 2, 3] : [reverse ? 3 - code : code]
          for channel in channels {
            weights[(tap * 4 + channel) * filters + filter] += flow[lane] / Float(channels.count)
          }
        }
      }
      return (weights, bias)
    }
  }

  /// Both ways of adding what means pass back, folded to weights.
  @Test(arguments: KernelLevel.allCases, ConvolutionTests.shapes)
  func meansPassTheirWindowsBack(level: KernelLevel, shape: (filters: Int, width: Int)) throws {
    let kernels = try level.kernels()
    for unknownShare in [0, 0.05, 1] { checkMeans(kernels, shape, unknownShare: unknownShare) }
  }

  private func checkMeans(
    _ kernels: KernelSet, _ shape: (filters: Int, width: Int), unknownShare: Double
  ) {
    let input = RandomInput(
      filters: shape.filters, width: shape.width,
      lengths: ConvolutionTests.lengths(width: shape.width), unknownShare: unknownShare)
    let (filters, width) = (Int32(shape.filters), Int32(shape.width))
    let stride = shape.filters + 2
    let flow = randomNumbers(input.count * stride)
    var results: [(gradient: [Float], bias: [Float])] = []
    for isPlain in [false, true] {
      let tables = alignedFloats(motif_table_count(filters, width), repeating: 0)
      defer { tables.deallocate() }
      var bases = [Float](repeating: 0, count: motif_base_count(filters, width))
      var bias = [Float](repeating: 0, count: shape.filters)
      input.run(kernels) { batch, filters, scratch in
        if isPlain {
          motif_add_mean_gradient_plain(batch, filters, Int64(stride), flow, &bases, &bias)
        } else {
          kernels.motif_add_mean_gradient(
            batch, filters, scratch, Int64(stride), flow, tables.baseAddress!, &bases, &bias)
        }
      }
      var gradient = [Float](repeating: 0, count: shape.filters * shape.width * 4)
      kernels.motif_fold_gradient(tables.baseAddress!, bases, filters, width, 0, &gradient)
      results.append((gradient, bias))
    }
    #expect(worstDifference(results[0].gradient, results[1].gradient) < 1e-4)
    #expect(worstDifference(results[0].bias, results[1].bias) < 1e-4)
  }

  /// A weight gathers the rows of all k-mers that hold its base, and of unknown bases a quarter.
  @Test(arguments: KernelLevel.allCases, ConvolutionTests.shapes)
  func foldsAsTheDefinition(level: KernelLevel, shape: (filters: Int, width: Int)) throws {
    let kernels = try level.kernels()
    let (filters, width) = shape
    let groups = (width + 2) / 3
    let tables = randomNumbers(motif_table_count(Int32(filters), Int32(width)))
    let bases = randomNumbers(motif_base_count(Int32(filters), Int32(width)))
    var gradient = [Float](repeating: 1, count: width * 4 * filters)
    let expected = gradient.indices.map { index in
      let (tap, base, filter) = (index / (4 * filters), index / filters % 4, index % filters)
      let (block, lane) = (filter / 16, filter % 16)
      func added(_ base: Int) -> Double {
        Double(bases[((block * width + tap) * 5 + base) * 16 + lane])
      }
      let kmers = (0..<64).filter { [$0 / 16, $0 / 4 % 4, $0 % 4][tap % 3] == base }
      let sum = kmers.reduce(0.0) { sum, kmer in
        sum + Double(tables[((block * groups + tap / 3) * 64 + kmer) * 16 + lane])
      }
      return Float(1 + sum + added(base) + added(4) / 4)
    }
    kernels.motif_fold_gradient(tables, bases, Int32(filters), Int32(width), 0, &gradient)
    // 19 numbers of size 1, added in another order.
    #expect(worstDifference(gradient, expected) < 1e-5)
  }

  /// Folding for the reverse strand mirrors taps and complements bases.
  @Test(arguments: KernelLevel.allCases)
  func foldingMirrorsReverseFilters(level: KernelLevel) throws {
    let kernels = try level.kernels()
    let (filters, width) = (2, 6)
    let tables = alignedFloats(motif_table_count(Int32(filters), Int32(width)), repeating: 0)
    defer { tables.deallocate() }
    var bases = [Float](repeating: 0, count: motif_base_count(Int32(filters), Int32(width)))
    bases[(1 * 5 + 2) * 16 + 1] = 7  // tap 1, base G, filter 1
    var gradient = [Float](repeating: 0, count: width * 4 * filters)
    kernels.motif_fold_gradient(
      tables.baseAddress!, bases, Int32(filters), Int32(width), 1, &gradient)
    var expected = [Float](repeating: 0, count: gradient.count)
    expected[(4 * 4 + 1) * filters + 1] = 7  // tap 4, base C
    #expect(gradient == expected)
  }
}
