extension NetworkConfiguration {
  /// Sums end here, so that those of many layers don't overflow; no machine holds so much.
  private static let mostCounted = 1 << 50

  /// The number of weights and biases of a network, which need not be made for that; of more than 2⁵⁰,
  /// that number.
  ///
  /// - Throws: `ConfigurationError`.
  package func parameterCount(taskCount: Int) throws -> Int {
    let features = try features()
    var count = 0
    if case .motifConvolution(let filters, let width, _, _, _, _, _, _) = front {
      count += filters * (4 * width + 1)
    }
    for (layer, input) in zip(layers + [.dense(units: taskCount)], features) {
      switch (layer, input) {
      case (.convolution(let filters, let width), .positions(let channels, _)):
        count = min(count + filters * (width * channels + 1), Self.mostCounted)
      case (.dense(let units), .vector(let inputs)):
        count = min(count + units * (inputs + 1), Self.mostCounted)
      default: break
      }
    }
    return count
  }

  /// The number of features that all layers together make of a sequence; of more than 2⁵⁰, that number
  /// a strand.
  ///
  /// - Throws: `ConfigurationError`.
  package func featureCount(length: Int) throws -> Int {
    let counts = try features().map { features in
      switch features {
      case .positions(let channels, let field):
        channels * (max(0, length - field.span) / field.stride + 1)
      case .vector(let count): count
      }
    }
    return strands.rowsPerExample * counts.reduce(0) { min($0 + $1, Self.mostCounted) }
  }
}
