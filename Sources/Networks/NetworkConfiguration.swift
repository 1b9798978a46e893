public import Genomics

/// A network without its weights: a front, the layers behind it, and the strand rule.
///
/// A dense layer with one output a task ends every network; it is implied.
public struct NetworkConfiguration: Codable, Equatable, Sendable {
  public var front: FrontConfiguration
  public var layers: [LayerConfiguration]
  public var strands: StrandRule

  public init(front: FrontConfiguration, layers: [LayerConfiguration], strands: StrandRule = .max) {
    self.front = front
    self.layers = layers
    self.strands = strands
  }
}

/// What begins a network.
public enum FrontConfiguration: Codable, Equatable, Sendable {
  /// `MotifConvolution`: filters of one width, pooled over all positions.
  case motifConvolution(filters: Int, width: Int, pooling: Pooling)
  /// `OneHot`: the bases as they are.
  case oneHot
}

/// A layer behind the front.
public enum LayerConfiguration: Codable, Equatable, Sendable {
  case convolution(filters: Int, width: Int)
  case rectifier
  case globalPooling(pooling: Pooling)
  case dropout(rate: Float)
  case dense(units: Int)
}

/// A configuration that makes no network.
public struct ConfigurationError: Failure, Equatable {
  public let description: String
  public var kind: FailureKind { .badData }
}

extension NetworkConfiguration {
  /// The original: 16 detectors of width 24, a hidden layer of 32, dropout
  /// (Alipanahi et al. 2015, Supplementary Notes 2).
  public static func deepBind(
    filters: Int = 16, width: Int = 24, pooling: Pooling = .max, hidden: Int? = 32,
    dropout: Float = 0.2, strands: StrandRule = .max
  ) -> NetworkConfiguration {
    var layers: [LayerConfiguration] = []
    if let hidden { layers += [.dense(units: hidden), .rectifier] }
    if dropout > 0 { layers.append(.dropout(rate: dropout)) }
    return NetworkConfiguration(
      front: .motifConvolution(filters: filters, width: width, pooling: pooling), layers: layers,
      strands: strands)
  }

  /// What flows between two layers.
  enum Features: Equatable {
    /// `[batch, position, channels]`
    case positions(channels: Int)
    /// `[batch, count]`
    case vector(count: Int)
  }

  /// The features behind the front, and behind each layer.
  ///
  /// - Throws: `ConfigurationError` where an extent is out of range or a layer can't read what
  ///   comes before it.
  func features() throws -> [Features] {
    var features: [Features]
    switch front {
    case .motifConvolution(let filters, let width, let pooling):
      try check(filters, in: 1...65536, "front: filters")
      try check(width, in: 1...1024, "front: width")
      features = [.vector(count: filters * pooling.featuresPerFilter)]
    case .oneHot:
      features = [.positions(channels: 4)]
    }
    for (index, layer) in layers.enumerated() {
      features.append(try layer.features(after: features[index], place: "layer \(index + 1)"))
    }
    guard case .vector? = features.last else {
      throw ConfigurationError(
        description: "the last layer leaves positions; end with globalPooling or dense")
    }
    return features
  }

  /// The number of weights and biases of a network, which need not be made for that.
  ///
  /// - Throws: `ConfigurationError`.
  func parameterCount(taskCount: Int) throws -> Int {
    let features = try features()
    var count = 0
    if case .motifConvolution(let filters, let width, _) = front {
      count += filters * (4 * width + 1)
    }
    for (layer, input) in zip(layers + [.dense(units: taskCount)], features) {
      switch (layer, input) {
      case (.convolution(let filters, let width), .positions(let channels)):
        count += filters * (width * channels + 1)
      case (.dense(let units), .vector(let inputs)):
        count += units * (inputs + 1)
      default: break
      }
    }
    return count
  }
}

extension LayerConfiguration {
  fileprivate func features(after input: NetworkConfiguration.Features, place: String) throws
    -> NetworkConfiguration.Features
  {
    switch (self, input) {
    case (.convolution(let filters, let width), .positions):
      try check(filters, in: 1...65536, "\(place): filters")
      try check(width, in: 1...1024, "\(place): width")
      return .positions(channels: filters)
    case (.globalPooling(let pooling), .positions(let channels)):
      return .vector(count: channels * pooling.featuresPerFilter)
    case (.dense(let units), .vector):
      try check(units, in: 1...65536, "\(place): units")
      return .vector(count: units)
    case (.dropout(let rate), _):
      guard (0..<1).contains(rate) else {
        throw ConfigurationError(
          description: "\(place): a dropout rate of \(rate); take one from 0 to below 1")
      }
      return input
    case (.rectifier, _):
      return input
    case (.dense, .positions):
      throw ConfigurationError(
        description: "\(place): dense after positions; put globalPooling before it")
    case (.convolution, .vector), (.globalPooling, .vector):
      throw ConfigurationError(
        description: "\(place): the positions are pooled already; move it before the pooling")
    }
  }
}

private func check(_ value: Int, in range: ClosedRange<Int>, _ what: String) throws {
  guard range.contains(value) else {
    throw ConfigurationError(
      description: "\(what) is \(value); take \(range.lowerBound) to \(range.upperBound)")
  }
}
