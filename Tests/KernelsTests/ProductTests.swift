import Kernels
import Testing

@Suite struct ProductTests {
  /// Whole tiles and panels, parts of them, more terms than a panel holds; rows that overlap, as those of a
  /// convolution do, and a transposed factor; with a start and added to what is there.
  @Test(
    arguments: KernelLevel.allCases,
    [(1, 1, 1), (2, 5, 17), (13, 12, 33), (1, 97, 16), (3, 40, 300)])
  func multipliesAsTheDefinition(level: KernelLevel, extents: (Int, Int, Int)) throws {
    let kernels = try level.kernels()
    let (batch, positions, columns) = extents
    for (taps, channels, dilation) in [(1, 1, 1), (3, 7, 2), (2, 65, 1), (2, 200, 3)] {
      let product = WindowProduct(
        batch: batch, positions: positions, columns: columns, taps: taps, channels: channels,
        dilation: dilation)
      check(product, kernels, isStored: true, hasStart: true)
      check(product, kernels, isStored: false, hasStart: false)
    }
  }

  /// Checks a kernel's product against that of plain loops.
  private func check(
    _ product: WindowProduct, _ kernels: KernelSet, isStored: Bool, hasStart: Bool
  ) {
    let left = randomNumbers(product.batch * product.length * product.channels)
    let right = randomNumbers(product.taps * product.channels * product.columns)
    let start = randomNumbers(product.columns)
    var output = randomNumbers(product.batch * product.positions * product.columns)
    var plain = output
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        start.withUnsafeBufferPointer { start in
          var left = product.windows(of: left.baseAddress)
          var right = product.filters(right.baseAddress, isStored: isStored)
          let start = hasStart ? start.baseAddress : nil
          let scratch = alignedFloats(Int(PRODUCT_SCRATCH), repeating: .nan)
          defer { scratch.deallocate() }
          kernels.multiply(&left, &right, start, scratch.baseAddress!, &output)
          multiply_plain(&left, &right, start, &plain)
        }
      }
    }
    // Sums of up to 401 products below 1, with and without fused multiply-adds.
    #expect(worstDifference(output, plain) < 3e-5)
  }

  /// The product of the windows of sequences, read in place, and of filters, one per column.
  private struct WindowProduct {
    let batch, positions, columns, taps, channels, dilation: Int

    /// That of a sequence.
    var length: Int { positions + dilation * (taps - 1) }

    /// The left factor, from `[batch, length, channels]`.
    func windows(of values: UnsafePointer<Float>?) -> Strided {
      Strided(
        values: values,
        rows: (
          Axis(count: Int64(batch), step: Int64(length * channels)),
          Axis(count: Int64(positions), step: Int64(channels))
        ),
        columns: (
          Axis(count: Int64(taps), step: Int64(dilation * channels)),
          Axis(count: Int64(channels), step: 1)
        ))
    }

    /// The right factor.
    ///
    /// - Parameter isStored: Whether the values are `[taps, channels, columns]`, or else its transpose.
    func filters(_ values: UnsafePointer<Float>?, isStored: Bool) -> Strided {
      let step = isStored ? (row: columns, column: 1) : (row: 1, column: taps * channels)
      return Strided(
        values: values,
        rows: (
          Axis(count: Int64(taps), step: Int64(channels * step.row)),
          Axis(count: Int64(channels), step: Int64(step.row))
        ),
        columns: (
          Axis(count: 1, step: 0),
          Axis(count: Int64(columns), step: Int64(step.column))
        ))
    }
  }

  /// `multiply` and `affine` go through a sum's terms in one order: rows that take either have the same bits.
  @Test(arguments: KernelLevel.allCases, [(1, 5, 3), (7, 40, 33), (25, 700, 211)])
  func isAffineToTheBit(level: KernelLevel, extents: (Int, Int, Int)) throws {
    let kernels = try level.kernels()
    let (rows, terms, columns) = extents
    let (left, right, start) = (
      randomNumbers(rows * terms), randomNumbers(terms * columns), randomNumbers(columns)
    )
    var (product, mapped) = (
      [Float](repeating: 0, count: rows * columns), [Float](repeating: 1, count: rows * columns)
    )
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        start.withUnsafeBufferPointer { start in
          let single = Axis(count: 1, step: 0)
          var (a, b) = (
            Strided(
              values: left.baseAddress,
              rows: (single, Axis(count: Int64(rows), step: Int64(terms))),
              columns: (single, Axis(count: Int64(terms), step: 1))),
            Strided(
              values: right.baseAddress,
              rows: (single, Axis(count: Int64(terms), step: Int64(columns))),
              columns: (single, Axis(count: Int64(columns), step: 1)))
          )
          let scratch = alignedFloats(
            max(Int(PRODUCT_SCRATCH), (terms + 1) * Int(MOTIF_LANES)), repeating: .nan)
          defer { scratch.deallocate() }
          kernels.multiply(&a, &b, start.baseAddress, scratch.baseAddress!, &product)
          var map = Affine(
            weight: right.baseAddress, bias: start.baseAddress, inputs: Int32(terms),
            outputs: Int32(columns))
          var input = AffineInput(values: left.baseAddress, row_step: Int64(terms), step: 1)
          kernels.affine(&map, &input, Int64(rows), scratch.baseAddress!, &mapped)
        }
      }
    }
    #expect(product == mapped)
  }

  /// A right factor that is packed once; more terms than a block holds, parts of panels, either factor transposed.
  @Test(
    arguments: KernelLevel.allCases,
    [(1, 1, 1), (7, 30, 17), (50, 400, 33), (13, 800, 70), (100, 20, 16)])
  func multipliesPackedFactors(level: KernelLevel, extents: (Int, Int, Int)) throws {
    let kernels = try level.kernels()
    let (rows, terms, columns) = extents
    let (left, right) = (randomNumbers(rows * terms), randomNumbers(terms * columns))
    for isTransposed in [false, true] {
      func strided(_ values: UnsafePointer<Float>?, _ rows: Int, _ columns: Int) -> Strided {
        Strided(
          values: values,
          rows: (
            Axis(count: 1, step: 0),
            Axis(count: Int64(rows), step: isTransposed ? 1 : Int64(columns))
          ),
          columns: (
            Axis(count: 1, step: 0),
            Axis(count: Int64(columns), step: isTransposed ? Int64(rows) : 1)
          ))
      }
      var output = randomNumbers(rows * columns)
      var plain = output
      let packed = alignedFloats(Int(packed_count(Int64(terms), Int64(columns))), repeating: .nan)
      defer { packed.deallocate() }
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          var first = strided(left.baseAddress, rows, terms)
          var second = strided(right.baseAddress, terms, columns)
          kernels.pack_matrix(&second, packed.baseAddress!)
          kernels.add_packed_product(&first, packed.baseAddress!, Int64(columns), &output)
          multiply_plain(&first, &second, nil, &plain)
        }
      }
      // Sums of up to 800 products below 1, with and without fused multiply-adds.
      #expect(worstDifference(output, plain) < 5e-5)
    }
  }

  /// Terms a step apart: the transpose of a stored matrix, as the gradient of weights reads the input.
  @Test(arguments: KernelLevel.allCases, [(1, 1), (5, 300), (30, 64)])
  func readsTermsApart(level: KernelLevel, extents: (Int, Int)) throws {
    let kernels = try level.kernels()
    let (rows, inner) = extents
    let columns = 19
    let (left, right) = (randomNumbers(inner * rows), randomNumbers(inner * columns))
    var output = [Float](repeating: 0.5, count: rows * columns)
    var plain = output
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        let single = Axis(count: 1, step: 0)
        var left = Strided(
          values: left.baseAddress, rows: (single, Axis(count: Int64(rows), step: 1)),
          columns: (single, Axis(count: Int64(inner), step: Int64(rows))))
        var right = Strided(
          values: right.baseAddress,
          rows: (single, Axis(count: Int64(inner), step: Int64(columns))),
          columns: (single, Axis(count: Int64(columns), step: 1)))
        let scratch = alignedFloats(Int(PRODUCT_SCRATCH), repeating: .nan)
        defer { scratch.deallocate() }
        kernels.multiply(&left, &right, nil, scratch.baseAddress!, &output)
        multiply_plain(&left, &right, nil, &plain)
      }
    }
    #expect(worstDifference(output, plain) < 3e-5)
  }
}
