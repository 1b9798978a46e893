internal import Kernels

extension Tensor {
  /// `self · weight + bias`: `[rows, inputs]`, `[inputs, outputs]` and `[outputs]` give
  /// `[rows, outputs]`.
  ///
  /// On narrow matrices, such as those of a dense layer, it is faster than `addProduct`.
  /// - Precondition: The extents agree.
  public func mapped(weight: Tensor, bias: Tensor) -> Tensor {
    let (rows, inputs, outputs) = (shape[0], weight.shape[0], weight.shape[1])
    precondition(
      shape == [rows, inputs] && bias.shape == [outputs],
      "\(shape) · \(weight.shape) + \(bias.shape)")
    let scalars = [Float](unsafeUninitializedCapacity: rows * outputs) { output, count in
      let scratchCount = (inputs + 1) * Int(MOTIF_LANES)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: scratchCount) { scratch in
        weight.scalars.withUnsafeBufferPointer { weight in
          bias.scalars.withUnsafeBufferPointer { bias in
            var map = Affine(
              weight: weight.baseAddress, bias: bias.baseAddress, inputs: Int32(inputs),
              outputs: Int32(outputs))
            affine(&map, self.scalars, Int64(rows), scratch.baseAddress!, output.baseAddress!)
          }
        }
      }
      count = rows * outputs
    }
    return Tensor(shape: [rows, outputs], scalars: scalars)
  }
}
