public import Genomics
public import Layers

/// A network without its weights: a list of layers, and how strands and long sequences are read.
///
/// The first layer reads the one-hot tensor, `[batch, position, base]`. A dense layer with one output per
/// task ends every network; it is implied.
public struct NetworkConfiguration: Equatable, Sendable {
  public var layers: [AnyLayerConfiguration]
  public var strands: StrandRule
  /// That of the sequences; one channel of the one-hot tensor per letter.
  public var alphabet = Alphabet.dna
  /// The number of unknown bases that are read before and behind each sequence; by default 0.
  public var padding: Int?
  /// The length, in bases, of the only sequences that the network reads; `nil` if it reads any.
  public var length: Int?
  /// How longer sequences are read window by window; `nil` if every sequence is read whole.
  public var windows: WindowRule?

  public init(
    layers: [AnyLayerConfiguration], strands: StrandRule = .max, padding: Int? = nil,
    length: Int? = nil, windows: WindowRule? = nil
  ) {
    self.layers = layers
    self.strands = strands
    self.padding = padding
    self.length = length
    self.windows = windows
  }

  /// The configuration for sequences of a length: a network with a `flatten`, which holds weights for
  /// each position, reads no others.
  public func reading(length: Int) -> NetworkConfiguration {
    var copy = self
    copy.length = layers.readOneLength ? length : nil
    return copy
  }

  /// The configuration for sequences of an alphabet. RNA and proteins have one strand.
  public func reading(_ alphabet: Alphabet) -> NetworkConfiguration {
    var copy = self
    copy.alphabet = alphabet
    if alphabet != .dna { copy.strands = .forward }
    return copy
  }

  /// The configuration for sequences of any length, read whole.
  public var withoutReading: NetworkConfiguration {
    var copy = self
    (copy.length, copy.windows) = (nil, nil)
    return copy
  }
}

/// How a sequence longer than a window is scored: each window by itself, one per position, and each
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

extension NetworkConfiguration {
  /// The original: 16 filters of width 24, a hidden layer of 32, dropout
  /// (Alipanahi et al. 2015, Supplementary Notes 2).
  public static func deepBind(
    filters: Int = 16, width: Int = 24, pooling: Pooling = .max, hidden: Int? = 32,
    dropout: Float = 0.2, strands: StrandRule = .max
  ) -> NetworkConfiguration {
    var layers: [AnyLayerConfiguration] = [
      .convolution(filters: filters, width: width, initialScale: 0.1), .rectifier,
      .globalPooling(pooling),
    ]
    if let hidden { layers += [.dense(units: hidden), .rectifier] }
    if dropout > 0 { layers.append(.dropout(rate: dropout)) }
    return NetworkConfiguration(layers: layers, strands: strands)
  }

  /// What peaks are told from shuffles with: motifs anywhere on either strand, and how many of them.
  public static var standard: NetworkConfiguration {
    strandsPooled(by: .globalPooling(.maxAndMean, meanScale: 4))
  }

  /// What peaks are told from the rest of a genome with: motifs anywhere on either strand. The best place of each
  /// counts alone, as means add up what repeats scatter over a window.
  public static var sites: NetworkConfiguration { strandsPooled(by: .globalPooling(.max)) }

  private static func strandsPooled(by pooling: AnyLayerConfiguration) -> NetworkConfiguration {
    NetworkConfiguration(
      layers: [
        .convolution(filters: 64, width: 16, initialScale: 0.15, initialBias: -0.5), .rectifier,
        pooling, .dropout(rate: 0.2), .dense(units: 32), .rectifier, .dropout(rate: 0.3),
      ], strands: .pooled)
  }

  /// Whether the configuration makes a network, for sequences of some length at least.
  ///
  /// - Throws: `ConfigurationError`.
  public func validate() throws(ConfigurationError) { _ = try minimumLength() }

  /// The length of the shortest sequence that the network can read.
  ///
  /// - Throws: `ConfigurationError`, also if it reads none.
  public func minimumLength() throws(ConfigurationError) -> Int {
    try checkReading()
    var high = 1
    while try !canRead(length: high) { high *= 2 }
    var low = high / 2 + 1
    while low < high {
      let middle = (low + high) / 2
      if try canRead(length: middle) { high = middle } else { low = middle + 1 }
    }
    if let length {
      try check(length, in: low...Limit.length, "length")
    } else {
      // What fits the shortest sequence only, such as a residual layer whose stride has nothing to skip there.
      _ = try extents(length: 2 * low)
    }
    return low
  }

  /// Whether sequences of a length are long enough.
  ///
  /// - Throws: What is wrong for sequences of any length.
  private func canRead(length: Int) throws(ConfigurationError) -> Bool {
    do throws(ConfigurationError) {
      _ = try extents(length: length)
      return true
    } catch {
      guard error.isForLength, length < Limit.length else { throw error }
      return false
    }
  }

  /// The extents of what each layer reads, and of what the last one makes.
  ///
  /// - Throws: `ConfigurationError` that names the layer.
  package func extents(length: Int) throws(ConfigurationError) -> [Extents] {
    let input = Extents.positions(length + 2 * (padding ?? 0), channels: alphabet.count)
    let extents = try layers.extents(after: input, path: "layers")
    guard case .vector? = extents.last else {
      throw ConfigurationError(
        description: "layers: the last one leaves positions; end with globalPooling or flatten")
    }
    return extents
  }

  /// Checks everything but the layers.
  func checkReading() throws(ConfigurationError) {
    try check(padding ?? 0, in: 0...1023, "padding")
    guard strands == .forward || alphabet == .dna else {
      throw ConfigurationError(
        description:
          "strands: \(strands.rawValue), but \(alphabet.name) has one strand; take forward")
    }
    if strands == .pooled, poolingIndex == nil {
      throw ConfigurationError(
        description: "strands: pooled without a globalPooling among the layers; take max or mean")
    }
    if let windows {
      try check(windows.length, in: 1...Limit.length, "windows: length")
      guard length == nil else {
        throw ConfigurationError(description: "windows with a flatten; leave one out")
      }
    }
  }

  /// A copy whose first convolution has filters that are wider by some positions.
  package func withFilters(widerBy extra: Int) -> NetworkConfiguration {
    var copy = self
    guard extra != 0, var first = firstConvolution, let index = firstConvolutionIndex
    else { return copy }
    first.width += extra
    copy.layers[index] = AnyLayerConfiguration(first)
    return copy
  }

  /// Whether both read the same sequences in the same way: networks of one ensemble do.
  package func readsLike(_ other: NetworkConfiguration) -> Bool {
    alphabet == other.alphabet
      && (strands, padding ?? 0, length, windows)
        == (other.strands, other.padding ?? 0, other.length, other.windows)
  }

  /// The first convolution of the list; `nil` if there is none.
  package var firstConvolution: Convolution.Configuration? {
    firstConvolutionIndex.flatMap { layers[$0].layer as? Convolution.Configuration }
  }

  /// The number of the first convolution of the list; `nil` if there is none.
  package var firstConvolutionIndex: Int? {
    layers.firstIndex { $0.layer is Convolution.Configuration }
  }

  /// The number of the first global pooling, which joins strands of the rule `pooled`.
  var poolingIndex: Int? { layers.firstIndex { $0.layer is GlobalPooling.Configuration } }
}
