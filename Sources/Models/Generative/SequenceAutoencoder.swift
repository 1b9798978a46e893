public import Datasets
package import Genomics
public import Layers
package import Networks
public import Tensors

/// What the parts of an autoencoder hold, whether its latent numbers are points or distributions.
package struct AutoencoderParts: ParameterHolder, Sendable {
  package let settings: AutoencoderSettings
  package var encoder: LayerStack
  /// Makes the latent numbers of features; of distributions the means, then the logarithms of the variances.
  package var bottleneck: Dense
  package var decoder: LayerStack

  init(_ settings: AutoencoderSettings, isVariational: Bool, seed: UInt64) throws {
    try check(settings.latent, in: Limit.units, "latent")
    try check(settings.length, in: 1...Limit.features / 4, "length")
    self.settings = settings
    encoder = try LayerStack(
      settings.encoder, reading: .positions(settings.length, channels: 4), name: "encoder",
      seed: seed, number: 0)
    decoder = try LayerStack(
      settings.decoder, reading: .vector(settings.latent), name: "decoder", seed: seed, number: 1)
    guard case .vector(let features) = encoder.output else {
      throw ConfigurationError(description: "encoder ends in positions; end it with flatten")
    }
    try decoder.checkLogits(length: settings.length, name: "decoder")
    var random = RandomStream(seed: seed, .generativeWeights, 2)
    bottleneck = Dense(
      inputs: features, outputs: (isVariational ? 2 : 1) * settings.latent, using: &random)
    if isVariational { bottleneck.weight = bottleneck.weight.map { $0 / 2 } }
  }

  package mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try encoder.visitParameters { try visit("encoder.\($0)", $1, &$2) }
    try bottleneck.visitParameters { try visit("bottleneck.\($0)", $1, &$2) }
    try decoder.visitParameters { try visit("decoder.\($0)", $1, &$2) }
  }

  /// The bottleneck's outputs, `[batch, latent]` or `[batch, 2 · latent]`.
  func encoded(_ sequences: SequenceBatch) -> Tensor {
    bottleneck.forward(encoder.output(of: sequences.oneHot()), in: .inference).output
  }

  /// The layers before `flatten`, which read sequences of any length.
  var sequenceEncoder: SequenceEncoder {
    let count =
      settings.encoder.firstIndex { $0.layer is Flatten } ?? settings.encoder.count
    return SequenceEncoder(encoder, layers: settings.encoder, count: count)
  }
}

/// Squeezes a sequence into few numbers, and reads it back from them.
public struct SequenceAutoencoder: GenerativeModel {
  public static let method = "autoencoder"
  package var parts: AutoencoderParts

  public init(_ settings: AutoencoderSettings, seed: UInt64) throws {
    parts = try AutoencoderParts(settings, isVariational: false, seed: seed)
  }

  public var settings: AutoencoderSettings { parts.settings }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try parts.visitParameters(visit)
  }

  /// Its latent numbers follow no distribution that could be drawn from.
  public var generator: (any SequenceGenerator)? { nil }
  public var encoder: SequenceEncoder? { parts.sequenceEncoder }

  /// The latent numbers of sequences of the model's length, `[batch, latent]`.
  public func latents(of sequences: SequenceBatch) -> Tensor { parts.encoded(sequences) }

  /// The logits of the bases, `[batch, position, base]`.
  public func reconstruction(of sequences: SequenceBatch) -> Tensor {
    parts.decoder.output(of: latents(of: sequences))
  }
}

/// An autoencoder whose latent numbers are normal distributions near the standard one (Kingma & Welling 2014).
public struct VariationalAutoencoder: GenerativeModel {
  public static let method = "vae"
  package var parts: AutoencoderParts

  public init(_ settings: AutoencoderSettings, seed: UInt64) throws {
    parts = try AutoencoderParts(settings, isVariational: true, seed: seed)
  }

  public var settings: AutoencoderSettings { parts.settings }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try parts.visitParameters(visit)
  }

  public var generator: (any SequenceGenerator)? { DecoderGenerator(parts: parts) }
  public var encoder: SequenceEncoder? { parts.sequenceEncoder }

  /// The means of the latent numbers of sequences of the model's length, `[batch, latent]`.
  public func latents(of sequences: SequenceBatch) -> Tensor {
    parts.encoded(sequences).columns(0..<settings.latent)
  }
}

/// Writes sequences by decoding latent numbers of the standard normal distribution; each base is drawn by itself.
private struct DecoderGenerator: SequenceGenerator {
  let parts: AutoencoderParts

  /// Of the bases given the latent numbers.
  let scoreName = "logLikelihood"
  var length: Int? { parts.settings.length }

  func samples(_ numbers: Range<Int>, _ request: SampleRequest) -> [SequenceSample] {
    var streams = numbers.map(request.stream)
    let latents = Tensor(normalRows: parts.settings.latent, using: &streams)
    let logits = parts.decoder.output(of: latents).map { $0 / request.temperature }
    return logits.drawnSequences(length: parts.settings.length, using: &streams)
  }
}

extension Tensor {
  /// Numbers of the standard normal distribution, a row of each stream, `[stream, columns]`.
  package init(normalRows columns: Int, using streams: inout [RandomStream]) {
    let numbers = streams.indices.flatMap { row in
      (0..<columns).map { _ in Float(streams[row].normal()) }
    }
    self.init(shape: [streams.count, columns], scalars: numbers)
  }

  /// Draws each base by logits, `[sequence, position, base]`; the score is the sum of the logarithms of the chances.
  func drawnSequences(length: Int, using streams: inout [RandomStream]) -> [SequenceSample] {
    let (shares, positions) = (softmaxOfRows().scalars, shape[1])
    return streams.indices.map { row in
      var (codes, score): ([UInt8], Double) = ([], 0)
      for position in 0..<length {
        let place = (row * positions + position) * 4
        let base = drawnBase(shares[place..<place + 4], at: streams[row].uniform())
        codes.append(base)
        score += portableLogarithm(
          Double(max(shares[place + Int(base)], .leastNormalMagnitude)))
      }
      return SequenceSample(bases: EncodedSequence(codes: codes), score: score)
    }
  }
}
