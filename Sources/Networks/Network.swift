public import Datasets
internal import Genomics
public import Tensors

/// A configuration with its weights: sequences in, one logit a task out.
public struct Network: Parameterized, Sendable {
  public private(set) var configuration: NetworkConfiguration
  public let taskCount: Int
  public private(set) var front: any Front
  /// The layers behind the front, the implied dense one last.
  public private(set) var layers: [any Layer]
  /// The length of the shortest sequence that the network can read; with a `length` in its
  /// configuration that of the only ones.
  public let minimumLength: Int

  /// Draws the weights.
  ///
  /// - Throws: `ConfigurationError`.
  public init(_ configuration: NetworkConfiguration, taskCount: Int, seed: UInt64) throws {
    precondition(taskCount > 0, "\(taskCount) tasks")
    let features = try configuration.features()
    guard configuration.length != nil || !configuration.layers.contains(.flatten) else {
      throw ConfigurationError(description: "flatten needs a length; give --length")
    }
    self.configuration = configuration
    self.taskCount = taskCount
    var random = RandomStream(seed: seed, .initialization, 0)
    switch configuration.front {
    case .motifConvolution(
      let filters, let width, let pooling, let window, let meanScale, let scale, let bias,
      let padding):
      let motifs = MotifConvolution(
        weight: MotifConvolution.weight(
          filters: filters, width: width, scale: scale ?? 0.1, using: &random),
        bias: Tensor(shape: [filters], scalars: [Float](repeating: bias ?? 0, count: filters)),
        pooling: pooling, meanScale: meanScale ?? 1, strands: configuration.strands,
        padding: padding ?? 0)
      front = window.map { WindowedMotifConvolution(motifs, window: $0) } ?? motifs
    case .oneHot:
      front = OneHot(strands: configuration.strands)
    }
    minimumLength =
      configuration.length
      ?? features.reduce(front.minimumLength) { length, features in
        if case .positions(_, let field) = features { field.span } else { length }
      }
    layers = []
    for (index, layer) in configuration.layers.enumerated() {
      var random = RandomStream(seed: seed, .initialization, index + 1)
      layers.append(layer.makeLayer(reading: features[index], using: &random))
    }
    random = RandomStream(seed: seed, .initialization, layers.count + 1)
    guard case .vector(let inputs)? = features.last else { preconditionFailure("positions left") }
    layers.append(Dense(inputs: inputs, outputs: taskCount, using: &random))
  }

  /// The front's parameters come first, then each layer's.
  public mutating func updateParameters(_ update: (inout Tensor) -> Void) {
    front.updateParameters(update)
    for index in layers.indices { layers[index].updateParameters(update) }
  }

  /// Makes now what speeds reading up, for as long as the parameters stay as they are.
  public mutating func prepare() {
    front.prepare()
  }

  /// A name for each parameter, such as `front.weight`, `layer1.bias`, `output.weight`.
  public var parameterNames: [String] {
    let places =
      [("front", front.parameters.count)]
      + layers.enumerated().map { index, layer in
        (index == layers.count - 1 ? "output" : "layer\(index + 1)", layer.parameters.count)
      }
    return places.flatMap { place, count in
      ["weight", "bias"].prefix(count).map { "\(place).\($0)" }
    }
  }

  /// The logits of sequences, `[batch, task]`.
  ///
  /// - Precondition: Every sequence is at least `minimumLength` long, and exactly so where the
  ///   configuration has a `length`.
  public func logits(_ batch: SequenceBatch) -> Tensor {
    combinedLogits(batch).logits
  }

  /// The logits of sequences, and for each whether the reverse strand is the larger one.
  func combinedLogits(_ batch: SequenceBatch) -> (logits: Tensor, isReverse: [Bool]) {
    guard let windows = configuration.windows else {
      return combineStrands(strandLogits(front.forwardErased(batch).output))
    }
    return combineStrands(strandLogits(of: batch, by: windows))
  }

  /// The network that reads longer sequences by other windows.
  func reading(windows: WindowRule) -> Network {
    var copy = self
    copy.configuration.windows = windows
    return copy
  }

  /// The network with a row for each strand, pooled over that strand alone: what tells which strand is
  /// the better one where the rule is `pooled`.
  public var readingStrandsApart: Network {
    guard configuration.strands == .pooled, let motifs else { return self }
    var copy = self
    copy.configuration.strands = .max
    copy.front = motifs.readingStrandsApart
    return copy
  }

  /// The network whose front makes nothing of one of its motif detectors.
  public func silencing(_ filter: Int) -> Network {
    var copy = self
    copy.front.updateParameters { parameter in
      let filters = parameter.shape.lastExtent
      for index in stride(from: filter, to: parameter.scalars.count, by: filters) {
        parameter.scalars[index] = 0
      }
    }
    copy.prepare()
    return copy
  }

  /// The logits of each strand from the front's features: `[rows, …]` gives `[rows, task]`.
  public func strandLogits(_ features: Tensor) -> Tensor {
    layers.reduce(features) { $1.forwardErased($0, in: .inference).output }
  }

  /// Makes one row of each example's rows: `[rows · batch, task]` gives `[batch, task]`.
  ///
  /// - Returns: The logits, and for each whether the reverse strand is the larger one: false where
  ///   strands have no rows of their own.
  public func combineStrands(_ strandLogits: Tensor) -> (logits: Tensor, isReverse: [Bool]) {
    guard configuration.strands.rowsPerExample == 2 else {
      return (strandLogits, [Bool](repeating: false, count: strandLogits.scalars.count))
    }
    let half = strandLogits.scalars.count / 2
    var isReverse = [Bool](repeating: false, count: half)
    var logits = Tensor(zeros: [strandLogits.shape[0] / 2, taskCount])
    for index in 0..<half {
      let (forward, reverse) = (strandLogits.scalars[index], strandLogits.scalars[half + index])
      isReverse[index] = reverse > forward
      logits.scalars[index] =
        configuration.strands == .max ? max(forward, reverse) : (forward + reverse) / 2
    }
    return (logits, isReverse)
  }
}

extension LayerConfiguration {
  fileprivate func makeLayer(
    reading features: NetworkConfiguration.Features, using random: inout RandomStream
  ) -> any Layer {
    switch (self, features) {
    case (.convolution(let filters, let width), .positions(let channels, _)):
      return Convolution(width: width, channels: channels, filters: filters, using: &random)
    case (.dense(let units), .vector(let count)):
      return Dense(inputs: count, outputs: units, using: &random)
    case (.rectifier, _): return Rectifier()
    case (.windowPooling(let pooling, let window), _):
      return WindowPooling(pooling, window: window)
    case (.flatten, _): return Flatten()
    case (.globalPooling(let pooling), _): return GlobalPooling(pooling)
    case (.dropout(let rate), _): return Dropout(rate: rate)
    case (.convolution, .vector), (.dense, .positions):
      preconditionFailure("a configuration that features() refuses")
    }
  }
}
