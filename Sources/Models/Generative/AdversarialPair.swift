public import Datasets
internal import Genomics
public import Layers
package import Networks
public import Tensors

/// How the two networks of an adversarial pair play.
public enum AdversarialGame: String, Codable, CaseIterable, Sendable {
  /// The critic tells real from made by a logit (Goodfellow et al. 2014, the loss that doesn't saturate).
  case binary
  /// The critic's mean on real sequence less that on made sequence estimates the distance of Wasserstein
  /// (Arjovsky et al. 2017); its weights have bounded spectral norms.
  case wasserstein
}

/// An adversarial pair without its weights.
public struct AdversarialSettings: Codable, Equatable, Sendable {
  public var length: Int
  public var latent: Int
  public var game: AdversarialGame
  /// Makes four logits for each position of latent numbers.
  public var generator: [AnyLayerConfiguration]
  /// Makes one number of a sequence.
  public var critic: [AnyLayerConfiguration]

  public init(
    length: Int, latent: Int, game: AdversarialGame, generator: [AnyLayerConfiguration],
    critic: [AnyLayerConfiguration]
  ) {
    (self.length, self.latent, self.game) = (length, latent, game)
    (self.generator, self.critic) = (generator, critic)
  }

  /// A generator of transposed convolutions with batch normalization, and a critic of convolutions.
  public static func convolutional(
    length: Int, latent: Int = 64, filters: Int = 64, game: AdversarialGame
  ) -> AdversarialSettings {
    let positions = (length + 3) / 4
    let doubling = AnyLayerConfiguration.doubling(filters: filters)
    return AdversarialSettings(
      length: length, latent: latent, game: game,
      generator: [
        .dense(units: positions * filters), .unflatten(positions: positions),
        .batchNormalization(), .rectifier, doubling, .batchNormalization(), .rectifier, doubling,
        .batchNormalization(), .rectifier, .centred(filters: filters, width: 5),
        .batchNormalization(),
        .rectifier, .centred(filters: 4, width: 5),
      ],
      critic: .critic(filters: filters))
  }
}

extension [AnyLayerConfiguration] {
  /// Convolutions that make one number of a sequence.
  static func critic(filters: Int) -> [AnyLayerConfiguration] {
    let halving = AnyLayerConfiguration(WindowPooling.Configuration(pooling: .mean, window: 2))
    return [
      .centred(filters: filters, width: 9), .leakyRectifier(slope: 0.2), halving,
      .centred(filters: filters, width: 5),
      .leakyRectifier(slope: 0.2), halving, .centred(filters: filters, width: 5),
      .leakyRectifier(slope: 0.2),
      .flatten, .dense(units: 1),
    ]
  }
}

/// A generator that makes sequences of random numbers, and the critic that it learned to deceive.
public struct AdversarialPair: GenerativeModel {
  public static let method = "gan"
  public let settings: AdversarialSettings
  package var generatorLayers: LayerStack
  package var critic: LayerStack

  public init(_ settings: AdversarialSettings, seed: UInt64) throws {
    try check(settings.latent, in: Limit.units, "latent")
    try check(settings.length, in: 1...Limit.features / 4, "length")
    self.settings = settings
    generatorLayers = try LayerStack(
      settings.generator, reading: .vector(settings.latent), name: "generator", seed: seed,
      number: 0)
    critic = try LayerStack(critic: settings.critic, length: settings.length, seed: seed)
    try generatorLayers.checkLogits(length: settings.length, name: "generator")
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try generatorLayers.visitParameters { try visit("generator.\($0)", $1, &$2) }
    try critic.visitParameters { try visit("critic.\($0)", $1, &$2) }
  }

  public var generator: (any SequenceGenerator)? { AdversarialGenerator(pair: self) }

  /// The critic's number for each sequence: the higher, the more it looks real.
  public func criticism(of sequences: SequenceBatch) -> [Float] {
    critic.output(of: sequences.oneHot()).scalars
  }
}

extension LayerStack {
  /// A critic of sequences of a length.
  ///
  /// - Throws: `ConfigurationError`.
  init(critic layers: [AnyLayerConfiguration], length: Int, seed: UInt64) throws {
    try self.init(
      layers, reading: .positions(length, channels: 4), name: "critic", seed: seed, number: 1)
    guard output == .vector(1) else {
      throw ConfigurationError(
        description: "critic makes \(output); let it end in {\"dense\": {\"units\": 1}}")
    }
  }
}

private struct AdversarialGenerator: SequenceGenerator {
  let pair: AdversarialPair
  let scoreName = "critic"
  var length: Int? { pair.settings.length }

  func samples(_ numbers: Range<Int>, _ request: SampleRequest) -> [SequenceSample] {
    var streams = numbers.map(request.stream)
    let latents = Tensor(normalRows: pair.settings.latent, using: &streams)
    let logits = pair.generatorLayers.output(of: latents).map { $0 / request.temperature }
    let drawn = logits.drawnSequences(length: pair.settings.length, using: &streams)
    let scores = pair.criticism(of: SequenceBatch(drawn.map(\.bases)))
    return zip(drawn, scores).map { SequenceSample(bases: $0.bases, score: Double($1)) }
  }
}
