internal import CZlib
public import Genomics

/// An archive of arrays that is too large for its format.
public struct ArchiveSizeError: Failure, Equatable {
  public let file: String
  public var kind: FailureKind { .badData }
  public var description: String {
    "\(file.escapedForTerminal): the arrays pass 4 GiB; give fewer sequences"
  }
}

/// Writes arrays of single precision as `.npz`, which `numpy.load` reads.
///
/// The archive is a ZIP file (PKWARE APPNOTE 6.3) whose members are stored as they are, each a `.npy` file
/// of version 1.0. Their date is 1980-01-01, so that the same arrays give the same bytes.
public struct NPZWriter: ~Copyable {
  private var file: OutputFile
  private var directory: [UInt8] = []
  private var members = 0
  private var offset = 0

  /// - Throws: As `OutputFile`.
  public init(path: String, replacing: Bool) throws {
    file = try OutputFile(path: path, replacing: replacing)
  }

  /// Adds an array.
  ///
  /// - Parameters:
  ///   - name: What `numpy.load` calls it; ASCII.
  ///   - scalars: In row-major order.
  /// - Throws: `OutputError` with `.notWritten`; `ArchiveSizeError`.
  public mutating func write(_ name: String, shape: [Int], scalars: [Float]) throws {
    precondition(shape.reduce(1, *) == scalars.count, "\(scalars.count) scalars for \(shape)")
    let header = Self.arrayHeader(shape)
    let size = header.count + 4 * scalars.count
    let memberName = Array("\(name).npy".utf8)
    guard offset + size + directory.count + 1024 < Int(UInt32.max) else {
      throw ArchiveSizeError(file: file.path)
    }
    let bytes = scalars.withUnsafeBytes { header + $0 }
    let entry = Self.entry(checksum: Self.checksum(bytes), size: size, name: memberName)
    let local = [0x50, 0x4b, 3, 4] + entry + memberName
    directory +=
      [0x50, 0x4b, 1, 2] + Self.two(20) + entry + Self.two(0) + Self.two(0) + Self.two(0)
    directory += Self.four(0) + Self.four(offset) + memberName
    try file.write(local)
    try file.write(bytes)
    offset += local.count + bytes.count
    members += 1
  }

  /// Puts the archive in its place.
  ///
  /// - Throws: `OutputError` with `.notWritten`.
  public consuming func commit() throws {
    let counts = Self.two(0) + Self.two(0) + Self.two(members) + Self.two(members)
    let end = counts + Self.four(directory.count) + Self.four(offset) + Self.two(0)
    try file.write(directory + [0x50, 0x4b, 5, 6] + end)
    try file.commit()
  }

  /// What a member's local header and its entry in the directory share, from the version needed on.
  private static func entry(checksum: Int, size: Int, name: [UInt8]) -> [UInt8] {
    let format = two(20) + two(0) + two(0)  // version 2.0, no flags, stored
    let firstOfJanuary1980 = two(0) + two(1 << 5 | 1)
    return format + firstOfJanuary1980 + four(checksum) + four(size) + four(size)
      + two(name.count) + two(0)
  }

  /// The header of a `.npy` file, filled up to a multiple of 64 bytes.
  private static func arrayHeader(_ shape: [Int]) -> [UInt8] {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + two(text.utf8.count) + Array(text.utf8)
  }

  private static func checksum(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { bytes in
      Int(crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    }
  }

  private static func two(_ value: Int) -> [UInt8] {
    [UInt8(value & 255), UInt8(value >> 8 & 255)]
  }
  private static func four(_ value: Int) -> [UInt8] { two(value & 0xffff) + two(value >> 16) }
}
