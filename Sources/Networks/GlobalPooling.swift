public import Tensors

/// How the positions of a sequence become one number a filter.
public enum Pooling: String, Codable, Sendable, CaseIterable {
  /// The largest value.
  case max
  /// The largest value, and after all filters' maxima, the mean of each.
  case maxAndMean

  /// The number of features that come of one filter.
  public var featuresPerFilter: Int { self == .max ? 1 : 2 }
}

/// Pools each filter over all positions.
public struct GlobalPooling: Layer {
  public let pooling: Pooling

  public init(_ pooling: Pooling) {
    self.pooling = pooling
  }

  /// What the gradient needs: the input's shape and where each maximum stood.
  public struct Saved: Sendable {
    let inputShape: Shape
    let winners: [Int]
  }

  public var parameters: [Tensor] {
    get { [] }
    set { precondition(newValue.isEmpty) }
  }

  /// - Parameter input: `[batch, positions, filters]`.
  /// - Returns: `[batch, filters]`, or `[batch, 2 · filters]` with means behind the maxima. Of equal
  ///   maxima the first position counts.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Saved) {
    let (count, positions, filters) = (input.shape[0], input.shape[1], input.shape[2])
    let features = filters * pooling.featuresPerFilter
    var output = Tensor(zeros: [count, features])
    var winners = [Int](repeating: 0, count: count * filters)
    for example in 0..<count {
      for filter in 0..<filters {
        let column = stride(
          from: example * positions * filters + filter, to: (example + 1) * positions * filters,
          by: filters)
        var winner = column.first { _ in true }!
        for index in column where input.scalars[index] > input.scalars[winner] { winner = index }
        winners[example * filters + filter] = winner
        output.scalars[example * features + filter] = input.scalars[winner]
        if pooling == .maxAndMean {
          let sum = column.reduce(Float(0)) { $0 + input.scalars[$1] }
          output.scalars[example * features + filters + filter] = sum / Float(positions)
        }
      }
    }
    return (output, Saved(inputShape: input.shape, winners: winners))
  }

  public func backward(_ outputGradient: Tensor, saved: Saved) -> LayerGradient {
    let (positions, filters) = (saved.inputShape[1], saved.inputShape[2])
    let features = filters * pooling.featuresPerFilter
    var gradient = Tensor(zeros: saved.inputShape)
    if pooling == .maxAndMean {
      for index in gradient.scalars.indices {
        let (example, filter) = (index / (positions * filters), index % filters)
        gradient.scalars[index] =
          outputGradient.scalars[example * features + filters + filter] / Float(positions)
      }
    }
    for (index, winner) in saved.winners.enumerated() {
      let (example, filter) = (index / filters, index % filters)
      gradient.scalars[winner] += outputGradient.scalars[example * features + filter]
    }
    return LayerGradient(input: gradient)
  }
}
