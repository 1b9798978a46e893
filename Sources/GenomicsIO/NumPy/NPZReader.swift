public import Genomics

/// What can be wrong with an archive of arrays.
public enum NPZProblem: InputProblem {
  case notAnArchive
  case compressed(array: String)
  case damaged(array: String)
  /// An array that isn't of numbers in single precision, row by row.
  case otherLayout(array: String)

  public var description: String {
    switch self {
    case .notAnArchive: "is no .npz archive; give one that `numpy.savez` or seqcnn wrote"
    case .compressed(let array):
      "the array \(array.quoted) is compressed; write the archive with `numpy.savez`"
    case .damaged(let array): "the array \(array.quoted) stops early; make the file again"
    case .otherLayout(let array):
      "the array \(array.quoted) isn't float32 in C order; write it with "
        + "`numpy.ascontiguousarray(a, dtype=numpy.float32)`"
    }
  }
}

public typealias NPZError = InputError<NPZProblem>

/// An array of an archive.
public struct NPZArray: Equatable, Sendable {
  /// What `numpy.load` calls it.
  public let name: String
  public let shape: [Int]
  /// In row-major order.
  public let scalars: [Float]
}

/// Reads the arrays of an `.npz` archive whose members are stored as they are, as `NPZWriter` and `numpy.savez` write
/// them, in single precision.
///
/// - Throws: `ByteError`, `NPZError`.
public func readNPZ(_ path: String) throws -> [NPZArray] {
  let file = try InputFile(path: path)
  // A pipe can't be read from its end, where the directory is.
  guard let size = file.size else { throw NPZError(file: file.name, .notAnArchive) }
  var bytes = [UInt8](repeating: 0, count: size)
  let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
  let archive = Archive(file: file.name, bytes: Array(bytes[..<count]))
  return try archive.entries().map(archive.array)
}

/// A ZIP file (PKWARE APPNOTE 6.3), read by its directory.
private struct Archive {
  let file: String
  let bytes: [UInt8]

  struct Entry {
    let name: String
    let size: Int
    let start: Int
    let isStored: Bool
  }

  private static let endSize = 22
  private static let entrySize = 46
  private static let headerSize = 30

  func entries() throws -> [Entry] {
    let ends = stride(from: bytes.count - Self.endSize, through: 0, by: -1).prefix(1 << 16)
    guard let end = ends.first(where: { begins($0, [0x50, 0x4b, 5, 6]) }) else {
      throw NPZError(file: file, .notAnArchive)
    }
    var (entries, position) = ([Entry](), number(at: end + 16, bytes: 4))
    for _ in 0..<number(at: end + 10, bytes: 2) {
      guard position + Self.entrySize <= end, begins(position, [0x50, 0x4b, 1, 2]) else {
        throw NPZError(file: file, .notAnArchive)
      }
      let nameEnd = position + Self.entrySize + number(at: position + 28, bytes: 2)
      guard nameEnd <= end else { throw NPZError(file: file, .notAnArchive) }
      let name = String(decoding: bytes[position + Self.entrySize..<nameEnd], as: UTF8.self)
      entries.append(
        Entry(
          name: name.hasSuffix(".npy") ? String(name.dropLast(4)) : name,
          size: number(at: position + 24, bytes: 4), start: number(at: position + 42, bytes: 4),
          isStored: number(at: position + 10, bytes: 2) == 0))
      position =
        nameEnd + number(at: position + 30, bytes: 2) + number(at: position + 32, bytes: 2)
    }
    return entries
  }

  /// Reads a member, a `.npy` file of version 1 to 3.
  func array(_ entry: Entry) throws -> NPZArray {
    guard entry.isStored else { throw NPZError(file: file, .compressed(array: entry.name)) }
    let damage = NPZError(file: file, .damaged(array: entry.name))
    guard entry.start + Self.headerSize <= bytes.count else { throw damage }
    let start =
      entry.start + Self.headerSize + number(at: entry.start + 26, bytes: 2)
      + number(at: entry.start + 28, bytes: 2)
    guard entry.size >= 12, start + entry.size <= bytes.count,
      begins(start, [0x93] + Array("NUMPY".utf8))
    else { throw damage }
    let isOld = bytes[start + 6] == 1
    let textStart = start + (isOld ? 10 : 12)
    let dataStart = textStart + number(at: start + 8, bytes: isOld ? 2 : 4)
    guard dataStart <= start + entry.size else { throw damage }
    let header = String(decoding: bytes[textStart..<dataStart], as: UTF8.self)
    guard let shape = shape(in: header), header.contains("'<f4'"),
      header.contains("'fortran_order': False")
    else { throw NPZError(file: file, .otherLayout(array: entry.name)) }
    let count = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard count >= 0, count == (start + entry.size - dataStart) / 4 else { throw damage }
    let scalars = (0..<count).map {
      Float(bitPattern: littleEndian32(bytes[dataStart + 4 * $0..<dataStart + 4 * $0 + 4]))
    }
    return NPZArray(name: entry.name, shape: shape, scalars: scalars)
  }

  /// The extents behind `'shape': (`.
  private func shape(in header: String) -> [Int]? {
    guard let match = header.firstMatch(of: /'shape': \(([0-9, ]*)\)/) else { return nil }
    return match.1.split(separator: ",").map { $0.filter { $0 != " " } }
      .filter { !$0.isEmpty }.reduce(into: [Int]?([])) { extents, text in
        extents = Int(text).flatMap { extent in extents.map { $0 + [extent] } }
      }
  }

  private func begins(_ position: Int, _ signature: [UInt8]) -> Bool {
    position >= 0 && position + signature.count <= bytes.count
      && bytes[position..<position + signature.count].elementsEqual(signature)
  }

  private func number(at position: Int, bytes count: Int) -> Int {
    bytes[position..<position + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
