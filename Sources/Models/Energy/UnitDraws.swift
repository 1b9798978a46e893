package import Genomics
package import Tensors

/// Units of a row, drawn independently by their logits or probabilities, `[batch, units]`.
extension Tensor {
  /// The logits divided by a temperature.
  package func tempered(_ temperature: Float) -> Tensor {
    temperature == 1 ? self : map { $0 / temperature }
  }

  /// The probabilities of units by their logits.
  package func means(of units: VisibleUnits) -> Tensor {
    switch units {
    case .binary: applying(.sigmoid)
    case .bases: reshaped([shape.count / 4, 4]).softmaxOfRows().reshaped(shape)
    }
  }

  /// Draws units by their probabilities, each row by a stream of its own.
  package func drawn(_ units: VisibleUnits, using streams: inout [RandomStream]) -> Tensor {
    switch units {
    case .binary: drawnUnits(using: &streams)
    case .bases: drawnBases(using: &streams)
    }
  }

  /// Each number 1 with its probability, else 0.
  private func drawnUnits(using streams: inout [RandomStream]) -> Tensor {
    var drawn = self
    let width = shape.lastExtent
    for row in streams.indices {
      for index in row * width..<(row + 1) * width {
        let draw: Float = streams[row].uniform()
        drawn.scalars[index] = draw < scalars[index] ? 1 : 0
      }
    }
    return drawn
  }

  /// Of each four one is 1.
  private func drawnBases(using streams: inout [RandomStream]) -> Tensor {
    var drawn = Tensor(zeros: shape)
    let width = shape.lastExtent
    for row in streams.indices {
      for first in stride(from: row * width, to: (row + 1) * width, by: 4) {
        let base = drawnBase(scalars[first..<first + 4], at: streams[row].uniform())
        drawn.scalars[first + Int(base)] = 1
      }
    }
    return drawn
  }

  /// For each row the natural logarithm of the probability of units by their logits. Of probabilities instead of units it is
  /// the mean over units that are drawn by them: minus their entropy, if they are those of the logits.
  ///
  /// - Parameter logits: Of the shape of the units.
  package func logProbabilities(_ units: VisibleUnits, logits: Tensor) -> [Double] {
    let width = shape.lastExtent
    return (0..<shape[0]).map { row in
      let range = row * width..<(row + 1) * width
      var sum = range.reduce(0.0) { $0 + Double(scalars[$1]) * Double(logits.scalars[$1]) }
      switch units {
      case .binary: for index in range { sum -= softplus(Double(logits.scalars[index])) }
      case .bases:
        for first in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
          var total = LogSum()
          for base in 0..<4 { total.add(Double(logits.scalars[first + base])) }
          sum -= total.value
        }
      }
      return sum
    }
  }
}
