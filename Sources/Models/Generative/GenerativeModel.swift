public import Genomics
public import Layers
public import Tensors

/// A model of sequence itself, learned without labels.
///
/// A new kind takes a conforming type, and a line in `GenerativeModelFile.kinds`.
public protocol GenerativeModel: ParameterHolder, Sendable {
  associatedtype Settings: Codable & Sendable

  /// The name of the method on the command line and in files, such as `vae`.
  static var method: String { get }
  /// All that is known of the model besides its parameters.
  var settings: Settings { get }

  /// Draws the parameters.
  ///
  /// - Throws: `ConfigurationError`.
  init(_ settings: Settings, seed: UInt64) throws

  /// What writes sequences; `nil` if the model only reads them.
  var generator: (any SequenceGenerator)? { get }
  /// The layers that a supervised network can start with, with their parameters; `nil` if there are none.
  var encoder: SequenceEncoder? { get }
}

extension GenerativeModel {
  public var encoder: SequenceEncoder? { nil }
}

/// What writes sequences.
public protocol SequenceGenerator: Sendable {
  /// What the score of a sample is, such as `logLikelihood`, for the headers of FASTA.
  var scoreName: String { get }
  /// The length of all samples; `nil` if the request says it.
  var length: Int? { get }

  /// Draws the samples of some numbers. A sample depends on its number and on the request, not on what is
  /// drawn with it.
  func samples(_ numbers: Range<Int>, _ request: SampleRequest) -> [SequenceSample]
}

/// How samples are drawn.
public struct SampleRequest: Sendable {
  public var seed: UInt64
  /// By what the logarithms of probabilities are divided: below 1 samples are more likely ones, above 1 more
  /// diverse.
  public var temperature: Float
  /// The number of bases, for generators that write any number.
  public var length: Int

  public init(seed: UInt64, temperature: Float = 1, length: Int = 101) {
    (self.seed, self.temperature, self.length) = (seed, temperature, length)
  }

  /// The random numbers of a sample.
  public func stream(_ number: Int) -> RandomStream {
    RandomStream(seed: seed, .samples, number)
  }
}

/// A sequence that a generator wrote.
public struct SequenceSample: Equatable, Sendable {
  public let bases: EncodedSequence
  /// What the generator thinks of it: a log-likelihood in nats, or another score.
  public let score: Double

  public init(bases: EncodedSequence, score: Double) {
    (self.bases, self.score) = (bases, score)
  }
}

/// Layers that read one-hot sequence, with what they learned.
public struct SequenceEncoder: Sendable {
  public let layers: [AnyLayerConfiguration]
  /// By the paths that they have in a network: `layers.0.weight`.
  public let parameters: [String: Tensor]

  public init(layers: [AnyLayerConfiguration], parameters: [String: Tensor]) {
    (self.layers, self.parameters) = (layers, parameters)
  }

  /// Sigmoid units behind each other that read sequences of one length.
  ///
  /// - Parameter parameters: Weights, `[inputs, units]`, and biases of each layer, the lowest first.
  init(sigmoidUnits parameters: [Tensor]) {
    let places = parameters.indices.map { place in
      "layers.\(1 + place / 2 * 2).\(place % 2 == 0 ? "weight" : "bias")"
    }
    let units = stride(from: 0, to: parameters.count, by: 2).map { parameters[$0].shape[1] }
    self.init(
      layers: [.flatten] + units.flatMap { [.dense(units: $0), .sigmoid] },
      parameters: Dictionary(uniqueKeysWithValues: zip(places, parameters)))
  }

  /// The first layers of a stack.
  package init(_ holder: some ParameterHolder, layers: [AnyLayerConfiguration], count: Int) {
    var (parameters, copy): ([String: Tensor], _) = ([:], holder)
    copy.visitParameters { path, _, parameter in
      let index = path.split(separator: ".").first.flatMap { Int($0) } ?? count
      if index < count { parameters["layers.\(path)"] = parameter }
    }
    self.init(layers: Array(layers[..<count]), parameters: parameters)
  }
}

/// Draws one of four bases by probabilities.
package func drawnBase(_ shares: ArraySlice<Float>, at uniform: Float) -> UInt8 {
  var (sum, base) = (Float(0), UInt8(0))
  for share in shares.prefix(3) {
    sum += share
    if uniform >= sum { base += 1 }
  }
  return base
}
