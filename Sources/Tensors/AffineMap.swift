internal import Kernels

extension Tensor {
  /// `self · weight + bias`: `[rows, inputs]`, `[inputs, outputs]` and `[outputs]` give
  /// `[rows, outputs]`.
  ///
  /// A row has the same bits whatever stands beside it. On narrow matrices, such as those of most dense layers, it is
  /// faster than OpenBLAS.
  /// - Precondition: The extents agree.
  public func mapped(weight: Tensor, bias: Tensor) -> Tensor {
    let limit = shape[0] < manyRows ? narrowWeightLimit : narrowWeightLimitOfManyRows
    guard weight.shape.count <= limit else {
      return mapped(weight: weight, bias: bias, order: .sameForEachRow)
    }
    return mapped(weight: weight, bias: bias) { map, input, rows, output in
      mapRows(
        AffineInput(values: input, row_step: Int64(map.inputs), step: 1), rows, by: map,
        into: output)
    }
  }

  /// The same as `mapped` to rounding, faster if each row has most of its numbers from the row before it, as the
  /// maxima of windows have that move on by one base.
  public func mappedInTurn(weight: Tensor, bias: Tensor) -> Tensor {
    mapped(weight: weight, bias: bias) { map, input, rows, output in
      let scratchCount = (Int(map.inputs) + 1) * Int(MOTIF_LANES)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: scratchCount) { scratch in
        var map = map
        affine_in_turn(&map, input, Int64(rows), scratch.baseAddress!, output)
      }
    }
  }

  private func mapped(
    weight: Tensor, bias: Tensor,
    by run: (Affine, UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    let (rows, inputs, outputs) = (shape[0], weight.shape[0], weight.shape[1])
    precondition(
      shape == [rows, inputs] && bias.shape == [outputs],
      "\(shape) · \(weight.shape) + \(bias.shape)")
    let scalars = [Float](count: rows * outputs) { output in
      weight.scalars.withUnsafeBufferPointer { weight in
        bias.scalars.withUnsafeBufferPointer { bias in
          self.scalars.withUnsafeBufferPointer { scalars in
            guard let input = scalars.baseAddress else { return }
            let map = Affine(
              weight: weight.baseAddress, bias: bias.baseAddress, inputs: Int32(inputs),
              outputs: Int32(outputs))
            run(map, input, rows, output)
          }
        }
      }
    }
    return Tensor(shape: [rows, outputs], scalars: scalars)
  }

  /// `self · weight + bias`, `[…, inputs]`, `[inputs, outputs]` and `[outputs]` give `[…, outputs]`; through OpenBLAS
  /// if the order allows.
  public func mapped(weight: Tensor, bias: Tensor, order: ProductOrder) -> Tensor {
    let factor = asIs
    var output = Tensor(repeating: bias, count: factor.rows)
    output.addProduct(factor, weight.asIs, order: order)
    return output.reshaped(Shape(shape.extents.dropLast() + [bias.shape[0]]))
  }

  /// Adds a vector, `[columns]`, to each row.
  public func addingToRows(_ row: Tensor) -> Tensor {
    var sum = Tensor(repeating: row, count: asIs.rows).reshaped(shape)
    sum += self
    return sum
  }

  /// The sum over all axes but the last: `[…, columns]` gives `[columns]`.
  public func summedOverMatrixRows() -> Tensor {
    reshaped([asIs.rows, shape.lastExtent]).summedOverRows()
  }

  /// The sum over the first axis: `[n, …]` gives `[…]`.
  public func summedOverRows() -> Tensor {
    var sum = Tensor(zeros: Shape(shape.extents.dropFirst()))
    let columns = Int64(sum.scalars.count)
    add_rows(scalars, Int64(shape[0]), columns, columns, &sum.scalars)
    return sum
  }
}

/// Adds a small matrix product, `[m, k] · [k, n]`, to `sum`, the factors' first rows given apart.
func addNarrowProduct(
  _ left: UnsafePointer<Float>, _ a: MatrixFactor, _ right: UnsafePointer<Float>,
  _ b: MatrixFactor, to sum: UnsafeMutablePointer<Float>
) {
  if a.isTransposed, b.columns == 1 {
    // A column of sums is computed as the row that it is in memory: a's storage is read in order.
    mapRows(
      AffineInput(values: right, row_step: 0, step: 1), 1,
      by: Affine(weight: left, bias: nil, inputs: Int32(a.columns), outputs: Int32(a.rows)),
      into: sum)
    return
  }
  let stored = Int64(a.storedColumns)
  let input =
    a.isTransposed
    ? AffineInput(values: left, row_step: 1, step: stored)
    : AffineInput(values: left, row_step: stored, step: 1)
  func add(_ weight: UnsafePointer<Float>) {
    mapRows(
      input, a.rows,
      by: Affine(weight: weight, bias: nil, inputs: Int32(b.rows), outputs: Int32(b.columns)),
      into: sum)
  }
  guard b.isTransposed, b.rows > 1, b.columns > 1 else { return add(right) }
  withUnsafeTemporaryAllocation(of: Float.self, capacity: b.rows * b.columns) { weight in
    transpose(
      right, step: b.storedColumns, rows: b.columns, columns: b.rows, into: weight.baseAddress!)
    add(weight.baseAddress!)
  }
}

private func mapRows(
  _ input: AffineInput, _ rows: Int, by map: Affine, into output: UnsafeMutablePointer<Float>
) {
  let scratchCount = (Int(map.inputs) + 1) * Int(MOTIF_LANES)
  withUnsafeTemporaryAllocation(of: Float.self, capacity: scratchCount) { scratch in
    var (map, input) = (map, input)
    affine(&map, &input, Int64(rows), scratch.baseAddress!, output)
  }
}

/// How many weights are too many to be read again for every few rows (docs/decisions/0015). Both ways go through a sum's
/// terms in order, so a row has the same bits.
private let narrowWeightLimit = 1 << 22
private let narrowWeightLimitOfManyRows = 1 << 17
private let manyRows = 24
