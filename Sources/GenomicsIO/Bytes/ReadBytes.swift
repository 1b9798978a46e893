import Genomics

/// The whole contents of a file, gunzipped if it is gzipped; `-` is standard input.
///
/// - Parameters:
///   - limit: The most bytes that a file of its kind can have, so that a wrong file or device doesn't fill the
///     memory.
///   - readsXML: Whether the file may be XML, which is refused otherwise.
/// - Throws: `ByteError`.
public func readBytes(
  _ path: String, limit: Int = .max, readsXML: Bool = false
) throws -> [UInt8] {
  var reader = try ByteReader(path: path, readsXML: readsXML)
  var contents: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = try reader.read(into: &chunk), count > 0 {
    contents += chunk[..<count]
    guard contents.count <= limit else {
      throw ByteError(file: reader.name, .tooLarge(limit: limit))
    }
  }
  return contents
}

/// The most bytes that a file of settings can have.
public let largestSettings = 16 << 20
