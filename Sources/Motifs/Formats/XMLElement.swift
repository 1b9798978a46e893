import Genomics

/// An element of XML with what it holds.
struct XMLElement {
  let name: String
  let attributes: [String: String]
  /// The line that it begins in.
  let line: Int
  private(set) var children: [XMLElement] = []
  /// The text between its tags, without that of its children.
  private(set) var text = ""

  /// The children of a name.
  func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The first element on the way down through children of these names.
  func first(_ path: String...) -> XMLElement? {
    path.reduce(self) { element, name in element?.children(name).first }
  }
}

/// Reads the part of XML 1.0 that data have: elements, attributes, text, the five named entities and those of numbers.
/// Declarations, instructions, comments and a document type are passed over.
struct XMLReader {
  private let bytes: [UInt8]
  private let file: String
  private var position = 0
  private var line = 1
  private var open: [XMLElement] = []
  private var root: XMLElement?

  /// - Returns: The root.
  /// - Throws: `MotifXMLError` if the text isn't well-formed.
  static func root(of bytes: [UInt8], file: String) throws(MotifXMLError) -> XMLElement {
    var reader = XMLReader(bytes: bytes, file: file)
    while reader.position < bytes.count { try reader.readNext() }
    guard reader.open.isEmpty, let root = reader.root else {
      throw reader.fault("it ends before \("</\(reader.open.last?.name ?? "")>".quoted)")
    }
    return root
  }

  private init(bytes: [UInt8], file: String) {
    (self.bytes, self.file) = (bytes, file)
  }

  private mutating func readNext() throws(MotifXMLError) {
    if !isNext("<") {
      try add(try decoded(take(until: "<", mayEnd: true)))
    } else if isNext("<?") {
      _ = try take(until: "?>")
      skip("?>")
    } else if isNext("<!--") {
      _ = try take(until: "-->")
      skip("-->")
    } else if isNext("<![CDATA[") {
      skip("<![CDATA[")
      try add(try take(until: "]]>"))
      skip("]]>")
    } else if isNext("<!") {
      try skipDocumentType()
    } else if isNext("</") {
      try close()
    } else {
      try openElement()
    }
  }

  private mutating func add(_ text: String) throws(MotifXMLError) {
    if open.isEmpty {
      guard text.allSatisfy(\.isWhitespace) else { throw fault("text outside of all elements") }
    } else {
      open[open.count - 1].append(text)
    }
  }

  /// Passes over `<!DOCTYPE …>` with the declarations in its brackets.
  private mutating func skipDocumentType() throws(MotifXMLError) {
    var depth = 0
    repeat {
      if isNext("<!--") {
        _ = try take(until: "-->")
        skip("-->")
      } else if isNext("\"") || isNext("'") {
        let quote = isNext("'") ? "'" : "\""
        skip(quote)
        _ = try take(until: quote)
        skip(quote)
      } else {
        guard position < bytes.count else { throw fault("a declaration that isn't closed") }
        if isNext("<") { depth += 1 } else if isNext(">") { depth -= 1 }
        advance()
      }
    } while depth > 0
  }

  private mutating func close() throws(MotifXMLError) {
    let line = line
    skip("</")
    let name = try take(until: ">").filter { !$0.isWhitespace }
    skip(">")
    guard let element = open.popLast(), element.name == name else {
      throw fault("\("</\(name)>".quoted) closes nothing", line)
    }
    if open.isEmpty { root = element } else { open[open.count - 1].append(element) }
  }

  /// No file of motifs has as many elements within each other.
  private static let deepest = 100

  private mutating func openElement() throws(MotifXMLError) {
    let line = line
    skip("<")
    let name = takeName()
    guard !name.isEmpty, root == nil else {
      throw fault(root == nil ? "\"<\" without a name" : "a second root", line)
    }
    guard open.count < Self.deepest else { throw fault("elements are nested too deeply", line) }
    var attributes: [String: String] = [:]
    skipSpaces()
    while !isNext(">"), !isNext("/>") {
      let key = takeName()
      skipSpaces()
      guard !key.isEmpty, isNext("="), attributes[key] == nil else {
        throw fault("in \("<\(name)>".quoted)", line)
      }
      skip("=")
      skipSpaces()
      guard isNext("\"") || isNext("'") else { throw fault("in \("<\(name)>".quoted)", line) }
      let quote = isNext("'") ? "'" : "\""
      skip(quote)
      attributes[key] = try decoded(take(until: quote))
      skip(quote)
      skipSpaces()
    }
    open.append(XMLElement(name: name, attributes: attributes, line: line))
    if isNext("/>") {
      skip("/>")
      let element = open.removeLast()
      if open.isEmpty { root = element } else { open[open.count - 1].append(element) }
    } else {
      skip(">")
    }
  }

  /// The text with its entities written out.
  private func decoded(_ text: String) throws(MotifXMLError) -> String {
    guard text.contains("&") else { return text }
    let parts = text.split(separator: "&", omittingEmptySubsequences: false)
    var result = String(parts[0])
    for part in parts.dropFirst() {
      let entity = part.prefix { $0 != ";" }
      guard entity.endIndex < part.endIndex, let character = Self.character(of: entity) else {
        throw fault("\("&\(entity)".quoted) is no entity")
      }
      result.unicodeScalars.append(character)
      result += part[entity.endIndex...].dropFirst()
    }
    return result
  }

  private static func character(of entity: Substring) -> Unicode.Scalar? {
    let named: [Substring: Unicode.Scalar] = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
    ]
    guard entity.hasPrefix("#") else { return named[entity] }
    let isHexadecimal = entity.dropFirst().first == "x"
    return UInt32(entity.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10)
      .flatMap(Unicode.Scalar.init)
  }
}

extension XMLElement {
  fileprivate init(name: String, attributes: [String: String], line: Int) {
    (self.name, self.attributes, self.line) = (name, attributes, line)
  }

  fileprivate mutating func append(_ child: XMLElement) { children.append(child) }
  fileprivate mutating func append(_ text: String) { self.text += text }
}

extension XMLReader {

  private func isNext(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

  private mutating func advance() {
    if bytes[position] == UInt8(ascii: "\n") { line += 1 }
    position += 1
  }

  private mutating func skip(_ text: String) {
    for _ in text.utf8 where position < bytes.count { advance() }
  }

  private mutating func skipSpaces() {
    while position < bytes.count, bytes[position] <= UInt8(ascii: " ") { advance() }
  }

  /// The text up to `end`, which stays.
  private mutating func take(until end: String, mayEnd: Bool = false) throws(MotifXMLError)
    -> String
  {
    let (start, line) = (position, line)
    let first = end.utf8.first!
    while position < bytes.count, bytes[position] != first || !isNext(end) { advance() }
    guard position < bytes.count || mayEnd else { throw fault("\(end.quoted) is missing", line) }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func takeName() -> String {
    let start = position
    while position < bytes.count, bytes[position] > UInt8(ascii: " "),
      !"=/><\"'".utf8.contains(bytes[position])
    {
      advance()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private func fault(_ what: String, _ line: Int? = nil) -> MotifXMLError {
    MotifXMLError(file: file, line: line ?? self.line, .malformed(what))
  }
}
