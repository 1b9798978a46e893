internal import Genomics
internal import Kernels

/// The filters of a motif convolution, with their biases, as look-up tables for one strand.
///
/// Over one-hot input a convolution is a sum of table rows, one for each k-mer of a window. The
/// tables of the reverse strand hold the reverse-complemented filters, so both strands read the
/// same codes and a position is the same window on both.
public final class MotifTables: Sendable {
  public let filterCount: Int
  public let width: Int
  let reverse: Bool
  let bases: [Float]
  let tables: AlignedArray<Float>

  /// The number of filters of a block.
  public static let blockLanes = Int(MOTIF_LANES)

  public var blockCount: Int { filterCount.dividedRoundingUp(by: Self.blockLanes) }

  /// The filters of a block, of which the last may hold fewer than the others.
  public func filters(of block: Int) -> Range<Int> {
    block * Self.blockLanes..<min((block + 1) * Self.blockLanes, filterCount)
  }

  /// The number of filters, rounded up to a whole block: the row length of `convolve`.
  public var lanes: Int { blockCount * Self.blockLanes }

  /// - Parameters:
  ///   - weight: `[width, channel, filter]`, the channels A, C, G, T.
  ///   - bias: `[filter]`
  public init(weight: Tensor, bias: Tensor, reverse: Bool) {
    precondition(
      weight.shape.rank == 3 && weight.shape[1] == 4 && bias.shape == [weight.shape[2]],
      "filters of \(weight.shape), biases of \(bias.shape)")
    let (width, filters) = (Int32(weight.shape[0]), Int32(weight.shape[2]))
    self.width = weight.shape[0]
    self.filterCount = weight.shape[2]
    self.reverse = reverse
    let baseCount = motif_base_count(filters, width)
    let bases = [Float](count: baseCount) { bases in
      motif_build_bases(
        weight.scalars, bias.scalars, filters, width, reverse ? 1 : 0, bases)
    }
    tables = AlignedArray(count: motif_table_count(filters, width)) {
      motif_build_tables(bases, filters, width, $0)
    }
    self.bases = bases
  }

  /// Convolves a batch of codes, rectifies, and pools over each sequence's positions.
  ///
  /// - Parameters:
  ///   - offsets: Sequence `i` is `codes[offsets[i]..<offsets[i + 1]]`, at least `width` long.
  ///   - features: `[rows, filters]`, or `[rows, 2 · filters]` with the means behind the maxima;
  ///     sequence `i` fills row `firstRow + i`.
  /// - Returns: The first position, from the sequence's start, of each maximum: `[sequence, filter]`.
  public func pool(
    codes: [UInt8], offsets: [Int64], into features: inout Tensor, firstRow: Int
  ) -> [Int32] {
    let (count, stride) = (offsets.count - 1, features.shape[1])
    let withMeans = stride == 2 * filterCount
    check(features, holds: count, from: firstRow)
    check(codes, offsets)
    return [Int32](count: count * filterCount) { winner in
      features.scalars.withUnsafeMutableBufferPointer { features in
        let maximum = features.baseAddress! + firstRow * stride
        withKernelArguments(codes: codes, offsets: offsets) { batch, filters, scratch in
          motif_pool(
            &batch, &filters, scratch, Int64(stride), maximum, winner,
            withMeans ? maximum + filterCount : nil)
        }
      }
    }
  }

  /// The convolution, biases included, at each valid position of one sequence:
  /// `[count - width + 1, lanes]`.
  ///
  /// - Parameters:
  ///   - blocks: Those whose filters are wanted, `blockLanes` a block; all, if none are given.
  ///   - output: Grown to fit; what it held is lost, unless the largest number counts.
  ///   - keepingLargest: Whether of each number, that which `output` holds, and 0 the largest one is kept.
  public func convolve(
    _ codes: [UInt8], blocks: Range<Int>? = nil, keepingLargest: Bool = false,
    into output: inout [Float]
  ) {
    let blocks = blocks ?? 0..<blockCount
    precondition(
      codes.count >= width && blocks.upperBound <= blockCount,
      "\(codes.count) bases under blocks \(blocks) of filters of width \(width)")
    let count = (codes.count - width + 1) * blocks.count * Self.blockLanes
    precondition(!keepingLargest || output.count == count, "\(output.count) numbers of \(count)")
    if output.count != count { output = [Float](repeating: 0, count: count) }
    let run = keepingLargest ? motif_convolve_larger : motif_convolve
    withKernelArguments(codes: codes, offsets: [0, Int64(codes.count)]) { _, filters, scratch in
      run(
        codes, Int64(codes.count), &filters, Int32(blocks.lowerBound), Int32(blocks.count), scratch,
        &output)
    }
  }

  /// Adds to the gradients of weight and bias what the features of `pool` pass back.
  ///
  /// - Parameters:
  ///   - features, firstRow: As `pool` filled them.
  ///   - gradient: That of the features.
  ///   - winner: What `pool` returned.
  public func addGradient(
    codes: [UInt8], offsets: [Int64], features: Tensor, gradient: Tensor, firstRow: Int,
    winner: [Int32], toWeight weight: inout Tensor, bias: inout Tensor
  ) {
    let (count, stride) = (offsets.count - 1, features.shape[1])
    let (filters, width) = (Int32(filterCount), Int32(self.width))
    check(features, holds: count, from: firstRow)
    check(codes, offsets)
    precondition(
      gradient.shape == features.shape && winner.count == count * filterCount
        && weight.shape == [self.width, Alphabet.dna.count, filterCount]
        && bias.shape == [filterCount],
      "gradients of \(gradient.shape), \(winner.count) winners, filters of \(weight.shape)")
    features.scalars.withUnsafeBufferPointer { features in
      gradient.scalars.withUnsafeBufferPointer { gradient in
        let maximum = features.baseAddress! + firstRow * stride
        let maximumGradient = gradient.baseAddress! + firstRow * stride
        withKernelArguments(codes: codes, offsets: offsets) { batch, tables, scratch in
          withZeros(count: motif_winner_count(filters, width)) { filterGradient in
            motif_add_winner_gradient(
              &batch, filters, width, Int64(stride), maximum, winner, maximumGradient,
              filterGradient, &bias.scalars)
            motif_transpose_gradient(
              filterGradient, filters, width, reverse ? 1 : 0, &weight.scalars)
          }
          guard stride == 2 * filterCount else { return }
          withZeros(count: self.tables.count) { tableGradient in
            withZeros(count: bases.count) { baseGradient in
              motif_add_mean_gradient(
                &batch, &tables, scratch, Int64(stride), maximumGradient + filterCount,
                tableGradient, baseGradient, &bias.scalars)
              motif_fold_gradient(
                tableGradient, baseGradient, filters, width, reverse ? 1 : 0, &weight.scalars)
            }
          }
        }
      }
    }
  }

  /// - Precondition: The features are a row or two of all filters for so many sequences from a row on.
  private func check(_ features: Tensor, holds count: Int, from firstRow: Int) {
    precondition(
      features.shape.rank == 2 && [filterCount, 2 * filterCount].contains(features.shape[1])
        && firstRow >= 0 && firstRow + count <= features.shape[0],
      "features of \(count) sequences from row \(firstRow) in \(features.shape)")
  }

  /// - Precondition: Every sequence is at least as long as the filters.
  private func check(_ codes: [UInt8], _ offsets: [Int64]) {
    precondition(
      offsets.first ?? -1 >= 0
        && zip(offsets, offsets.dropFirst()).allSatisfy { Int($1 - $0) >= width },
      "a sequence shorter than the filters, \(width) bases")
  }

  func withKernelArguments(
    codes: [UInt8], offsets: [Int64],
    _ body: (inout MotifBatch, inout Kernels.MotifTables, UnsafeMutablePointer<UInt16>) -> Void
  ) {
    precondition(offsets.count >= 1 && Int(offsets.last!) <= codes.count, "offsets past the codes")
    let scratchCount = motif_scratch_count(
      offsets.last! - offsets[0], Int64(offsets.count - 1), Int32(width))
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: Int(scratchCount)) { scratch in
      codes.withUnsafeBufferPointer { codes in
        offsets.withUnsafeBufferPointer { offsets in
          bases.withUnsafeBufferPointer { bases in
            tables.withUnsafePointer { tables in
              var batch = MotifBatch(
                codes: codes.baseAddress, offsets: offsets.baseAddress,
                count: Int64(offsets.count - 1))
              var filters = Kernels.MotifTables(
                bases: bases.baseAddress, tables: tables, filters: Int32(filterCount),
                width: Int32(width))
              body(&batch, &filters, scratch.baseAddress!)
            }
          }
        }
      }
    }
  }
}
