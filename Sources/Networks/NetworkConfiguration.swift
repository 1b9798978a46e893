public import Genomics

/// A network without its weights: a front, the layers behind it, and the strand rule.
///
/// A dense layer with one output a task ends every network; it is implied.
public struct NetworkConfiguration: Codable, Equatable, Sendable {
  public var front: FrontConfiguration
  public var layers: [LayerConfiguration]
  public var strands: StrandRule
  /// The length, in bases, of the only sequences that the network reads; `nil` where it reads any.
  public var length: Int?
  /// How longer sequences are read window by window; `nil` where every sequence is read whole.
  public var windows: WindowRule?

  public init(
    front: FrontConfiguration, layers: [LayerConfiguration], strands: StrandRule = .max,
    length: Int? = nil, windows: WindowRule? = nil
  ) {
    self.front = front
    self.layers = layers
    self.strands = strands
    self.length = length
    self.windows = windows
  }

  /// The configuration for sequences of a length: a network with a `flatten`, which holds weights for
  /// each position, reads no others.
  public func reading(length: Int) -> NetworkConfiguration {
    var copy = self
    copy.length = layers.contains(.flatten) ? length : nil
    return copy
  }
}

/// What begins a network.
public enum FrontConfiguration: Codable, Equatable, Sendable {
  /// `MotifConvolution`: filters of one width, pooled over all positions; with a window
  /// `WindowedMotifConvolution`, pooled over each `window` positions.
  ///
  /// - `meanScale`: What means are multiplied by; 1 unless given.
  /// - `initialScale`: The standard deviation of the weights that training starts from; 0.1.
  /// - `initialBias`: The biases that it starts from; 0.
  /// - `padding`: The unknown bases that are read before and behind each sequence; 0.
  case motifConvolution(
    filters: Int, width: Int, pooling: Pooling, window: Int? = nil, meanScale: Float? = nil,
    initialScale: Float? = nil, initialBias: Float? = nil, padding: Int? = nil)
  /// `OneHot`: the bases as they are.
  case oneHot
}

/// A layer behind the front.
public enum LayerConfiguration: Codable, Equatable, Sendable {
  case convolution(filters: Int, width: Int)
  case rectifier
  case windowPooling(pooling: Pooling, window: Int)
  case globalPooling(pooling: Pooling)
  case flatten
  case dropout(rate: Float)
  case dense(units: Int)
}

/// How a sequence longer than a window is scored: each window by itself, one a position, and each
/// strand's scores become one before strands are compared.
public struct WindowRule: Codable, Equatable, Sendable {
  /// The number of bases of a window.
  public var length: Int
  public var reduction: Reduction

  public enum Reduction: String, Codable, Sendable {
    /// The largest score.
    case max
    /// The sum of the scores over the number of bases of the sequence, which is what DeepBind's
    /// program calls the average.
    case average
  }

  public init(length: Int, reduction: Reduction = .max) {
    self.length = length
    self.reduction = reduction
  }
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

  /// What peaks are told from shuffles with: motifs anywhere on either strand, and how many of them.
  public static var standard: NetworkConfiguration {
    NetworkConfiguration(
      front: .motifConvolution(
        filters: 64, width: 16, pooling: .maxAndMean, meanScale: 4, initialScale: 0.15,
        initialBias: -0.5),
      layers: [.dropout(rate: 0.2), .dense(units: 32), .rectifier, .dropout(rate: 0.3)],
      strands: .pooled)
  }

  /// The bases that a position is computed from.
  struct ReceptiveField: Equatable {
    /// The number of bases from the first to the last.
    var span = 1
    /// From the first base of one position to that of the next.
    var stride = 1

    /// Passes a window of so many positions over them.
    func widened(by window: Int) -> ReceptiveField {
      ReceptiveField(span: span + (window - 1) * stride, stride: stride)
    }

    /// Joins each so many positions to one.
    func pooled(by window: Int) -> ReceptiveField {
      ReceptiveField(span: span + (window - 1) * stride, stride: stride * window)
    }
  }

  /// What flows between two layers.
  enum Features: Equatable {
    /// `[batch, position, channels]`
    case positions(channels: Int, field: ReceptiveField)
    /// `[batch, count]`
    case vector(count: Int)
  }

  private static let longestSequence = 1 << 30

  /// Whether the configuration makes a network, for sequences of some length at least.
  ///
  /// - Throws: `ConfigurationError`.
  public func validate() throws { _ = try features() }

  /// The features behind the front, and behind each layer; without a length those of the shortest
  /// sequence that the network can read.
  ///
  /// - Throws: `ConfigurationError` where an extent is out of range or a layer can't read what
  ///   comes before it.
  func features() throws -> [Features] {
    var features = [try frontFeatures()]
    for (index, layer) in layers.enumerated() {
      let next = try layer.features(
        after: features[index], length: length, place: "layer \(index + 1)")
      if case .positions(_, let field) = next { try checkLength(of: field) }
      features.append(next)
    }
    guard case .vector? = features.last else {
      throw ConfigurationError(
        description: "the last layer leaves positions; end with globalPooling, flatten or dense")
    }
    if let windows {
      try check(windows.length, in: 1...Self.longestSequence, "windows: length")
      guard length == nil else {
        throw ConfigurationError(description: "windows with a flatten; leave one out")
      }
    }
    return features
  }

  private func frontFeatures() throws -> Features {
    guard
      case .motifConvolution(
        let filters, let width, let pooling, let window, let meanScale, let initialScale,
        let initialBias, let padding) = front
    else {
      try requireUnpooledStrands()
      return .positions(channels: 4, field: ReceptiveField())
    }
    if window != nil { try requireUnpooledStrands() }
    try check(filters, in: 1...65536, "front: filters")
    try check(width, in: 1...1024, "front: width")
    try check(window ?? 1, in: 1...1024, "front: window")
    if let meanScale {
      guard pooling == .maxAndMean, window == nil else {
        throw ConfigurationError(
          description: "front: meanScale without maxAndMean over all positions; leave it out")
      }
      try checkPositive(meanScale, "front: meanScale")
    }
    try checkPositive(initialScale ?? 1, "front: initialScale")
    guard (initialBias ?? 0).isFinite else {
      throw ConfigurationError(description: "front: initialBias is no finite number")
    }
    try check(padding ?? 0, in: 0...1023, "front: padding")
    guard padding == nil || window == nil else {
      throw ConfigurationError(description: "front: padding with a window; leave one out")
    }
    let field = ReceptiveField().widened(by: width).pooled(by: window ?? 1)
    try checkLength(of: field)
    let channels = filters * pooling.featuresPerFilter
    guard window == nil else { return .positions(channels: channels, field: field) }
    guard pooling != .mean else {
      throw ConfigurationError(
        description: "front: the mean over all positions; take max or maxAndMean, or give a window")
    }
    return .vector(count: channels)
  }

  private func requireUnpooledStrands() throws {
    guard strands != .pooled else {
      throw ConfigurationError(
        description:
          "strands: pooled without a motifConvolution over all positions; take max or mean")
    }
  }

  private func checkLength(of field: ReceptiveField) throws {
    try check(field.span, in: 1...Self.longestSequence, "the number of bases under a position")
    if let length { try check(length, in: field.span...Self.longestSequence, "length") }
  }
}

extension LayerConfiguration {
  fileprivate func features(
    after input: NetworkConfiguration.Features, length: Int?, place: String
  ) throws -> NetworkConfiguration.Features {
    switch (self, input) {
    case (.convolution(let filters, let width), .positions(_, let field)):
      try check(filters, in: 1...65536, "\(place): filters")
      try check(width, in: 1...1024, "\(place): width")
      return .positions(channels: filters, field: field.widened(by: width))
    case (.windowPooling(let pooling, let window), .positions(let channels, let field)):
      try check(window, in: 1...1024, "\(place): window")
      let channels = channels * pooling.featuresPerFilter
      try check(channels, in: 1...mostFeatures, "\(place): channels")
      return .positions(channels: channels, field: field.pooled(by: window))
    case (.flatten, .positions(let channels, let field)):
      let positions = length.map { ($0 - field.span) / field.stride + 1 } ?? 1
      try check(channels * positions, in: 1...mostFeatures, "\(place): features")
      return .vector(count: channels * positions)
    case (.globalPooling(let pooling), .positions(let channels, _)):
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
        description: "\(place): dense after positions; put globalPooling or flatten before it")
    case (.convolution, .vector), (.windowPooling, .vector), (.globalPooling, .vector),
      (.flatten, .vector):
      throw ConfigurationError(
        description:
          "\(place): no positions are left to it; move it before globalPooling or flatten")
    }
  }
}

/// The most features that a layer hands on, so that no product of extents overflows.
private let mostFeatures = 1 << 31

private func check(_ value: Int, in range: ClosedRange<Int>, _ what: String) throws {
  guard range.contains(value) else {
    throw ConfigurationError(
      description: "\(what) is \(value); take \(range.lowerBound) to \(range.upperBound)")
  }
}

private func checkPositive(_ value: Float, _ what: String) throws {
  guard value > 0, value.isFinite else {
    throw ConfigurationError(description: "\(what) is \(value); take above 0")
  }
}
