import Genomics

/// Reads the lines of a text file, gzip or not, or of standard input for the path `-`.
///
/// A line ends with LF, CRLF or a lone CR; the last one needs none. A UTF-8 byte order mark is
/// dropped. Memory is bounded by the longest line.
public struct LineReader: ~Copyable {
  private var bytes: ByteReader
  private var buffer: [UInt8]
  private var position: Int
  private var end: Int
  /// The number of the line that `next()` returned last, counted from 1; 0 before the first.
  public private(set) var lineNumber = 0
  /// The offset in the expanded file of the first byte that `next()` has not consumed.
  private(set) var offset: Int

  /// - Throws: `ByteError`, also for UTF-16 text.
  public init(path: String) throws {
    var bytes = try ByteReader(path: path)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = try bytes.read(into: &buffer)
    let start = try TextEncoding.start(of: buffer[..<count], file: bytes.name)
    self.bytes = bytes
    self.buffer = buffer
    (position, offset, end) = (start, start, count)
  }

  /// The path, or `standard input`: what messages call the file.
  public var name: String { bytes.name }

  /// Refuses a file whose beginning is certainly of another format; asked before the first line.
  ///
  /// - Throws: `ByteError` with `.foreign`.
  func expect(_ format: TextFormat) throws {
    try TextFormat.expect(format, in: buffer[position..<end], file: name)
  }

  /// The next line without its end; `nil` after the last one.
  ///
  /// - Throws: `ByteError` if the file can't be read on.
  public mutating func next() throws -> [UInt8]? {
    if position == end { try refill() }
    guard position < end else { return nil }
    var line: [UInt8] = []
    lineNumber += 1
    while position < end {
      let stop = lineEnd()
      line += buffer[position..<stop]
      offset += stop - position
      position = stop
      if stop < end {
        try skipLineEnd()
        break
      }
      try refill()
    }
    return line
  }

  /// The index of the next LF or CR in the buffer, or its end.
  private func lineEnd() -> Int {
    buffer.withUnsafeBufferPointer { buffer in
      var index = position
      while index < end, buffer[index] != lineFeed, buffer[index] != carriageReturn { index += 1 }
      return index
    }
  }

  private mutating func skipLineEnd() throws {
    let isCarriageReturn = buffer[position] == carriageReturn
    skipByte()
    guard isCarriageReturn else { return }
    if position == end { try refill() }
    if position < end, buffer[position] == lineFeed { skipByte() }
  }

  private mutating func skipByte() {
    position += 1
    offset += 1
  }

  private mutating func refill() throws {
    position = 0
    end = try bytes.read(into: &buffer)
  }
}

let lineFeed = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")

enum TextEncoding {
  /// Where the text starts in the first bytes of a file: behind a UTF-8 byte order mark.
  ///
  /// - Throws: `ByteProblem.utf16`.
  static func start(of bytes: ArraySlice<UInt8>, file: String) throws -> Int {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      throw ByteError(file: file, .utf16)
    }
    return bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }
}
