import FoundationEssentials
public import Genomics
public import Tensors

/// What can be wrong with a safetensors file.
public enum SafetensorsProblem: InputProblem {
  case tooShort(bytes: Int)
  case text
  case headerPastEnd(headerBytes: UInt64, fileBytes: Int)
  case headerNotJSON
  case ambiguousKeys
  case tensor(name: String, what: String)
  case notCovered(dataBytes: Int, coveredBytes: Int)

  public var description: String {
    let what =
      switch self {
      case .tooShort(bytes: 0): "is empty"
      case .text: "is text"
      case .tooShort(let bytes): "\(bytes) bytes are too few for a safetensors header"
      case .headerPastEnd(let header, let file):
        "a header of \(header) bytes in a file of \(file)"
      case .headerNotJSON: "the header is no JSON object of tensors"
      case .ambiguousKeys: "the header holds a key twice, or one that the format doesn't know"
      case .tensor(let name, let what): "tensor \(name.quoted): \(what)"
      case .notCovered(let data, let covered):
        "the tensors cover \(covered) of \(data) bytes of data"
      }
    return "\(what); give a whole safetensors file, such as model.safetensors"
  }
}

/// The contents of a safetensors file of single-precision tensors.
///
/// The format: the header's length as 64 bits, little-endian; a JSON header; the data. Tensors lie
/// end to end, without holes or overlaps.
public struct Safetensors: Equatable, Sendable {
  public var metadata: [String: String]
  /// In the order of their data.
  public var tensors: [(name: String, value: Tensor)]

  public init(metadata: [String: String], tensors: [(name: String, value: Tensor)]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  public static func == (a: Safetensors, b: Safetensors) -> Bool {
    a.metadata == b.metadata && a.tensors.map(\.name) == b.tensors.map(\.name)
      && a.tensors.map(\.value) == b.tensors.map(\.value)
  }

  /// The tensor of that name.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name }?.value }

  private static let maximumHeaderBytes = 100_000_000

  /// Reads a file's bytes.
  ///
  /// - Parameters:
  ///   - file: The name for messages.
  ///   - check: Looks at the metadata before the tensors.
  /// - Throws: `InputError<SafetensorsProblem>`, what `check` throws; tensors of other types than F32 are
  ///   refused too.
  public init(
    bytes: [UInt8], file: String, check: (_ metadata: [String: String]) throws -> Void = { _ in }
  ) throws {
    func refuse(_ problem: SafetensorsProblem) -> InputError<SafetensorsProblem> {
      InputError(file: file, problem)
    }
    guard bytes.count >= 8 else { throw refuse(.tooShort(bytes: bytes.count)) }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * UInt64($1)) }
    guard length <= UInt64(min(bytes.count - 8, Self.maximumHeaderBytes)) else {
      let isText = bytes.prefix(1024).allSatisfy { $0 >= 0x20 || (9...13).contains($0) }
      throw refuse(
        isText ? .text : .headerPastEnd(headerBytes: length, fileBytes: bytes.count))
    }
    let data = bytes[(8 + Int(length))...]
    let text = bytes[8..<8 + Int(length)]
    guard text.first == UInt8(ascii: "{"), let keyCount = keyCount(ofHeader: text),
      let header = try? JSONDecoder().decode(Header.self, from: Data(text))
    else { throw refuse(.headerNotJSON) }
    try check(header.metadata ?? [:])
    guard keyCount == header.keyCount else { throw refuse(.ambiguousKeys) }
    var covered = 0
    var tensors: [(name: String, value: Tensor)] = []
    let entries = header.entries.sorted {
      ($0.value.offsets, $0.key) < ($1.value.offsets, $1.key)
    }
    for (name, entry) in entries {
      if let what = entry.problem(startingAt: covered, dataBytes: data.count) {
        throw refuse(.tensor(name: name, what: what))
      }
      let slice = data.dropFirst(covered).prefix(entry.offsets[1] - covered)
      tensors.append((name, Tensor(shape: Shape(entry.shape), littleEndian: slice)))
      covered = entry.offsets[1]
    }
    guard covered == data.count else {
      throw refuse(.notCovered(dataBytes: data.count, coveredBytes: covered))
    }
    self.init(metadata: header.metadata ?? [:], tensors: tensors)
  }

  /// The file's bytes; the same contents always give the same bytes.
  public var bytes: [UInt8] {
    get throws {
      var entries: [String: Entry] = [:]
      var offset = 0
      for (name, value) in tensors {
        let end = offset + 4 * value.scalars.count
        entries[name] = Entry(
          type: "F32", shape: value.shape.extents, offsets: [offset, end])
        offset = end
      }
      precondition(entries.count == tensors.count, "two tensors of one name")
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      var header = Array(
        try encoder.encode(Header(metadata: metadata.isEmpty ? nil : metadata, entries: entries)))
      // Spaces fill the header up, so that the data is aligned.
      header += [UInt8](repeating: UInt8(ascii: " "), count: -header.count & 7)
      let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
      return length + header + weightBytes
    }
  }

  /// The data alone: every scalar as 32 bits, little-endian.
  public var weightBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * tensors.reduce(0) { $0 + $1.value.scalars.count })
    for (_, value) in tensors { value.appendLittleEndian(to: &bytes) }
    return bytes
  }
}

/// The number of keys of all objects in a header, by their colons, so that those that a decoder drops
/// count too.
///
/// - Returns: `nil` if a number isn't whole.
private func keyCount(ofHeader json: ArraySlice<UInt8>) -> Int? {
  var (count, isString, isEscaped) = (0, false, false)
  for byte in json {
    if isEscaped {
      isEscaped = false
    } else if byte == UInt8(ascii: "\"") {
      isString.toggle()
    } else if isString {
      isEscaped = byte == UInt8(ascii: "\\")
    } else if byte == UInt8(ascii: ":") {
      count += 1
    } else if byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") {
      return nil
    }
  }
  return count
}

/// What the header says of one tensor.
private struct Entry: Codable {
  let type: String
  let shape: [Int]
  /// Where its data begins and ends, counted from the end of the header.
  let offsets: [Int]

  enum CodingKeys: String, CodingKey {
    case type = "dtype"
    case shape
    case offsets = "data_offsets"
  }

  /// What is wrong with an entry whose data must begin at `start`; `nil` if nothing is.
  func problem(startingAt start: Int, dataBytes: Int) -> String? {
    guard type == "F32" else { return "of type \(type.quoted) instead of F32" }
    guard offsets.count == 2, offsets[0] == start, offsets[1] >= start else {
      return "its data doesn't begin where the one before ends"
    }
    guard offsets[1] <= dataBytes else { return "its data ends past the file" }
    var size = 4
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return "a shape of \(shape)" }
      size = product
    }
    guard size == offsets[1] - start else {
      return "\(offsets[1] - start) bytes for a shape of \(shape)"
    }
    return nil
  }
}

private struct Header: Codable {
  let metadata: [String: String]?
  let entries: [String: Entry]

  /// The number of keys of all objects.
  var keyCount: Int { 4 * entries.count + (metadata.map { $0.count + 1 } ?? 0) }

  private static let metadataKey = Key(stringValue: "__metadata__")

  init(metadata: [String: String]?, entries: [String: Entry]) {
    self.metadata = metadata
    self.entries = entries
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    metadata = try container.decodeIfPresent([String: String].self, forKey: Self.metadataKey)
    var entries: [String: Entry] = [:]
    for key in container.allKeys where key != Self.metadataKey {
      entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
    }
    self.entries = entries
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(metadata, forKey: Self.metadataKey)
    for (name, entry) in entries {
      try container.encode(entry, forKey: Key(stringValue: name))
    }
  }

  struct Key: CodingKey, Equatable {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

private func < (a: ([Int], String), b: ([Int], String)) -> Bool {
  a.0 == b.0 ? a.1 < b.1 : a.0.lexicographicallyPrecedes(b.0)
}
