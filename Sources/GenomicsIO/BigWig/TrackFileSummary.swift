import Genomics

/// What a bigWig or a bigBed file holds.
public struct TrackFileSummary: Codable, Equatable, Sendable {
  public enum Format: String, Codable, Sendable { case bigWig, bigBed }

  public let format: Format
  /// The sequences that may have data, and their bases.
  public let sequences, bases: Int
  /// The bases with a value, or under an interval.
  public let covered: Int
  /// Of values, or of the numbers of intervals over a base; missing if no base is covered.
  public let minimum, maximum, mean: Double?
  public let zoomLevels: Int
  /// The intervals of a bigBed file, and the fields of each.
  public let intervals, fields: Int?

  private static let signatures: [(format: Format, bytes: [UInt8])] = [
    (.bigWig, [0x26, 0xfc, 0x8f, 0x88]), (.bigBed, [0xeb, 0xf2, 0x89, 0x87]),
  ]

  /// The format of a file that begins so; `nil` for another.
  static func format(of start: some Collection<UInt8>) -> Format? {
    signatures.first { start.starts(with: $0.bytes) }?.format
  }

  /// Reads the header, and expands every block.
  ///
  /// - Throws: `ByteError`.
  public init(path: String) throws {
    let file = try InputFile(path: path)
    let header = try file.bytes(at: 0, count: 64)
    guard let format = Self.format(of: header) else {
      throw BigWigReader.corrupt(file, "no header of bigWig or bigBed")
    }
    self.format = format
    zoomLevels = header.number(at: 6, bytes: 2)
    let known = try BigWigReader.sequences(treeAt: header.number(at: 8, bytes: 8), in: file)
    (sequences, bases) = (known.count, known.reduce(0) { $0 + $1.length })
    let total = try file.bytes(at: header.number(at: 44, bytes: 8), count: 40)
    func figure(_ field: Int) -> Double {
      Double(bitPattern: UInt64(bitPattern: Int64(total.number(at: 8 * field, bytes: 8))))
    }
    let covered = total.number(at: 0, bytes: 8)
    self.covered = covered
    minimum = covered > 0 ? figure(1) : nil
    maximum = covered > 0 ? figure(2) : nil
    mean = covered > 0 ? figure(3) / Double(covered) : nil
    let isBed = format == .bigBed
    fields = isBed ? header.number(at: 32, bytes: 2) : nil
    intervals =
      isBed
      ? try file.bytes(at: header.number(at: 16, bytes: 8), count: 8).number(at: 0, bytes: 8) : nil
    try Self.checkBlocks(of: file, header: header)
  }

  /// - Throws: `ByteError` if a block is damaged.
  private static func checkBlocks(of file: InputFile, header: [UInt8]) throws {
    let most = header.number(at: 52, bytes: 4)
    let entries = try BigWigReader.leaves(
      below: header.number(at: 24, bytes: 8) &+ 48, leafSize: 32, innerSize: 24, in: file)
    for block in entries.map(BigWigBlock.init) {
      let stored = try file.bytes(at: block.offset, count: block.size)
      guard most == 0 || BigWigFile.expanded(stored, most: most) != nil else {
        throw BigWigReader.corrupt(file, "a block can't be expanded")
      }
    }
  }
}
