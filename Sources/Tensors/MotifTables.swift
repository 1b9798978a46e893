internal import Kernels

/// The filters of a motif convolution as look-up tables, for one strand.
///
/// Over one-hot input a convolution is a sum of table rows, one for each k-mer of a window. The
/// tables of the reverse strand hold the reverse-complemented filters, so both strands read the
/// same codes and a position is the same window on both.
public struct MotifTables: Sendable {
  public let filterCount: Int
  public let width: Int
  let reverse: Bool
  let bases: [Float]
  let tables: [Float]

  /// The number of filters, rounded up to a whole block: the row length of raw results.
  public var lanes: Int { blocks * Int(MOTIF_LANES) }
  private var blocks: Int { (filterCount + Int(MOTIF_LANES) - 1) / Int(MOTIF_LANES) }

  /// - Parameter weight: `[width, channel, filter]`, the channels A, C, G, T.
  public init(weight: Tensor, reverse: Bool) {
    precondition(weight.shape.rank == 3 && weight.shape[1] == 4, "filters of \(weight.shape)")
    let width = weight.shape[0]
    let filterCount = weight.shape[2]
    let blocks = Int32((filterCount + Int(MOTIF_LANES) - 1) / Int(MOTIF_LANES))
    self.width = width
    self.filterCount = filterCount
    self.reverse = reverse
    let tableCount = motif_table_count(blocks, Int32(width))
    var built: [Float] = []
    bases = [Float](unsafeUninitializedCapacity: motif_base_count(blocks, Int32(width))) {
      bases, count in
      built = [Float](unsafeUninitializedCapacity: tableCount) { tables, tableCount in
        motif_build_tables(
          weight.scalars, Int32(filterCount), Int32(width), reverse ? 1 : 0, bases.baseAddress!,
          tables.baseAddress!)
        tableCount = tables.count
      }
      count = bases.count
    }
    tables = built
  }

  /// What pooling a batch over all positions finds, each `[sequence, lanes]`.
  public struct Pooled: Sendable {
    /// The largest convolution.
    public var maximum: [Float]
    /// The first position, from the sequence's start, where it occurs.
    public var winner: [Int32]
    /// The sum of `max(0, convolution + bias)` over the positions; empty unless asked for.
    public var rectifiedSum: [Float]
  }

  /// Convolves a batch of codes and pools over each sequence's positions.
  ///
  /// - Parameters:
  ///   - offsets: Sequence `i` is `codes[offsets[i]..<offsets[i + 1]]`, at least `width` long.
  ///   - bias: One a lane; only the sums need it.
  public func pool(codes: [UInt8], offsets: [Int64], bias: [Float], withSums: Bool) -> Pooled {
    let count = (offsets.count - 1) * lanes
    var maximum = [Float](repeating: 0, count: count)
    var winner = [Int32](repeating: 0, count: count)
    var sum = [Float](repeating: 0, count: withSums ? count : 0)
    withKernelArguments(codes: codes, offsets: offsets) { batch, filters, scratch in
      sum.withUnsafeMutableBufferPointer { sum in
        motif_pool(
          &batch, &filters, bias, scratch, &maximum, &winner, withSums ? sum.baseAddress! : nil)
      }
    }
    return Pooled(maximum: maximum, winner: winner, rectifiedSum: sum)
  }

  /// The convolution at each valid position of one sequence: `[count - width + 1, lanes]`.
  ///
  /// - Parameter output: Grown to fit; what it held is lost.
  public func convolve(_ codes: [UInt8], into output: inout [Float]) {
    precondition(codes.count >= width, "\(codes.count) bases under filters of width \(width)")
    let count = (codes.count - width + 1) * lanes
    if output.count != count { output = [Float](repeating: 0, count: count) }
    withKernelArguments(codes: codes, offsets: [0, Int64(codes.count)]) { _, filters, scratch in
      motif_convolve(codes, Int64(codes.count), &filters, scratch, &output)
    }
  }

  /// Adds to `gradient` (`[filter][width][channel]`) what the winners of `pool` pass back.
  ///
  /// - Parameter winnerGradient: `[sequence, lanes]`, 0 where nothing flows.
  public func addWinnerGradient(
    codes: [UInt8], offsets: [Int64], winner: [Int32], winnerGradient: [Float],
    to gradient: inout [Float]
  ) {
    codes.withUnsafeBufferPointer { codes in
      offsets.withUnsafeBufferPointer { offsets in
        var batch = MotifBatch(
          codes: codes.baseAddress, offsets: offsets.baseAddress, count: Int64(offsets.count - 1))
        motif_add_winner_gradient(
          &batch, Int32(filterCount), Int32(lanes), Int32(width), reverse ? 1 : 0, winner,
          winnerGradient, &gradient)
      }
    }
  }

  /// Adds what the positions above zero pass back: to `gradient` (`[filter][width][channel]`) and
  /// to `biasGradient` (`[lanes]`).
  ///
  /// - Parameter positionGradient: `[sequence, lanes]`, what flows into each such position.
  public func addRectifiedGradient(
    codes: [UInt8], offsets: [Int64], bias: [Float], positionGradient: [Float],
    to gradient: inout [Float], biasGradient: inout [Float]
  ) {
    var tableGradient = [Float](repeating: 0, count: tables.count)
    var baseGradient = [Float](repeating: 0, count: bases.count)
    withKernelArguments(codes: codes, offsets: offsets) { batch, filters, scratch in
      motif_add_rectified_gradient(
        &batch, &filters, bias, scratch, positionGradient, &tableGradient, &baseGradient,
        &biasGradient)
    }
    motif_fold_gradient(
      tableGradient, baseGradient, Int32(filterCount), Int32(width), reverse ? 1 : 0, &gradient)
  }

  func withKernelArguments(
    codes: [UInt8], offsets: [Int64],
    _ body: (inout MotifBatch, inout Kernels.MotifTables, UnsafeMutablePointer<UInt8>) -> Void
  ) {
    precondition(offsets.count >= 1 && Int(offsets.last!) <= codes.count, "offsets past the codes")
    let scratchCount = motif_scratch_count(
      offsets.last! - offsets[0], Int64(offsets.count - 1), Int32(width))
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(scratchCount)) { scratch in
      codes.withUnsafeBufferPointer { codes in
        offsets.withUnsafeBufferPointer { offsets in
          bases.withUnsafeBufferPointer { bases in
            tables.withUnsafeBufferPointer { tables in
              var batch = MotifBatch(
                codes: codes.baseAddress, offsets: offsets.baseAddress,
                count: Int64(offsets.count - 1))
              var filters = Kernels.MotifTables(
                bases: bases.baseAddress, tables: tables.baseAddress, blocks: Int32(blocks),
                width: Int32(width))
              body(&batch, &filters, scratch.baseAddress!)
            }
          }
        }
      }
    }
  }
}
