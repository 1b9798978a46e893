internal import FoundationEssentials
internal import Genomics
internal import Layers
internal import Models

/// All that decides a generative model besides the sequences and the seed.
public struct PretrainingRecipe<Settings: Codable & Sendable>: Codable, Sendable {
  /// The model without its weights.
  public var model: Settings
  /// How it is trained; of an adversarial pair the critic.
  public var training: TrainingConfiguration
  public var method: MethodSettings

  public init(
    model: Settings, training: TrainingConfiguration, method: MethodSettings = MethodSettings()
  ) {
    (self.model, self.training, self.method) = (model, training, method)
  }

  /// Changes what a JSON file names and keeps the rest. Layers are taken as they are.
  ///
  /// - Throws: `InputError<RecipeProblem>`.
  public mutating func apply(_ json: [UInt8], file: String) throws {
    func refusal(_ problem: RecipeProblem) -> InputError<RecipeProblem> {
      InputError(file: file, problem)
    }
    guard case .object(let parts)? = try? JSONDecoder().decode(JSONValue.self, from: Data(json))
    else { throw refusal(.notJSON("no JSON object")) }
    var merged = try JSONValue(self)
    for (part, value) in parts.sorted(by: { $0.key < $1.key }) {
      guard case .object(var fields)? = merged[[part]] else {
        throw refusal(.unknownKey(part, known: ["method", "model", "training"]))
      }
      guard case .object(let changes) = value else {
        throw refusal(.notJSON("\(part.quoted) is no object"))
      }
      for (key, change) in changes { fields[key] = change }
      merged[[part]] = .object(fields)
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(merged))
    } catch let error as DecodingError {
      throw refusal(.notJSON(error.explanation(of: parts.keys.sorted())))
    } catch let error as ConfigurationError {
      throw refusal(.value(error.description))
    }
    if let (path, known) = merged.key(missingFrom: try JSONValue(self), at: []) {
      throw refusal(.unknownKey(path, known: known))
    }
    if let problem = training.problem { throw refusal(.value("training: \(problem)")) }
    if let problem = method.problem { throw refusal(.value("method: \(problem)")) }
  }
}

/// What the methods of learning without labels need besides a model and its training.
public struct MethodSettings: Codable, Equatable, Sendable {
  /// The weight of the divergence in the loss of a variational autoencoder (Higgins et al. 2017); by default 1.
  public var beta: Float?
  /// The share of the steps over which that weight rises from 0 (Bowman et al. 2016); by default 0.2.
  public var annealing: Float?
  /// The number of bases that a language model predicts per example; by default 512.
  public var stretch: Int?
  /// The number of bases per epoch of a language model at most; by default 8,388,608.
  public var basesPerEpoch: Int?
  /// The learning rate of the generator of an adversarial pair; by default that of the critic.
  public var generatorRate: Float?
  /// The steps that either network of an adversarial pair takes in a turn at most; by default 5.
  public var longestTurn: Int?
  /// What Boltzmann machines compare the data with; by default `contrastive`.
  public var dreams: Dreams?
  /// The steps of Gibbs sampling of a dream; by default 1, and 20 of dreams that cool.
  public var steps: Int?
  /// The number of chains that aren't started at the data; by default 100.
  public var chains: Int?
  /// The epochs for which machines that are unrolled are fine-tuned; by default 20.
  public var tuningEpochs: Int?
  /// The learning rate of that; by default 0.001.
  public var tuningRate: Float?

  public init() {}

  /// Where dreams of Boltzmann machines come from.
  public enum Dreams: String, Codable, CaseIterable, Sendable {
    /// Chains that start at the data.
    case contrastive
    /// Chains that go on from step to step of the learning.
    case persistent
    /// Chains that start anew, hot, and cool.
    case asleep
  }

  var problem: String? {
    let checks: [(Bool, String)] = [
      ((beta ?? 1) >= 0 && (beta ?? 1).isFinite, "beta is \(beta ?? 0); take 0 or more"),
      ((0...1).contains(annealing ?? 0), "annealing is \(annealing ?? 0); take 0 to 1"),
      (
        (generatorRate ?? 1) > 0 && (generatorRate ?? 1).isFinite,
        "generatorRate is \(generatorRate ?? 0); take above 0"
      ),
      (
        (tuningRate ?? 1) > 0 && (tuningRate ?? 1).isFinite,
        "tuningRate is \(tuningRate ?? 0); take above 0"
      ),
    ]
    return checks.first { !$0.0 }?.1
      ?? rangeProblem("stretch", stretch ?? 512, 1...65536)
      ?? rangeProblem("basesPerEpoch", basesPerEpoch ?? 1, 1...1 << 40)
      ?? rangeProblem("longestTurn", longestTurn ?? 1, 1...1000)
      ?? rangeProblem("steps", steps ?? 1, 1...1_000_000)
      ?? rangeProblem("chains", chains ?? 1, 1...65536)
      ?? rangeProblem("tuningEpochs", tuningEpochs ?? 1, 1...1_000_000)
  }
}
