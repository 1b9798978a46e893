public import Layers
package import Networks
public import Tensors

/// A language model that learned to deceive a critic, without the weights of either.
public struct AdversarialLanguageSettings: Codable, Equatable, Sendable {
  /// The length of the sequences that the critic reads.
  public var length: Int
  public var game: AdversarialGame
  public var language: LanguageModelSettings
  /// Makes one number of a sequence.
  public var critic: [AnyLayerConfiguration]

  public init(
    length: Int, game: AdversarialGame, language: LanguageModelSettings,
    critic: [AnyLayerConfiguration]
  ) {
    (self.length, self.game) = (length, game)
    (self.language, self.critic) = (language, critic)
  }

  /// A critic of convolutions.
  public static func convolutional(
    length: Int, filters: Int = 64, game: AdversarialGame, language: LanguageModelSettings
  ) -> AdversarialLanguageSettings {
    AdversarialLanguageSettings(
      length: length, game: game, language: language, critic: .critic(filters: filters))
  }
}

/// A language model that learned to deceive a critic, and the critic.
public struct AdversarialLanguageModel: GenerativeModel {
  public static let method = "gan-language"
  public let settings: AdversarialLanguageSettings
  public var language: LanguageModel
  package var critic: LayerStack

  public init(_ settings: AdversarialLanguageSettings, seed: UInt64) throws {
    try check(settings.length, in: 1...Limit.features / 4, "length")
    self.settings = settings
    language = try LanguageModel(settings.language, seed: seed)
    critic = try LayerStack(critic: settings.critic, length: settings.length, seed: seed)
  }

  /// Starts with a language model that has learned.
  ///
  /// - Throws: `ConfigurationError` if it isn't one of the settings' kind.
  public init(_ settings: AdversarialLanguageSettings, from language: LanguageModel, seed: UInt64)
    throws
  {
    try self.init(settings, seed: seed)
    guard language.settings == settings.language else {
      throw ConfigurationError(
        description: "the language model is another than the recipe's; leave \"language\" out of it"
      )
    }
    self.language = language
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try language.visitParameters { try visit("language.\($0)", $1, &$2) }
    try critic.visitParameters { try visit("critic.\($0)", $1, &$2) }
  }

  public var generator: (any SequenceGenerator)? { language.generator }

  public var encoder: SequenceEncoder? { language.encoder }
}
