internal import FoundationEssentials
public import Genomics
public import Networks

/// A network and how it is trained: what `--preset` names and `--config` changes.
public struct Recipe: Codable, Equatable, Sendable {
  public var network: NetworkConfiguration
  public var training: TrainingConfiguration
  public var selection: PeakSelection
  public var ensemble: EnsembleConfiguration

  public init(
    network: NetworkConfiguration, training: TrainingConfiguration,
    selection: PeakSelection = PeakSelection(),
    ensemble: EnsembleConfiguration = EnsembleConfiguration()
  ) {
    self.network = network
    self.training = training
    self.selection = selection
    self.ensemble = ensemble
  }

  /// A recipe that comes with the program.
  public enum Preset: String, CaseIterable, Sendable {
    /// DeepBind's network: 16 filters of width 24, the maximum of each, a hidden layer of 32.
    case deepbind
    /// 64 filters of width 16 that read both strands as one, the maximum and mean of each, a hidden
    /// layer of 32; two shuffles a peak and epoch.
    case standard
  }

  public init(_ preset: Preset) {
    switch preset {
    case .deepbind:
      self.init(network: .deepBind(), training: .deepBind)
    case .standard:
      self.init(
        network: .standard, training: .standard,
        selection: PeakSelection(strongest: 5000, halfWeightRank: 500, negativesPerPositive: 4),
        ensemble: EnsembleConfiguration(networks: 3, gappedKmers: true, refit: true))
    }
  }
}

/// What a model is made of.
public struct EnsembleConfiguration: Codable, Equatable, Sendable {
  /// The number of networks, each from weights of its own, whose outputs are averaged.
  public var networks = 1
  /// Whether a linear model over gapped k-mers goes beside them; regression has none.
  public var gappedKmers = false

  /// Whether all are trained once more, with the validation examples too, once these have settled
  /// weights and calibration.
  public var refit = false
  /// Which weights the networks start from, a number each; those of a number are the same for a seed.
  /// Empty for 0, 1, ….
  public var starts: [Int] = []

  public init(networks: Int = 1, gappedKmers: Bool = false, refit: Bool = false) {
    self.networks = networks
    self.gappedKmers = gappedKmers
    self.refit = refit
  }

  /// The seed of a network's weights and of what it draws.
  public func seed(ofNetwork network: Int, seed: UInt64) -> UInt64 {
    Self.seed(ofStart: starts.isEmpty ? network : starts[network], seed: seed)
  }

  static func seed(ofStart start: Int, seed: UInt64) -> UInt64 { seed &+ UInt64(start) << 32 }

  /// What is out of range, in words; `nil` where nothing is.
  var problem: String? {
    let checks = [
      ((1...100).contains(networks), "networks is \(networks); take 1 to 100"),
      (
        starts.isEmpty || starts.count == networks,
        "starts holds \(starts.count) number(s); give one for each of \(networks) network(s), or none"
      ),
      (
        starts.allSatisfy((0..<1_000_000).contains) && Set(starts).count == starts.count,
        "starts is \(starts); take different numbers from 0 to 999999"
      ),
    ]
    return checks.first { !$0.0 }?.1
  }
}

/// What can be wrong with a recipe file.
public enum RecipeProblem: InputProblem {
  case notJSON(String)
  case unknownKey(String, known: [String])
  case value(String)

  public var description: String {
    switch self {
    case .notJSON(let what):
      "not a recipe: \(what); see docs/formats.md for what one holds"
    case .unknownKey(let key, let known):
      "\(key.quoted) is no key of a recipe; the keys are \(known.joined(separator: ", "))"
    case .value(let what): what
    }
  }
}

extension Recipe {
  /// Changes what a JSON file names and keeps the rest.
  ///
  /// - Throws: `InputError<RecipeProblem>`: no JSON, a key that no recipe has, or a value out of
  ///   range.
  public mutating func apply(_ json: [UInt8], file: String) throws {
    func refuse(_ problem: RecipeProblem) -> InputError<RecipeProblem> {
      InputError(file: file, problem)
    }
    let encoder = JSONEncoder()
    guard case .object(let changes)? = try? JSONDecoder().decode(JSONValue.self, from: Data(json)),
      case .object(var merged) = try JSONDecoder().decode(
        JSONValue.self, from: encoder.encode(self))
    else { throw refuse(.notJSON("no JSON object")) }
    for (part, value) in changes.sorted(by: { $0.key < $1.key }) {
      guard case .object(var fields)? = merged[part] else {
        throw refuse(.unknownKey(part, known: merged.keys.sorted()))
      }
      guard case .object(let changed) = value else {
        throw refuse(.notJSON("\(part.quoted) is no object"))
      }
      for (key, value) in changed.sorted(by: { $0.key < $1.key }) {
        guard fields[key] != nil else {
          throw refuse(.unknownKey("\(part).\(key)", known: fields.keys.sorted()))
        }
        fields[key] = value
        merged[part] = .object(fields)
        do {
          self = try JSONDecoder().decode(
            Recipe.self, from: encoder.encode(JSONValue.object(merged)))
        } catch let error as DecodingError {
          throw refuse(.notJSON(error.explanation(of: "\(part).\(key)")))
        }
      }
    }
    let understood = try JSONDecoder().decode(JSONValue.self, from: encoder.encode(self))
    if let key = JSONValue.object(merged).key(missingFrom: understood, at: []) {
      throw refuse(.notJSON("\(key.quoted) is no key of its object"))
    }
    if let problem = training.problem { throw refuse(.value("training: \(problem)")) }
    if let problem = selection.problem { throw refuse(.value("selection: \(problem)")) }
    if let problem = ensemble.problem { throw refuse(.value("ensemble: \(problem)")) }
    do {
      try network.validate()
      if let problem = try sizeProblem(taskCount: 1, length: nil) { throw refuse(.value(problem)) }
    } catch let error as ConfigurationError {
      throw refuse(.value("network: \(error.description)"))
    }
    guard network.windows == nil else {
      throw refuse(.value("network: windows are for imported models; leave them out"))
    }
  }
}

/// JSON whose keys nobody knows beforehand.
private enum JSONValue: Codable, Equatable {
  case object([String: JSONValue])
  case array([JSONValue])
  case string(String)
  case number(Double)
  case bool(Bool)
  case null

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode([String: JSONValue].self) {
      self = .object(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else {
      self = .null
    }
  }

  /// The path of a key that another value of the same layout doesn't have; `nil` where it has all.
  func key(missingFrom other: JSONValue, at path: [String]) -> String? {
    switch (self, other) {
    case (.object(let own), .object(let known)):
      for (key, value) in own.sorted(by: { $0.key < $1.key }) {
        guard let same = known[key] else { return (path + [key]).joined(separator: ".") }
        if let missing = value.key(missingFrom: same, at: path + [key]) { return missing }
      }
      return nil
    case (.array(let own), .array(let known)):
      return zip(own, known).enumerated().lazy.compactMap { index, pair in
        pair.0.key(missingFrom: pair.1, at: path + ["\(index + 1)"])
      }.first
    default:
      return nil
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .object(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .bool(let value): try container.encode(value)
    case .null: try container.encodeNil()
    }
  }
}

extension DecodingError {
  /// Where and what, in one line.
  ///
  /// - Parameter key: What was changed; the decoder doesn't say where a number doesn't fit.
  fileprivate func explanation(of key: String) -> String {
    func place(_ context: Context) -> String {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return (path.isEmpty ? key : path).quoted
    }
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(place(context)) is of the wrong type"
    case .keyNotFound(let key, let context):
      return "\(place(context)) lacks \(key.stringValue.quoted)"
    case .dataCorrupted(let context):
      return "\(place(context)) is none of the values it may be"
    @unknown default:
      return "unreadable"
    }
  }
}
