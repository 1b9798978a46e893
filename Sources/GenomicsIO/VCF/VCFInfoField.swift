/// An INFO key that a writer declares.
public struct VCFInfoField: Equatable, Sendable {
  public enum ValueType: String, Sendable {
    case integer = "Integer"
    case float = "Float"
    case flag = "Flag"
    case character = "Character"
    case string = "String"
  }

  public let key: String
  /// How many values an entry has: a number, `A` (one an alternate allele), `R`, `G` or `.`.
  public let number: String
  public let type: ValueType
  public let description: String

  public init(key: String, number: String, type: ValueType, description: String) {
    self.key = key
    self.number = number
    self.type = type
    self.description = description
  }

  /// The header line that declares it.
  var line: String {
    let quoted = description.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "##INFO=<ID=\(key),Number=\(number),Type=\(type.rawValue),Description=\"\(quoted)\">"
  }
}
