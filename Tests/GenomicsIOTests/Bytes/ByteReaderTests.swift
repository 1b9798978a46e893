import Genomics
import GenomicsIO
import TestSupport
import Testing

/// Everything that a reader gives, read in pieces of `step` bytes.
func contents(of path: String, step: Int = 7) throws -> [UInt8] {
  var reader = try ByteReader(path: path)
  var buffer = [UInt8](repeating: 0, count: step)
  var contents: [UInt8] = []
  while case let count = try reader.read(into: &buffer), count > 0 { contents += buffer[..<count] }
  return contents
}

@Suite struct ByteReaderTests {
  let text = Array("The quick brown fox\njumps over the lazy dog\n".utf8)

  @Test(arguments: [1, 7, 1 << 16]) func readsPlainFiles(step: Int) throws {
    let folder = TemporaryFolder()
    #expect(try contents(of: folder.write(text, to: "a"), step: step) == text)
    #expect(try contents(of: folder.write("", to: "empty"), step: step).isEmpty)
    #expect(try contents(of: folder.write([0x1f], to: "one"), step: step) == [0x1f])
  }

  /// The members are made by hand from RFC 1952; the name of the file has no say.
  @Test(arguments: [1, 7, 1 << 16]) func expandsGzip(step: Int) throws {
    let folder = TemporaryFolder()
    let member = Gzip.member(text)
    let forms: [[UInt8]] = [
      member, Gzip.member(text[..<9]) + Gzip.member([]) + Gzip.member(text[9...]),
      Gzip.member([]) + member, member + [UInt8](repeating: 0, count: 100_000),
      Gzip.blocked(text, blockLength: 10), member + Gzip.blocked([], blockLength: 10),
      Gzip.blocked(text[..<9], blockLength: 10) + Gzip.blocked(text[9...], blockLength: 10),
    ]
    for form in forms {
      #expect(try contents(of: folder.write(form, to: "a.txt"), step: step) == text)
    }
  }

  @Test func refusesEveryTruncation() throws {
    let folder = TemporaryFolder()
    for whole in [Gzip.member(text), Gzip.blocked(text, blockLength: 10)] {
      for count in 2..<whole.count {
        let path = folder.write(whole[..<count], to: "cut")
        #expect(throws: ByteError(file: path, .truncated)) { try contents(of: path) }
      }
    }
  }

  @Test func refusesEveryChangedByteOfContents() throws {
    let folder = TemporaryFolder()
    let whole = Gzip.member(text)
    for index in 10..<whole.count {
      var changed = whole
      changed[index] ^= 2
      let path = folder.write(changed, to: "changed")
      #expect(throws: ByteError.self, "byte \(index)") { try contents(of: path) }
    }
  }

  /// Everything behind the block's size; what stands before says what the file is.
  @Test func refusesEveryChangedByteOfABlock() throws {
    let folder = TemporaryFolder()
    let whole = Gzip.blocked(text, blockLength: 100)
    for index in 16..<whole.count - 28 {
      var changed = whole
      changed[index] ^= 2
      let path = folder.write(changed, to: "changed")
      #expect(throws: ByteError.self, "byte \(index)") { try contents(of: path) }
    }
  }

  /// More than is read at a time, in blocks of all sizes, with members between that are no blocks.
  @Test(arguments: [1000, 65_537, 1 << 20]) func expandsManyBlocks(step: Int) throws {
    let folder = TemporaryFolder()
    let text = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 1009) }
    var (form, start): ([UInt8], Int) = ([], 0)
    for count in (1...).lazy.map({ 7919 * $0 % 60_001 }) {
      let part = text[start..<min(start + count, text.count)]
      form += count % 5 == 0 ? Gzip.member(part) : Gzip.block(part)
      start += part.count
      if start == text.count { break }
    }
    let path = folder.write(form + Gzip.block([]), to: "many.gz")
    #expect(try contents(of: path, step: step) == text)
  }

  @Test func refusesWhatFollows() throws {
    let folder = TemporaryFolder()
    let path = folder.write(Gzip.member(text) + Array("junk".utf8), to: "a.gz")
    #expect(throws: ByteError(file: path, .trailingBytes)) { try contents(of: path) }
    let late = folder.write(Gzip.member(text) + [0, 0, 1], to: "b.gz")
    #expect(throws: ByteError(file: late, .trailingBytes)) { try contents(of: late) }
  }

  @Test func refusesAWrongBlockSize() throws {
    let folder = TemporaryFolder()
    var bytes = Gzip.blocked(text, blockLength: 100)
    bytes[16] -= 1
    let path = folder.write(bytes, to: "a.gz")
    #expect(throws: ByteError(file: path, .corrupt(reason: "wrong block size"))) {
      try contents(of: path)
    }
    bytes[16] += 2
    folder.write(bytes, to: "a.gz")
    #expect(throws: ByteError(file: path, .corrupt(reason: "wrong block size"))) {
      try contents(of: path)
    }
  }

  @Test(arguments: [
    ("zstd", [0x28, 0xb5, 0x2f, 0xfd]), ("xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
    ("bzip2", Array("BZh91AY&SY".utf8)), ("zip", Array("PK\u{3}\u{4}".utf8)),
  ])
  func namesOtherCompression(method: String, signature: [UInt8]) throws {
    let folder = TemporaryFolder()
    let path = folder.write(signature + [UInt8](repeating: 0, count: 20), to: "a.gz")
    let kind = ByteProblem.foreign(
      kind: "\(method)-compressed", mend: "decompress it or gzip it")
    #expect(throws: ByteError(file: path, kind)) { try contents(of: path) }
  }

  @Test func saysWhyAFileCannotBeOpened() {
    let folder = TemporaryFolder()
    let missing = folder.path + "/missing"
    #expect(throws: ByteError(file: missing, .missing)) { try contents(of: missing) }
    #expect(throws: ByteError(file: folder.path, .directory)) { try contents(of: folder.path) }
    #expect(ByteProblem.missing.kind == .noInput)
    #expect(ByteProblem.unreadable(code: 5).kind == .inputOutput)
    #expect(ByteProblem.truncated.kind == .badData)
  }

  /// FIPS 180-2, appendix B.1, and the digest of nothing.
  @Test func digestsFiles() throws {
    let folder = TemporaryFolder()
    #expect(
      try sha256(ofFile: folder.write("abc", to: "abc"))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      try sha256(ofFile: folder.write("", to: "empty"))
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}

@Suite(.enabled(if: SharedData.isPresent)) struct GzipCorpusTests {
  @Test(arguments: ["good-file", "multi"]) func expandsAsFlate2Expects(name: String) throws {
    let folder = "corpora/gzip-flate2/tests/"
    let expected = try contents(of: SharedData.path(folder + name + ".txt"))
    #expect(try contents(of: SharedData.path(folder + name + ".gz")) == expected)
  }

  /// gzip 1.12 refuses these too.
  @Test(arguments: ["CVE-2002-0059", "CVE-2004-0797", "CVE-2005-1849", "CVE-2005-2096"])
  func refusesCorruptStreams(name: String) {
    let path = SharedData.path("corpora/gzip-zlib-ng/test/\(name)/test.gz")
    #expect(throws: ByteError.self) { try contents(of: path) }
  }
}
