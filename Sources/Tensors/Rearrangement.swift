// Copies of tensors in another order.

extension Tensor {
  /// Copies stretches of `size` scalars: the one at `index` of the result comes from `source(index)`.
  private func rearranged(
    to shape: Shape, by size: Int, from source: (_ index: Int) -> Int
  ) -> Tensor {
    guard shape.count > 0 else { return Tensor(zeros: shape) }
    let scalars = [Float](count: shape.count) { target in
      self.scalars.withUnsafeBufferPointer { own in
        for index in 0..<shape.count / size {
          (target + index * size).update(from: own.baseAddress! + source(index) * size, count: size)
        }
      }
    }
    return Tensor(shape: shape, scalars: scalars)
  }

  /// The first two axes in the other order: `[a, b, …]` gives `[b, a, …]`.
  public func swappingFirstAxes() -> Tensor {
    let (first, second) = (shape[0], shape[1])
    let rest = shape.extents.dropFirst(2)
    return rearranged(to: Shape([second, first] + rest), by: rest.reduce(1, *)) {
      $0 % first * second + $0 / first
    }
  }

  /// `[batch, position, channel]` with the last position first.
  public func reversingPositions() -> Tensor {
    let positions = shape[1]
    return rearranged(to: shape, by: shape[2]) {
      $0 / positions * positions + positions - 1 - $0 % positions
    }
  }

  /// `[batch, position, channel]` with each position so many times: `[batch, position · times, channel]`.
  public func repeatingPositions(_ times: Int) -> Tensor {
    rearranged(to: [shape[0], shape[1] * times, shape[2]], by: shape[2]) { $0 / times }
  }

  /// Some of the columns, those of the last axis.
  public func columns(_ range: Range<Int>) -> Tensor {
    let columns = shape.lastExtent
    precondition(range.upperBound <= columns, "columns \(range) of \(shape)")
    let rows = columns == 0 ? 0 : shape.count / columns
    let result = Shape(shape.extents.dropLast() + [range.count])
    let picked = [Float](count: result.count) { target in
      scalars.withUnsafeBufferPointer { own in
        for row in 0..<rows {
          (target + row * range.count).update(
            from: own.baseAddress! + row * columns + range.lowerBound, count: range.count)
        }
      }
    }
    return Tensor(shape: result, scalars: picked)
  }

  /// Tensors side by side along the last axis; the other axes agree.
  ///
  /// - Precondition: There is a tensor.
  public init(joiningColumns tensors: [Tensor]) {
    let outer = tensors[0].shape.extents.dropLast()
    precondition(
      tensors.allSatisfy { $0.shape.extents.dropLast() == outer },
      "\(tensors.map(\.shape)) side by side")
    let columns = tensors.reduce(0) { $0 + $1.shape.lastExtent }
    let rows = outer.reduce(1, *)
    let joined = [Float](count: rows * columns) { target in
      var first = 0
      for tensor in tensors {
        let width = tensor.shape.lastExtent
        tensor.scalars.withUnsafeBufferPointer { own in
          guard let source = own.baseAddress else { return }
          for row in 0..<rows {
            (target + row * columns + first).update(from: source + row * width, count: width)
          }
        }
        first += width
      }
    }
    self.init(shape: Shape(outer + [columns]), scalars: joined)
  }

  /// Cuts the columns into parts of equal width: `[batch, position, parts · width]` gives
  /// `[batch · parts, position, width]`.
  public func splittingColumns(_ parts: Int) -> Tensor {
    let (positions, width) = (shape[1], shape[2] / parts)
    precondition(shape[2] == parts * width, "\(parts) parts of \(shape)")
    return rearranged(to: [shape[0] * parts, positions, width], by: width) {
      let (block, position) = ($0 / positions, $0 % positions)
      return (block / parts * positions + position) * parts + block % parts
    }
  }

  /// The inverse of `splittingColumns`.
  public func joiningParts(_ parts: Int) -> Tensor {
    let (batch, positions, width) = (shape[0] / parts, shape[1], shape[2])
    precondition(shape[0] == batch * parts, "\(parts) parts of \(shape)")
    return rearranged(to: [batch, positions, parts * width], by: width) {
      let (row, part) = ($0 / parts, $0 % parts)
      return (row / positions * parts + part) * positions + row % positions
    }
  }

  /// The tensor at an index of the first axis: `[n, …]` gives `[…]`.
  public func row(_ index: Int) -> Tensor {
    let size = shape.extents.dropFirst().reduce(1, *)
    return Tensor(
      shape: Shape(shape.extents.dropFirst()),
      scalars: Array(scalars[index * size..<(index + 1) * size]))
  }

  /// The tensor at an index of the first axis of another, whose other scalars are 0: `[…]` gives `[count, …]`.
  public func asRow(_ index: Int, of count: Int) -> Tensor {
    var all = Tensor(zeros: Shape([count] + shape.extents))
    all.scalars.replaceSubrange(
      index * scalars.count..<(index + 1) * scalars.count, with: scalars)
    return all
  }

  /// Tensors of one shape along a new first axis: `[…]` each gives `[count, …]`.
  ///
  /// - Precondition: There is a tensor.
  public init(stacking tensors: [Tensor]) {
    let shape = tensors[0].shape
    precondition(tensors.allSatisfy { $0.shape == shape }, "\(tensors.map(\.shape)) stacked")
    self.init(
      shape: Shape([tensors.count] + shape.extents), scalars: tensors.flatMap(\.scalars))
  }
}
