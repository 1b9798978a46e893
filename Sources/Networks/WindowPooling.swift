public import Tensors

/// Pools each filter over each `window` positions; a last partial window is dropped.
public struct WindowPooling: Layer {
  public let pooling: Pooling
  public let window: Int

  public init(_ pooling: Pooling, window: Int) {
    precondition(window > 0, "a window of \(window)")
    self.pooling = pooling
    self.window = window
  }

  /// What the gradient needs: the input's shape and where each maximum stood.
  public struct Saved: Sendable {
    let inputShape: Shape
    /// Empty without maxima.
    let winners: [Int]
  }

  /// - Parameter input: `[batch, positions, filters]`.
  /// - Returns: `[batch, windows, filters]`, or `[batch, windows, 2 · filters]` with means behind the
  ///   maxima. Of equal maxima the first position counts.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Saved) {
    let filters = input.shape[2]
    let windows = input.shape[1] / window
    let features = filters * pooling.featuresPerFilter
    var output = Tensor(zeros: [input.shape[0], windows, features])
    var winners: [Int] = []
    for row in 0..<input.shape[0] * windows {
      for filter in 0..<filters {
        let column = column(of: filter, inWindow: row, of: input.shape)
        if pooling.hasMaxima {
          var winner = column.first { _ in true }!
          for index in column where input.scalars[index] > input.scalars[winner] { winner = index }
          winners.append(winner)
          output.scalars[row * features + filter] = input.scalars[winner]
        }
        if pooling.hasMeans {
          let sum = column.reduce(Float(0)) { $0 + input.scalars[$1] }
          output.scalars[(row + 1) * features - filters + filter] = sum / Float(window)
        }
      }
    }
    return (output, Saved(inputShape: input.shape, winners: winners))
  }

  public func backward(_ outputGradient: Tensor, saved: Saved) -> LayerGradient {
    let filters = saved.inputShape[2]
    let features = filters * pooling.featuresPerFilter
    var gradient = Tensor(zeros: saved.inputShape)
    if pooling.hasMeans {
      for row in 0..<outputGradient.scalars.count / features {
        for filter in 0..<filters {
          let flow = outputGradient.scalars[(row + 1) * features - filters + filter] / Float(window)
          for index in column(of: filter, inWindow: row, of: saved.inputShape) {
            gradient.scalars[index] = flow
          }
        }
      }
    }
    for (index, winner) in saved.winners.enumerated() {
      gradient.scalars[winner] +=
        outputGradient.scalars[index / filters * features + index % filters]
    }
    return LayerGradient(input: gradient)
  }

  /// The places of one filter's values in a window, the windows of all examples counted through.
  private func column(of filter: Int, inWindow row: Int, of shape: Shape) -> StrideTo<Int> {
    let (positions, filters) = (shape[1], shape[2])
    let windows = positions / window
    let first = (row / windows * positions + row % windows * window) * filters
    return stride(from: first + filter, to: first + window * filters, by: filters)
  }
}
