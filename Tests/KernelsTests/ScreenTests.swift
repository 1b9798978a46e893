import Genomics
import Kernels
import Tensors
import Testing

@Suite struct ScreenTests {
  /// A screen with random tables, of which some sums fall below 16 bits and none rises above.
  private struct RandomScreen {
    let blocks: Int
    let width: Int
    let units: Int
    let networks: Int

    func run(_ body: (UnsafePointer<Kernels.MotifScreen>) -> Void) {
      let groups = (width + 2) / 3
      var random = RandomStream(seed: 5, .background, blocks, width)
      let count = blocks * groups * 64 * 32
      let tables = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 2 * count, alignment: Int(MOTIF_ALIGNMENT)
      ).initializeMemory(as: Int16.self, repeating: 0)
      defer { tables.deallocate() }
      // Taps past the last one add nothing: their bases don't tell rows of the last group apart.
      let unused = 1 << (2 * (3 * groups - width))
      for index in tables.indices {
        let kmer = index / 32 % 64
        let isFirst = index / (64 * 32) % groups < groups - 1 || kmer % unused == 0
        tables[index] =
          isFirst
          ? Int16.random(in: -30000...Int16(32000 / groups), using: &random)
          : tables[index - kmer % unused * 32]
      }
      let weights = randomNumbers(blocks * 16 * units)
      let firstUnits = (0..<blocks * 16).map { Int32($0 % networks * units) }
      weights.withUnsafeBufferPointer { weights in
        firstUnits.withUnsafeBufferPointer { firstUnits in
          var screen = Kernels.MotifScreen(
            tables: tables.baseAddress, weights: weights.baseAddress,
            first_units: firstUnits.baseAddress, blocks: Int32(blocks), width: Int32(width),
            units: Int32(units), all_units: Int32(networks * units))
          body(&screen)
        }
      }
    }
  }

  /// Sums of the same numbers in another order: some hundred roundings of numbers up to 2^15.
  @Test(arguments: KernelLevel.allCases, [(1, 16), (5, 32), (16, 64), (24, 32)])
  func changesAsTheDefinition(level: KernelLevel, size: (width: Int, units: Int)) throws {
    let kernels = try level.kernels()
    for (blocks, networks) in [(1, 1), (3, 2)] {
      let screen = RandomScreen(
        blocks: blocks, width: size.width, units: size.units, networks: networks)
      for (windows, positions) in [(1, 1), (1, 9), (3, 5), (70, 9), (20, 20), (33, 1)] {
        let codes = RandomInput(
          filters: 1, width: 1, lengths: [windows + positions + size.width - 2], unknownShare: 0.1
        ).codes
        for strand in [SCREEN_BOTH_STRANDS, SCREEN_FORWARD, SCREEN_REVERSE] {
          let count = windows * networks * size.units
          var fast = [Float](repeating: .nan, count: count)
          var plain = fast
          let scratch = UnsafeMutableRawPointer.allocate(
            byteCount: motif_screen_scratch_count(
              Int64(windows), Int64(positions), Int32(size.width)),
            alignment: Int(MOTIF_ALIGNMENT))
          defer { scratch.deallocate() }
          screen.run { screen in
            kernels.motif_screen(
              screen, strand, codes, Int64(windows), Int64(positions), scratch, &fast)
            motif_screen_plain(screen, strand, codes, Int64(windows), Int64(positions), &plain)
          }
          let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? .infinity
          #expect(worst < 1, "\(blocks) \(windows) \(positions) \(strand)")
        }
      }
    }
  }

  @Test(arguments: KernelLevel.allCases, [16, 32, 64])
  func addsOutputsAsTheDefinition(level: KernelLevel, units: Int) throws {
    let kernels = try level.kernels()
    for (rows, tasks, networks) in [(1, 1, 1), (19, 1, 3), (8, 3, 2)] {
      let changes = randomNumbers(rows * networks * units)
      let (hiddenBias, weights) = (randomNumbers(units), randomNumbers(tasks * units))
      let old = randomNumbers(rows * tasks)
      var (fast, plain) = (old, old)
      hiddenBias.withUnsafeBufferPointer { hiddenBias in
        weights.withUnsafeBufferPointer { weights in
          var head = ScreenHead(
            hidden_bias: hiddenBias.baseAddress, weights: weights.baseAddress,
            first_unit: Int32((networks - 1) * units), units: Int32(units),
            all_units: Int32(networks * units), tasks: Int32(tasks))
          kernels.screen_outputs(&head, changes, Int64(rows), &fast)
          screen_outputs_plain(&head, changes, Int64(rows), &plain)
        }
      }
      #expect(worstDifference(fast, plain) < 1e-5)
    }
  }
}
