import Genomics
import Glibc

/// Reads VCF, plain or gzip or BGZF, and BCF; the path `-` is the standard input.
///
/// Records are lines of text: what isn't changed on purpose is written again byte for byte. A BCF
/// file gives the lines that bcftools prints for it. CHROM to ALT, the syntax of INFO and FORMAT and
/// the number of columns are checked in each line; QUAL, FILTER and the samples' values aren't read.
public struct VCFReader: ~Copyable {
  public let header: VCFHeader
  private var lines: VCFLines
  /// The number of lines that were read.
  private var lineCount: Int

  /// - Throws: `ByteError`; `VCFError` where the header is malformed.
  public init(path: String) throws {
    var lines = try VCFLines(path: path)
    let header = try VCFHeader(file: lines.name) { try lines.next() }
    lineCount = header.lines.count
    self.header = header
    self.lines = lines
  }

  /// How much of the file has been read.
  public var progress: ReadingProgress { lines.progress }

  /// The next lines; `nil` after the last one.
  ///
  /// - Parameters:
  ///   - count: The most lines wanted, 1 or more.
  ///   - bytes: How long all of them may be together; a longer line comes alone.
  /// - Throws: `ByteError`, and `VCFError` for BCF, where the file can't be read on.
  public mutating func nextBlock(of count: Int = 4096, bytes: Int = 4 << 20) throws -> VCFBlock? {
    var block: [[UInt8]] = []
    var size = 0
    while block.count < count, size < bytes, let line = try lines.next() {
      block.append(line)
      size += line.count
    }
    defer { lineCount += block.count }
    return block.isEmpty ? nil : VCFBlock(header: header, lines: block, firstLine: lineCount + 1)
  }
}

/// Consecutive lines behind a VCF file's header. They are parsed when their records are asked for,
/// so that threads may share a block.
public struct VCFBlock: Sendable {
  private let header: VCFHeader
  private let lines: [[UInt8]]
  /// The number of the first line, counted from 1.
  private let firstLine: Int

  fileprivate init(header: VCFHeader, lines: [[UInt8]], firstLine: Int) {
    self.header = header
    self.lines = lines
    self.firstLine = firstLine
  }

  /// The number of lines.
  public var count: Int { lines.count }

  /// The file, as messages call it.
  var file: String { header.file }

  /// The records of some of the lines, or of all. Empty lines are skipped.
  ///
  /// - Throws: `VCFError` with the line.
  public func records(_ range: Range<Int>? = nil) throws -> [VCFRecord] {
    var records: [VCFRecord] = []
    for index in range ?? 0..<count where !withoutReturn(lines[index]).isEmpty {
      do {
        records.append(
          try VCFRecord(
            text: lines[index], line: firstLine + index, columnCount: header.columnCount))
      } catch {
        throw VCFError(file: header.file, line: firstLine + index, error)
      }
    }
    return records
  }
}

/// The lines of a VCF file, or of the one that a BCF file stands for.
private struct VCFLines: ~Copyable {
  let name: String
  let progress: ReadingProgress
  private var text: ByteLines
  /// `nil` for a text file.
  private var binary: BCFLines?

  init(path: String) throws {
    var text = try ByteLines(path: path)
    if text.starts(with: BCFLines.signature) {
      let lines = try BCFLines(
        descriptor: Self.descriptor(of: &text, path: path), name: text.name)
      progress = lines.progress
      binary = consume lines
    } else {
      progress = text.progress
      binary = nil
    }
    name = text.name
    self.text = text
  }

  mutating func next() throws -> [UInt8]? {
    binary == nil ? try text.next() : try binary?.next()
  }

  /// Opens a file from its start once more; what can be read only once is copied to a file for that.
  private static func descriptor(of lines: inout ByteLines, path: String) throws -> Int32 {
    guard lines.isPlainFile else { return try lines.spooled() }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ByteError(file: path, .unreadable(code: errno)) }
    return descriptor
  }
}
