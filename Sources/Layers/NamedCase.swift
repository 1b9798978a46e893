internal import Genomics

/// A choice between names in a recipe; a name that isn't one of them is refused with those that are.
public protocol NamedCase: RawRepresentable, CaseIterable, Codable where RawValue == String {}

extension NamedCase {
  /// - Throws: `ConfigurationError`, `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let value = Self(rawValue: name) else {
      throw ConfigurationError(
        description: "\(name.quoted) is none of its values; take "
          + Self.allCases.map(\.rawValue).joined(separator: ", ")
      ).under(decoder.codingPath.configurationPath)
    }
    self = value
  }
}
