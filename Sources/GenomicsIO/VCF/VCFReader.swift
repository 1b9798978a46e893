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
  /// The line that `next()` read last, counted from 1.
  public private(set) var lineNumber: Int

  /// - Throws: `ByteError`; `VCFError` where the header is malformed.
  public init(path: String) throws {
    var lines = try VCFLines(path: path)
    let header = try VCFHeader(file: lines.name) { try lines.next() }
    lineNumber = header.lines.count
    self.header = header
    self.lines = lines
  }

  /// The header's lines, without their ends; the last one is the `#CHROM` line.
  public var headerLines: [String] { header.textLines }

  /// The next record; `nil` after the last one. Empty lines are skipped.
  ///
  /// - Throws: `VCFError` with the line; `ByteError` where the file can't be read on.
  public mutating func next() throws -> VCFRecord? {
    while let text = try lines.next() {
      lineNumber += 1
      guard !withoutReturn(text).isEmpty else { continue }
      do {
        return try VCFRecord(text: text, line: lineNumber, columnCount: header.columnCount)
      } catch {
        throw VCFError(file: header.file, line: lineNumber, error)
      }
    }
    return nil
  }
}

/// The lines of a VCF file, or of the one that a BCF file stands for.
private struct VCFLines: ~Copyable {
  let name: String
  private var text: ByteLines
  /// `nil` for a text file.
  private var binary: BCFLines?

  init(path: String) throws {
    var text = try ByteLines(path: path)
    binary =
      text.starts(with: BCFLines.signature)
      ? try BCFLines(descriptor: Self.descriptor(of: &text, path: path), name: text.name) : nil
    name = text.name
    self.text = text
  }

  mutating func next() throws -> [UInt8]? {
    binary == nil ? try text.next() : try binary?.next()
  }

  /// Opens a file from its start once more; a pipe is copied to a file for that.
  private static func descriptor(of lines: inout ByteLines, path: String) throws -> Int32 {
    if path == "-" { return try lines.spooled() }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ByteError(file: path, .unreadable(code: errno)) }
    return descriptor
  }
}
