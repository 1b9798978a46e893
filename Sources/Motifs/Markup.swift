import Genomics

extension String {
  /// The text for use in HTML and XML, between tags and in quoted attributes; what could steer a
  /// terminal or isn't allowed in XML is written as `\u{…}`.
  package var escapedForHTML: String {
    var result = ""
    for character in escapedForTerminal.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}

extension Double {
  /// The number with at most two decimals, as a coordinate of an SVG.
  ///
  /// - Precondition: Finite.
  package var coordinate: String {
    precondition(isFinite, "a coordinate of \(self)")
    let rounded = (self * 100).rounded() / 100
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
