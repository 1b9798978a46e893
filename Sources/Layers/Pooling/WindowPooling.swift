public import Genomics
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

  public func backward(_ outputGradient: Tensor, saved: Saved, wantsInput: Bool) -> LayerGradient {
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

extension WindowPooling {
  /// `{"windowPooling": {"pooling": "max", "window": 4}}`
  public struct Configuration: LayerConfiguration {
    public static let kind = "windowPooling"
    public static let example = Configuration(pooling: .max, window: 4)

    public var pooling: Pooling
    /// The number of positions that become one.
    public var window: Int

    public init(pooling: Pooling, window: Int) {
      self.pooling = pooling
      self.window = window
    }

    public func output(after input: Extents) throws(ConfigurationError) -> Extents {
      let (positions, channels) = try input.requirePositions()
      try check(window, in: Limit.width, "window")
      guard positions >= window else {
        throw ConfigurationError(
          description: "\(positions) positions are left for windows of \(window); take longer "
            + "sequences, or less pooling before it",
          isForLength: true)
      }
      return .positions(positions / window, channels: channels * pooling.featuresPerFilter)
    }

    public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
      WindowPooling(pooling, window: window)
    }
  }
}

extension AnyLayerConfiguration {
  public static func windowPooling(_ pooling: Pooling, window: Int) -> AnyLayerConfiguration {
    AnyLayerConfiguration(WindowPooling.Configuration(pooling: pooling, window: window))
  }
}
