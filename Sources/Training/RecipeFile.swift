internal import Datasets
internal import FoundationEssentials
public import Genomics
internal import Layers
internal import Networks

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
      "\(key.quoted) is no key of a recipe; "
        + (known.isEmpty
          ? "its object has no keys" : "the keys are \(known.joined(separator: ", "))")
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
    guard case .object(let changes)? = try? JSONDecoder().decode(JSONValue.self, from: Data(json))
    else { throw refuse(.notJSON("no JSON object")) }
    if case .object(let network)? = changes["network"], network["layers"] ?? network["front"] != nil
    {
      // Layers of one's own are taken as they are.
      ensemble.extraWidths = []
      ensemble.knownMotifs = 0
    }
    do {
      for (part, value) in changes.sorted(by: { $0.key < $1.key }) {
        try apply(value, to: part)
      }
      try check()
    } catch let problem as RecipeChangeError {
      throw refuse(problem.problem)
    }
  }

  /// The keys of a part that a preset doesn't set.
  static let otherKeys = [
    "network": ["padding", "alphabet"],
    "ensemble": ["folds"],
    "training": [
      "schedule", "cycles", "drops", "dropFactor", "clip", "maxNorm", "labelSmoothing",
      "classWeights", "dispersion", "averaging", "rates", "augmentation",
    ],
  ]
  /// Keys of earlier versions: a network began with a `front`, and its `layers` stood behind that.
  private static let formerKeys = ["network": ["front"]]

  private mutating func apply(_ changes: JSONValue, to part: String) throws {
    var merged = try JSONValue(self)
    guard case .object(let parts) = merged, case .object(var fields)? = parts[part] else {
      guard case .object(let parts) = merged else { return }
      throw RecipeChangeError(.unknownKey(part, known: parts.keys.sorted()))
    }
    guard case .object(let changed) = changes else {
      throw RecipeChangeError(.notJSON("\(part.quoted) is no object"))
    }
    let known = (Array(fields.keys) + (Self.otherKeys[part] ?? [])).sorted()
    for (key, value) in changed.sorted(by: { $0.key < $1.key }) {
      guard known.contains(key) || Self.formerKeys[part]?.contains(key) == true else {
        throw RecipeChangeError(.unknownKey("\(part).\(key)", known: known))
      }
      if key == "front", value != .null {
        guard changed["padding"] == nil else {
          throw RecipeChangeError(
            .value("network: padding beside a front; give it as a key of motifConvolution"))
        }
        // What stands in the place of the layers that the front replaces.
        fields["layers"] = .array(try changed["layers"]?.elements ?? layersBehindStem())
      }
      fields[key] = value
    }
    merged[[part]] = .object(fields)
    try replace(by: merged, changed: changed.keys.sorted().map { "\(part).\($0)" })
  }

  /// The layers behind those that a front of earlier versions stood for.
  private func layersBehindStem() throws -> [JSONValue] {
    try network.layers.dropFirst(network.stemLayerCount).map(JSONValue.init)
  }

  /// Reads the recipe anew from JSON, and sees to it that nothing in it was passed over.
  mutating func replace(by json: JSONValue, changed: [String]) throws {
    do {
      self = try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(json))
    } catch let error as DecodingError {
      throw RecipeChangeError(.notJSON(error.explanation(of: changed)))
    } catch let error as ConfigurationError {
      throw RecipeChangeError(.value(error.description))
    }
    var understood = try JSONValue(self)
    if json[["network", "alphabet"]] != nil {
      // That of DNA isn't written.
      understood[["network", "alphabet"]] = try JSONValue(network.alphabet)
    }
    if case .object(let network)? = json[["network"]], network["front"] ?? .null != .null {
      // A front has been read as layers.
      let front = try JSONDecoder().decode(
        Front.self, from: JSONEncoder().encode(network["front"]))
      understood[["network", "front"]] = try JSONValue(front)
      let layers = understood[["network", "layers"]]?.elements ?? []
      understood[["network", "layers"]] = .array(Array(layers.dropFirst(try front.layers.count)))
      understood[["network", "padding"]] = network["padding"] ?? .null
      if let (path, known) = network["front"]?.key(
        missingFrom: try JSONValue(front), at: ["network", "front"])
      {
        throw RecipeChangeError(.unknownKey(path, known: known))
      }
    }
    if let (path, known) = json.key(missingFrom: understood, at: []) {
      throw RecipeChangeError(.unknownKey(path, known: Self.layerKeys(at: path) ?? known))
    }
  }

  /// The keys of the layer in which a path ends.
  static func layerKeys(at path: String) -> [String]? {
    let parts = path.split(separator: ".").map(String.init)
    guard parts.count >= 2,
      let kind = AnyLayerConfiguration.kinds.first(where: { $0.kind == parts[parts.count - 2] }),
      case .object(let keys)? = try? JSONValue(AnyLayerConfiguration(example: kind)),
      case .object(let fields)? = keys[kind.kind]
    else { return nil }
    return fields.keys.sorted()
  }

  /// - Throws: `RecipeChangeError` if a value is out of range.
  func check() throws {
    let problems = [
      training.problem.map { "training: \($0)" }, selection.problem.map { "selection: \($0)" },
      ensemble.problem.map { "ensemble: \($0)" },
    ]
    if let problem = problems.lazy.compactMap({ $0 }).first {
      throw RecipeChangeError(.value(problem))
    }
    if network.alphabet != .dna, training.augmentation?.turnsStrands == true {
      throw RecipeChangeError(
        .value(
          "training: augmentation: \(network.alphabet.name) has one strand; leave reverseComplement and inversion out"
        ))
    }
    do {
      for network in networks { try network.validate() }
      if let problem = try sizeProblem(taskCount: 1, length: nil) {
        throw RecipeChangeError(.value(problem))
      }
    } catch let error as ConfigurationError {
      throw RecipeChangeError(.value("network.\(error.description)"))
    }
    guard network.windows == nil else {
      throw RecipeChangeError(
        .value("network: windows are for imported models; leave them out"))
    }
  }
}

/// Why a recipe can't be changed as asked.
struct RecipeChangeError: Error {
  let problem: RecipeProblem

  init(_ problem: RecipeProblem) {
    self.problem = problem
  }
}

extension JSONValue {
  /// A value as JSON.
  package init(_ value: some Encodable) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
  }

  /// The elements of an array; `nil` of anything else.
  fileprivate var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }
}

extension AnyLayerConfiguration {
  /// One of a kind, with a value for every key.
  fileprivate init(example kind: any LayerConfiguration.Type) {
    self.init(kind.example)
  }
}

extension DecodingError {
  /// Where and what, in one line.
  ///
  /// - Parameter keys: What was changed; the decoder doesn't say where a number doesn't fit.
  func explanation(of keys: [String]) -> String {
    func place(_ context: Context) -> String {
      let path = context.codingPath.configurationPath
      return (path.isEmpty ? keys.joined(separator: " or ") : path).quoted
    }
    switch self {
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return "\(place(context)) is of the wrong type; \(Self.words(for: type)) is due"
    case .keyNotFound(let key, let context):
      return "\(place(context)) lacks \(key.stringValue.quoted)"
    case .dataCorrupted(let context):
      return "\(place(context)) is none of the values it may be"
    @unknown default:
      return "unreadable"
    }
  }

  private static func words(for type: any Any.Type) -> String {
    switch type {
    case is Int.Type: "a whole number"
    case is Float.Type, is Double.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "text"
    case is [Any].Type: "a list"
    default: "an object"
    }
  }
}
