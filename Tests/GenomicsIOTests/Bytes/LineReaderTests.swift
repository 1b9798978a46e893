import Genomics
import GenomicsIO
import TestSupport
import Testing

func lines(of path: String) throws -> [String] {
  var reader = try LineReader(path: path)
  var lines: [String] = []
  while let line = try reader.next() {
    lines.append(String(decoding: line, as: UTF8.self))
    #expect(reader.lineNumber == lines.count)
  }
  return lines
}

@Suite struct LineReaderTests {
  @Test(arguments: [
    ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb", ["a", "", "b"]),
    ("a\r\nb\r\n", ["a", "b"]), ("a\rb\r", ["a", "b"]), ("a\r\r\nb", ["a", "", "b"]),
    ("a\nb\r\nc\rd", ["a", "b", "c", "d"]), ("\u{feff}a\nb\n", ["a", "b"]), ("\u{feff}", []),
  ])
  func splitsLines(text: String, expected: [String]) throws {
    let folder = TemporaryFolder()
    #expect(try lines(of: folder.write(text, to: "a")) == expected)
    #expect(try lines(of: folder.write(Gzip.member(text.utf8), to: "a.gz")) == expected)
  }

  /// Line ends at, before and behind the end of the reader's buffer of 65,536 bytes.
  @Test(arguments: 65_533...65_538) func joinsBuffers(length: Int) throws {
    let folder = TemporaryFolder()
    let long = String(repeating: "x", count: length)
    for end in ["\n", "\r\n", "\r"] {
      let path = folder.write(long + end + long + end + "tail", to: "a")
      #expect(try lines(of: path) == [long, long, "tail"])
    }
  }

  @Test(arguments: [[0xff, 0xfe, 0x61, 0], [0xfe, 0xff, 0, 0x61]] as [[UInt8]])
  func refusesUTF16(bytes: [UInt8]) throws {
    let folder = TemporaryFolder()
    let path = folder.write(bytes, to: "a")
    #expect(throws: ByteError(file: path, .utf16)) { try lines(of: path) }
  }
}
