/// JSON whose keys nobody knows beforehand.
package enum JSONValue: Codable, Equatable, Sendable {
  case object([String: JSONValue])
  case array([JSONValue])
  case string(String)
  case number(Double)
  case bool(Bool)
  case null

  package init(from decoder: any Decoder) throws {
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
    } else if container.decodeNil() {
      self = .null
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no JSON value")
    }
  }

  package func encode(to encoder: any Encoder) throws {
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

  /// The path of a key that another value of the same layout doesn't have, and the keys that its object has;
  /// `nil` if it has all.
  func key(missingFrom other: JSONValue, at path: [String]) -> (path: String, known: [String])? {
    switch (self, other) {
    case (.object(let own), .object(let known)):
      for (key, value) in own.sorted(by: { $0.key < $1.key }) where value != .null {
        guard let same = known[key] else {
          return ((path + [key]).joined(separator: "."), known.keys.sorted())
        }
        if let missing = value.key(missingFrom: same, at: path + [key]) { return missing }
      }
      return nil
    case (.array(let own), .array(let known)):
      return zip(own, known).enumerated().lazy.compactMap { index, pair in
        pair.0.key(missingFrom: pair.1, at: path + ["\(index)"])
      }.first
    case (_, .object(let known)) where self != .null:
      return (path.joined(separator: "."), known.keys.sorted())
    default:
      return nil
    }
  }

  /// The value at a path, such as `["network", "layers", "2"]`; places in arrays count from 0. Setting does
  /// nothing if an array or object on the way is missing.
  package subscript(path: ArraySlice<String>) -> JSONValue? {
    get {
      guard let first = path.first else { return self }
      switch self {
      case .object(let object): return object[first]?[path.dropFirst()]
      case .array(let array):
        guard let index = Int(first), array.indices.contains(index) else { return nil }
        return array[index][path.dropFirst()]
      default: return nil
      }
    }
    set {
      guard let first = path.first, let newValue else { return }
      switch self {
      case .object(var object):
        guard path.count == 1 || object[first] != nil else { return }
        if path.count == 1 {
          object[first] = newValue
        } else {
          object[first]?[path.dropFirst()] = newValue
        }
        self = .object(object)
      case .array(var array):
        guard let index = Int(first), array.indices.contains(index) else { return }
        if path.count == 1 {
          array[index] = newValue
        } else {
          array[index][path.dropFirst()] = newValue
        }
        self = .array(array)
      default: break
      }
    }
  }

  /// The value without what is `null` in it.
  var withoutNulls: JSONValue {
    switch self {
    case .object(let object):
      .object(object.filter { $0.value != .null }.mapValues(\.withoutNulls))
    case .array(let array): .array(array.filter { $0 != .null }.map(\.withoutNulls))
    default: self
    }
  }

  /// Such as `16`, `0.2` or `{"dense":{"units":32}}`.
  package var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let value):
      value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(Float(value))"
    case .string(let value): "\"\(value)\""
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let values):
      "{"
        + values.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value.text)" }
        .joined(separator: ",") + "}"
    }
  }
}
