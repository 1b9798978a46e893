extension Tensor {
  /// Makes one row of both strands' features: `[2 · rows, features]`, the reverse strands' rows last,
  /// gives `[rows, features]`.
  ///
  /// - Parameter maxima: The number of columns, from the first, of which the larger feature counts; of
  ///   the others the mean does.
  public func joiningStrands(maxima: Int) -> Tensor {
    let (rows, columns) = (shape[0] / 2, shape[1])
    precondition(shape[0] % 2 == 0 && maxima <= columns, "strands of \(shape), \(maxima) maxima")
    let half = rows * columns
    let joined = [Float](count: half) { joined in
      scalars.withUnsafeBufferPointer { strands in
        for first in stride(from: 0, to: half, by: columns) {
          for index in first..<first + maxima {
            let (forward, reverse) = (strands[index], strands[half + index])
            joined[index] = reverse > forward ? reverse : forward
          }
          for index in first + maxima..<first + columns {
            joined[index] = (strands[index] + strands[half + index]) / 2
          }
        }
      }
    }
    return Tensor(shape: [rows, columns], scalars: joined)
  }

  /// The transpose of `joiningStrands`: `[rows, features]` gives `[2 · rows, features]`.
  ///
  /// - Parameter features: What was joined. Of equal maxima that of the forward strand counts.
  public func splittingStrands(of features: Tensor, maxima: Int) -> Tensor {
    let (half, columns) = (scalars.count, shape[1])
    precondition(
      features.shape == [2 * shape[0], columns] && maxima <= columns,
      "a gradient of \(shape) for strands of \(features.shape)")
    let split = [Float](count: 2 * half) { split in
      scalars.withUnsafeBufferPointer { gradient in
        features.scalars.withUnsafeBufferPointer { strands in
          for first in stride(from: 0, to: half, by: columns) {
            for index in first..<first + maxima {
              let isReverse = strands[half + index] > strands[index]
              split[index] = isReverse ? 0 : gradient[index]
              split[half + index] = isReverse ? gradient[index] : 0
            }
            for index in first + maxima..<first + columns {
              split[index] = gradient[index] / 2
              split[half + index] = gradient[index] / 2
            }
          }
        }
      }
    }
    return Tensor(shape: features.shape, scalars: split)
  }
}
