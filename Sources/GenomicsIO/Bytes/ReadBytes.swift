/// The whole contents of a file, gunzipped where it is gzipped; `-` is standard input.
///
/// - Throws: `ByteError`.
public func readBytes(_ path: String) throws -> [UInt8] {
  var reader = try ByteReader(path: path)
  var contents: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = try reader.read(into: &chunk), count > 0 { contents += chunk[..<count] }
  return contents
}
