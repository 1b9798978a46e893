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

/// Writes arrays of single precision, and of integers, as `.npz`, which `numpy.load` reads.
///
/// The archive is a ZIP file (PKWARE APPNOTE 6.3) whose members are stored as they are, each a `.npy` file
/// of version 1.0. Their date is 1980-01-01, so that the same arrays give the same bytes.
public struct NPZWriter: ~Copyable {
  private var file: OutputFile
  private var directory: [UInt8] = []
  private var members = 0
  private var offset = 0
  /// The array that is being written.
  private var member: Member?

  private struct Member {
    /// Where its local header stands.
    let start: Int
    let name: [UInt8]
    let size: Int
    var checksum: Int
    /// The numbers that are still to come.
    var left: Int
  }

  /// Where a local header has its checksum.
  private static let checksumOffset = 14

  /// - Throws: As `OutputFile`.
  public init(path: String, replacing: Bool) throws {
    self.init(try OutputFile(path: path, replacing: replacing))
  }

  /// - Parameter file: A file, to which nothing has been written.
  public init(_ file: consuming OutputFile) {
    self.file = file
  }

  /// Adds an array.
  ///
  /// - Parameters:
  ///   - name: What `numpy.load` calls it; ASCII.
  ///   - scalars: In row-major order.
  /// - Throws: `OutputError` with `.notWritten`; `ArchiveSizeError`.
  public mutating func write(_ name: String, shape: [Int], scalars: [Float]) throws {
    try begin(name, shape: shape)
    try append(scalars)
    try end()
  }

  /// Adds an array of 32-bit integers.
  ///
  /// - Throws: As `write`.
  public mutating func write(_ name: String, shape: [Int], integers: [Int32]) throws {
    try begin(name, shape: shape, type: "<i4")
    try append(bytes: integers.withUnsafeBytes(Array.init), count: integers.count)
    try end()
  }

  /// Begins an array, whose scalars follow with `append`.
  ///
  /// - Throws: As `write`.
  /// - Precondition: No other array has been begun and not ended.
  public mutating func begin(_ name: String, shape: [Int]) throws {
    try begin(name, shape: shape, type: "<f4")
  }

  private mutating func begin(_ name: String, shape: [Int], type: String) throws {
    precondition(member == nil, "an array within another")
    let (header, count) = (Self.arrayHeader(shape, type: type), shape.reduce(1, *))
    try requireRoom(arrays: 1, scalars: count)
    let name = Array("\(name).npy".utf8)
    let size = header.count + 4 * count
    try file.write([0x50, 0x4b, 3, 4] + Self.entry(checksum: 0, size: size, name: name) + name)
    try file.write(header)
    member = Member(
      start: offset, name: name, size: size, checksum: Self.checksum(header), left: count)
  }

  /// Adds the next scalars of the array that has been begun.
  ///
  /// - Throws: As `write`.
  /// - Precondition: The array has room for them.
  public mutating func append(_ scalars: [Float]) throws {
    try append(bytes: scalars.withUnsafeBytes(Array.init), count: scalars.count)
  }

  private mutating func append(bytes: [UInt8], count: Int) throws {
    guard var member, count <= member.left else {
      preconditionFailure("\(count) numbers too many")
    }
    member.left -= count
    member.checksum = Self.checksum(bytes, after: member.checksum)
    self.member = member
    try file.write(bytes)
  }

  /// Ends the array that has been begun.
  ///
  /// - Throws: As `write`.
  /// - Precondition: All of its scalars have come.
  public mutating func end() throws {
    guard let member, member.left == 0 else { preconditionFailure("an array without its end") }
    let entry = Self.entry(checksum: member.checksum, size: member.size, name: member.name)
    try file.replace(
      at: member.start + Self.checksumOffset, with: Self.four(member.checksum))
    directory +=
      [0x50, 0x4b, 1, 2] + Self.two(20) + entry + Self.two(0) + Self.two(0) + Self.two(0)
    directory += Self.four(0) + Self.four(member.start) + member.name
    offset += 4 + entry.count + member.name.count + member.size
    members += 1
    self.member = nil
  }

  /// Refuses what passes the format's limit.
  ///
  /// - Throws: `ArchiveSizeError` if so many more arrays of so many scalars have no room.
  public func requireRoom(arrays: Int, scalars: Int) throws {
    let more = arrays * (1024 + 4 * scalars)
    guard offset + directory.count + more < Int(UInt32.max) else {
      throw ArchiveSizeError(file: file.path)
    }
  }

  /// Ends the archive: it can be put in its place.
  ///
  /// - Throws: `OutputError` with `.notWritten`.
  public consuming func finish() throws -> FinishedOutput {
    let counts = Self.two(0) + Self.two(0) + Self.two(members) + Self.two(members)
    let end = counts + Self.four(directory.count) + Self.four(offset) + Self.two(0)
    try file.write(directory + [0x50, 0x4b, 5, 6] + end)
    return try file.finish()
  }

  /// Puts the archive in its place.
  ///
  /// - Throws: `OutputError` with `.notWritten`.
  public consuming func commit() throws {
    try finish().commit()
  }

  /// What a member's local header and its entry in the directory share, from the version needed on.
  private static func entry(checksum: Int, size: Int, name: [UInt8]) -> [UInt8] {
    let format = two(20) + two(0) + two(0)  // version 2.0, no flags, stored
    let firstOfJanuary1980 = two(0) + two(1 << 5 | 1)
    return format + firstOfJanuary1980 + four(checksum) + four(size) + four(size)
      + two(name.count) + two(0)
  }

  /// The header of a `.npy` file, filled up to a multiple of 64 bytes.
  private static func arrayHeader(_ shape: [Int], type: String) -> [UInt8] {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + two(text.utf8.count) + Array(text.utf8)
  }

  private static func checksum(_ bytes: [UInt8], after before: Int = 0) -> Int {
    bytes.withUnsafeBytes { bytes in
      Int(
        crc32_z(UInt(before), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    }
  }

  private static func two(_ value: Int) -> [UInt8] {
    [UInt8(value & 255), UInt8(value >> 8 & 255)]
  }
  private static func four(_ value: Int) -> [UInt8] { two(value & 0xffff) + two(value >> 16) }
}
