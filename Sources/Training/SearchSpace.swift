internal import FoundationEssentials
package import Genomics
internal import Layers
internal import Tensors

/// What a search may change in a recipe: for paths, such as `training.learningRate` or
/// `network.layers.3.dropout.rate`, the values to draw from.
///
/// In JSON an object of paths. Its values are `{"choices": [16, 32, 64]}`, or `{"range": [0.001, 0.03],
/// "scale": "log"}` with `"step"` for whole multiples. A choice may be any value of a recipe, also a whole layer
/// or list of layers; `null` takes a layer away.
public struct SearchSpace: Codable, Equatable, Sendable {
  /// The values of one path.
  package enum Values: Equatable, Sendable {
    case choices([JSONValue])
    /// Uniform between two numbers, or uniform in the logarithm; multiples of `step` from the lower end, if it is
    /// given.
    case range(low: Double, high: Double, isLogarithmic: Bool, step: Double?)
  }

  package let values: [String: Values]

  package init(_ values: [String: Values]) {
    self.values = values
  }

  /// The paths, those of lists and objects before those of what is in them.
  public var paths: [String] { values.keys.sorted() }

  /// Draws a value for every path, rates with three digits.
  package func draw(using random: inout RandomStream) -> Draw {
    Draw(values: paths.map { ($0, values[$0]?.draw(using: &random) ?? .null) })
  }
}

/// The values that a trial draws.
public struct Draw: Equatable, Sendable {
  /// In the order of the space's paths.
  package let values: [(path: String, value: JSONValue)]

  public static func == (a: Draw, b: Draw) -> Bool {
    a.values.elementsEqual(b.values) { $0 == $1 }
  }

  /// A recipe with these values instead of its own; those of paths that it hasn't are left out.
  ///
  /// - Throws: `RecipeChangeError` if that is no recipe.
  package func applied(to recipe: Recipe) throws -> Recipe {
    var json = try JSONValue(recipe)
    for (path, value) in values { json[path.pathComponents] = value }
    var changed = recipe
    try changed.replace(by: json.withoutNulls, changed: values.map(\.path))
    try changed.check()
    return changed
  }
}

extension String {
  /// The components of a path.
  package var pathComponents: ArraySlice<String> { split(separator: ".").map(String.init)[...] }
}

extension SearchSpace.Values {
  fileprivate func draw(using random: inout RandomStream) -> JSONValue {
    switch self {
    case .choices(let choices): return choices[random.next(below: choices.count)]
    case .range(let low, let high, let isLogarithmic, let step):
      if let step {
        // Rounding errors of the quotient don't cost the upper end.
        let count = Int(((high - low) / step + 1e-9).rounded(.down)) + 1
        let value = low + step * Double(random.next(below: count))
        return .number((value * 1e9).rounded() / 1e9)
      }
      let share: Double = random.uniform()
      return .number(
        isLogarithmic
          ? rounded(low * power(high / low, share)) : rounded(low + (high - low) * share))
    }
  }
}

extension SearchSpace.Values: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case choices, range, scale, step
  }

  private enum Scale: String, NamedCase {
    case linear, log
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func refuse(_ what: String) -> ConfigurationError {
      ConfigurationError(description: "\(decoder.codingPath.configurationPath): \(what)")
    }
    if let choices = try container.decodeIfPresent([JSONValue].self, forKey: .choices) {
      guard !choices.isEmpty, container.allKeys == [.choices] else {
        throw refuse(
          "choices is empty, or stands beside other keys; give choices alone, one or more")
      }
      self = .choices(choices)
      return
    }
    guard let ends = try container.decodeIfPresent([Double].self, forKey: .range) else {
      throw refuse("neither choices nor range; give one of them")
    }
    guard ends.allSatisfy({ abs($0) < 1e15 && ($0 == 0 || abs($0) > 1e-15) }) else {
      throw refuse("range has an end of more than 15 digits; take smaller ones")
    }
    guard ends.count == 2, ends[0] <= ends[1] else {
      throw refuse("range isn't two numbers in ascending order")
    }
    let isLogarithmic = try container.decodeIfPresent(Scale.self, forKey: .scale) == .log
    let step = try container.decodeIfPresent(Double.self, forKey: .step)
    guard !isLogarithmic || (ends[0] > 0 && step == nil) else {
      throw refuse("a scale of log with a step, or from 0; take numbers above 0, without a step")
    }
    guard step.map({ $0 > 0 && (ends[1] - ends[0]) / $0 < 1e6 }) ?? true else {
      throw refuse("step is \(step ?? 0); take one above 0, for a million values at most")
    }
    self = .range(low: ends[0], high: ends[1], isLogarithmic: isLogarithmic, step: step)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .choices(let choices): try container.encode(choices, forKey: .choices)
    case .range(let low, let high, let isLogarithmic, let step):
      try container.encode([low, high], forKey: .range)
      if isLogarithmic { try container.encode(Scale.log, forKey: .scale) }
      try container.encodeIfPresent(step, forKey: .step)
    }
  }
}

extension SearchSpace {
  public init(from decoder: any Decoder) throws {
    values = try decoder.singleValueContainer().decode([String: Values].self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(values)
  }

  /// What trials are compared by: selection and ensemble are those of the recipe.
  private static let searchable = [
    "network.layers", "network.padding", "network.strands", "training.",
  ]

  /// Reads a file's bytes.
  ///
  /// - Parameter recipe: What the space is for: every path must be one of it.
  /// - Throws: `InputError<RecipeProblem>`.
  public init(_ json: [UInt8], file: String, for recipe: Recipe) throws {
    func refuse(_ problem: RecipeProblem) -> InputError<RecipeProblem> {
      InputError(file: file, problem)
    }
    do {
      self = try JSONDecoder().decode(SearchSpace.self, from: Data(json))
    } catch let error as ConfigurationError {
      throw refuse(.value(error.description))
    } catch {
      throw refuse(.value("not a search space: no JSON object of paths; see docs/formats.md"))
    }
    guard !values.isEmpty else { throw refuse(.value("the search space is empty; give a path")) }
    let known = try JSONValue(recipe)
    for path in paths where !Self.searchable.contains(where: { path.hasPrefix($0) }) {
      throw refuse(
        .value(
          "\(path.quoted) can't be searched; take paths that begin with "
            + Self.searchable.joined(separator: ", ")))
    }
    for path in paths where known[path.pathComponents] == nil {
      let (parent, key) = (path.pathComponents.dropLast(), path.pathComponents.last ?? "")
      let others = Recipe.otherKeys[parent.first ?? ""].map { parent.count == 1 ? $0 : [] }
      let keys = Recipe.layerKeys(at: path) ?? others ?? []
      guard known[parent] != nil, keys.contains(key) else {
        throw refuse(.unknownKey(path, known: known[parent]?.keys ?? known.keys))
      }
    }
  }
}

extension JSONValue {
  /// The keys of an object, or the places in an array.
  fileprivate var keys: [String] {
    switch self {
    case .object(let object): object.keys.sorted()
    case .array(let array): array.indices.map(String.init)
    default: []
    }
  }
}

/// `base` to the power of an exponent in `[0, 1)`, by square roots, which no C library rounds in a way
/// of its own; the exponent's bits behind the 24th are left out.
private func power(_ base: Double, _ exponent: Double) -> Double {
  var (root, rest, result) = (base, exponent, 1.0)
  for _ in 0..<24 {
    root = root.squareRoot()
    rest *= 2
    if rest >= 1 {
      rest -= 1
      result *= root
    }
  }
  return result
}

/// A number with three significant digits, or three decimals if it is above 0.1.
private func rounded(_ value: Double) -> Double {
  var scale = 1000.0
  while value > 0, value * scale < 100 { scale *= 10 }
  return (value * scale).rounded() / scale
}
