import Genomics
import Glibc

/// The lines of a file, gzip or not, byte for byte: only the line feed that ends a line is left out,
/// so that a line can be written again as it was.
struct ByteLines: ~Copyable {
  private var bytes: ByteReader
  private var buffer: [UInt8]
  private var position = 0
  private var end: Int

  init(path: String) throws {
    var bytes = try ByteReader(path: path)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    end = try bytes.read(into: &buffer)
    self.buffer = buffer
    self.bytes = bytes
  }

  var name: String { bytes.name }

  var progress: ReadingProgress { bytes.progress }

  /// Whether the bytes that were not read yet start so; asked before the first line.
  func starts(with signature: [UInt8]) -> Bool {
    buffer[position..<end].starts(with: signature)
  }

  mutating func next() throws -> [UInt8]? {
    var line: [UInt8] = []
    while try !isAtEnd() {
      let rest = buffer[position..<end]
      guard let stop = rest.firstIndex(of: lineFeed) else {
        line += rest
        position = end
        continue
      }
      line += rest[..<stop]
      position = stop + 1
      return line
    }
    return line.isEmpty ? nil : line
  }

  /// Whether the file can be opened once more and read from its start.
  var isPlainFile: Bool { bytes.isPlainFile }

  /// Copies what is left to a file without a name.
  ///
  /// - Returns: Its descriptor, at its start, which the caller closes.
  mutating func spooled() throws -> Int32 {
    let descriptor = try unnamedFile(beside: "-")
    do {
      while try !isAtEnd() {
        let code = writeAll(Array(buffer[position..<end]), to: descriptor)
        guard code == 0 else { throw ByteError(file: name, .notCopied(code: code)) }
        position = end
      }
      guard lseek(descriptor, 0, SEEK_SET) == 0 else {
        throw ByteError(file: name, .notCopied(code: errno))
      }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  private mutating func isAtEnd() throws -> Bool {
    if position == end {
      position = 0
      end = try bytes.read(into: &buffer)
    }
    return end == 0
  }
}
