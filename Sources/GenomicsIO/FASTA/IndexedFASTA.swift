import Genomics
import Glibc

/// A plain or BGZF FASTA file, read through an index.
struct IndexedFASTA: Sendable {
  let records: [FASTAIndex.Record]
  private let name: String
  /// The `.fai` beside the file; `nil` if the index was made in memory.
  private let indexPath: String?
  private let bytes: Bytes

  /// The most bytes that may stand between two sequences.
  private static let longestHeader = 1 << 20

  private enum Bytes {
    case plain(InputFile, size: Int)
    case blocked(BGZFFile)

    /// The length of the expanded file.
    var size: Int {
      switch self {
      case .plain(_, let size): size
      case .blocked(let file): file.size
      }
    }

    func read(_ range: Range<Int>) throws -> [UInt8] {
      switch self {
      case .plain(let file, _): try file.bytes(at: range.lowerBound, count: range.count)
      case .blocked(let file): try file.bytes(in: range)
      }
    }
  }

  /// - Returns: `nil` for a file that can't be read anywhere, or whose lines no index describes.
  /// - Throws: `ByteError`, `FASTAError`, `IndexError`.
  init?(path: String) throws {
    guard !isPipe(path) else { return nil }
    let file = try InputFile(path: path)
    guard let size = file.size else { return nil }
    let start = try file.bytes(at: 0, count: min(256, size))
    if start.starts(with: [0x1f, 0x8b]) {
      guard BGZF.sizes(of: start) != nil else { return nil }
      let indexPath = isFile(path + ".gzi") ? path + ".gzi" : nil
      bytes = .blocked(try BGZFFile(file, size: size, indexPath: indexPath))
    } else {
      bytes = .plain(file, size: size)
    }
    name = file.name
    if isFile(path + ".fai") {
      indexPath = path + ".fai"
      records = try FASTAIndex.read(path + ".fai").records
      try checkIndex()
    } else {
      guard let index = try FASTAIndex.make(of: path) else { return nil }
      indexPath = nil
      records = index.records
    }
  }

  /// The codes of a range of bases of a record.
  func codes(of index: Int, in range: Range<Int>) throws -> [UInt8] {
    guard !range.isEmpty else { return [] }
    let record = records[index]
    let from = record.offset(of: range.lowerBound)
    let text = try bytes.read(from..<record.offset(of: range.upperBound - 1) + 1)
    let table = EncodedSequence.codeOfLetter
    var codes: [UInt8] = []
    codes.reserveCapacity(range.count)
    var position = 0
    while position < text.count {
      let column = (range.lowerBound + codes.count) % record.lineBases
      let lineEnd = min(position + record.lineBases - column, text.count)
      for byte in text[position..<lineEnd] { codes.append(table[Int(byte)]) }
      position = min(lineEnd + record.lineWidth - record.lineBases, text.count)
      guard text[lineEnd..<position].allSatisfy(isSpace) else { throw mismatch(record) }
    }
    if let bad = codes.firstIndex(where: { $0 > EncodedSequence.unknown }) {
      let byte = text[record.offset(of: range.lowerBound + bad) - from]
      if indexPath != nil && isSpace(byte) { throw mismatch(record) }
      throw FASTAError(file: name, .notABase(byte: byte))
    }
    return codes
  }

  /// Checks that each record stands behind a header with its name, that its first line and it end
  /// where the index says, and that the last one ends with the file.
  private func checkIndex() throws {
    var end = 0
    for record in records {
      guard record.offset > end, record.offset - end <= Self.longestHeader,
        record.end <= bytes.size, try name(between: end, and: record.offset) == record.name,
        try record.length == 0 || isLineEnd(behind: record.end)
      else { throw mismatch(record) }
      if record.length > record.lineBases {
        guard try isLineEnd(behind: record.offset + record.lineBases) else {
          throw mismatch(record)
        }
      }
      end = record.end
    }
    guard bytes.size - end <= Self.longestHeader,
      try bytes.read(end..<bytes.size).allSatisfy(isSpace)
    else {
      throw IndexError(
        file: indexPath ?? name, .stale(what: "does not list all of \(name.quoted)"))
    }
  }

  /// The name in the one header that stands between two offsets; `nil` if anything else does.
  private func name(between start: Int, and end: Int) throws -> String? {
    var text = try bytes.read(start..<end)[...]
    if start == 0, text.starts(with: [0xef, 0xbb, 0xbf]) { text = text.dropFirst(3) }
    text = text.drop(while: isSpace)
    let header = text.prefix { $0 != lineFeed && $0 != carriageReturn }
    guard header.first == UInt8(ascii: ">"), header.endIndex < text.endIndex,
      text[header.endIndex...].allSatisfy(isSpace)
    else { return nil }
    return try? sequenceName(inHeader: header)
  }

  /// Whether a base stands before an offset, and the line or the file ends there.
  private func isLineEnd(behind offset: Int) throws -> Bool {
    let text = try bytes.read(offset - 1..<min(offset + 1, bytes.size))
    return !isSpace(text[0]) && text.dropFirst().allSatisfy(isSpace)
  }

  private func mismatch(_ record: FASTAIndex.Record) -> IndexError {
    IndexError(
      file: indexPath ?? name,
      .stale(what: "puts sequence \(record.name.quoted) where \(name.quoted) has something else"))
  }
}

private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// Whether a path is standard input or a pipe with a name, which can be read only once; not a pipe that is
/// kept.
package func isPipe(_ path: String) -> Bool {
  var status = stat()
  guard KeptPipes.path(of: path) == nil else { return false }
  return path == "-" || stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
}

private func isSpace(_ byte: UInt8) -> Bool {
  byte == lineFeed || byte == carriageReturn || byte == UInt8(ascii: " ")
    || byte == UInt8(ascii: "\t")
}
