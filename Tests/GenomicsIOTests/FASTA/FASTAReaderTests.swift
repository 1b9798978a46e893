import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct FASTAReaderTests {
  /// Each form means the same two records.
  @Test(arguments: [
    ">a one\nACGTNACG\n>b\nTTTT\n", ">a\tone\r\nACGTN\r\nACG\r\n>b\r\nTTTT\r\n",
    ">a\rACGTN\rACG\r>b\rTTTT", "\n\n>a\n\nACGTRACG\n\n\n>b\nTT\nTT\n\n", "> a\nacgunacg\n>b\nuuuu",
    ">a\nA\nCGTN\nAC \nG\t\n>b \nT TTT\n", "\u{feff}>a\nACGTNACG\n>b\nTTTT",
  ])
  func readsRecords(text: String) throws {
    let folder = TemporaryFolder()
    let expected = [("a", "ACGTNACG"), ("b", "TTTT")].map {
      DNASequence(name: $0, bases: EncodedSequence($1)!)
    }
    #expect(try readFASTA(folder.write(text, to: "a.fa")) == expected)
    #expect(try readFASTA(folder.write(Gzip.member(text.utf8), to: "b.fa")) == expected)
  }

  @Test func keepsDuplicateNames() throws {
    let folder = TemporaryFolder()
    let records = try readFASTA(folder.write(">a\nA\n>a\nC\n", to: "a.fa"))
    #expect(records.map(\.name) == ["a", "a"])
    #expect(records.map(\.bases.text) == ["A", "C"])
  }

  @Test(
    arguments: [
      ("", nil, .empty), ("\n \n", nil, .empty), ("ACGT\n", 1, .noHeader(firstByte: 65)),
      ("\n@r\nACGT\n", 2, .noHeader(firstByte: 64)), (">\nACGT\n", 1, .noName),
      ("<x>", 1, .noHeader(firstByte: 60)), (";x\n>a\nA\n", 1, .noHeader(firstByte: 59)),
      (">a\n>b\nA\n", 1, .noBases(name: "a")), (">a\nA\n>b\n", 3, .noBases(name: "b")),
      (">p\nACGT\nMKVL\n", 3, .notABase(byte: 76)), (">a\r\nAC\r\nA1\r\n", 3, .notABase(byte: 49)),
      (">a\nAC>GT\n", 2, .notABase(byte: 62)), (">a\nA\u{0}C\n", 2, .notABase(byte: 0)),
      (">a\nAC-GT\n", 2, .notABase(byte: 45)),
    ] as [(String, Int?, FASTAProblem)])
  func refuses(text: String, line: Int?, problem: FASTAProblem) throws {
    let folder = TemporaryFolder()
    let path = folder.write(text, to: "a.fa")
    #expect(throws: FASTAError(file: path, line: line, problem)) { try readFASTA(path) }
    #expect(throws: FASTAError.self) { try Genome(path: path) }
  }

  @Test func namesAreUTF8() throws {
    let folder = TemporaryFolder()
    let path = folder.write([0x3e, 0x61, 0xff, 0x0a, 0x41, 0x0a], to: "a.fa")
    #expect(throws: FASTAError(file: path, line: 1, .nameNotUTF8)) { try readFASTA(path) }
  }

  @Test func wordsItsErrors() {
    let error = FASTAError(file: "a.fa", line: 2, .notABase(byte: 76))
    #expect(
      error.description
        == "a.fa:2: \"L\" is no nucleotide letter; give DNA or RNA in IUPAC letters")
  }
}

@Suite struct GenomeStreamTests {
  let text = ">a x\nACGTA\nCGT\n\n>b\nNNA\n>c\nACGT\n"

  /// Whatever the chunk's length, the chunks join to the same sequences.
  @Test(arguments: [1, 2, 3, 4, 5, 8, 9, 100]) func joinsToTheSame(chunkLength: Int) throws {
    let folder = TemporaryFolder()
    var stream = try GenomeStream(path: folder.write(text, to: "a.fa"), chunkLength: chunkLength)
    var bases: [String: [UInt8]] = [:]
    var finished: [String] = []
    while let chunk = try stream.next() {
      #expect(chunk.start == bases[chunk.sequence, default: []].count)
      #expect(chunk.codes.count == chunkLength || chunk.isLast)
      bases[chunk.sequence, default: []] += chunk.codes
      if chunk.isLast { finished.append(chunk.sequence) }
    }
    #expect(finished == ["a", "b", "c"])
    #expect(bases == ["a": [0, 1, 2, 3, 0, 1, 2, 3], "b": [4, 4, 0], "c": [0, 1, 2, 3]])
  }

  /// The sequences of a genome differ in name; those of a training set need not.
  @Test func namesOfAGenomeAreUnique() throws {
    let folder = TemporaryFolder()
    let path = folder.write(">a\nACGT\n>b\nA\n>a x\nAC\n", to: "a.fa")
    let error = FASTAError(file: path, line: 5, .duplicateName("a"))
    #expect(throws: error) {
      var stream = try GenomeStream(path: path, chunkLength: 2)
      while try stream.next() != nil {}
    }
    #expect(throws: error) { try sequenceLengths(ofFASTA: path) }
    #expect(try GenomicsIO.readFASTA(path).map(\.name) == ["a", "b", "a"])
  }

  /// Lines longer than the stream's buffer of 262,144 bytes, and line ends around its end.
  @Test(arguments: 262_139...262_146) func joinsBuffers(length: Int) throws {
    let folder = TemporaryFolder()
    let line = String(repeating: "ACGT", count: length / 4 + 1).prefix(length)
    for end in ["\n", "\r\n", "\r"] {
      let records = try readFASTA(
        folder.write(">a\(end)\(line)\(end)>b\(end)\(line)\(end)X", to: "a.fa"), failingAt: 5)
      #expect(records.map(\.length) == [length])
    }
  }

  /// The records before the one that fails at `line`.
  private func readFASTA(_ path: String, failingAt line: Int) throws -> [DNASequence] {
    var reader = try FASTAReader(path: path)
    var records: [DNASequence] = []
    #expect(throws: FASTAError(file: path, line: line, .notABase(byte: 88))) {
      while let record = try reader.next() { records.append(record) }
    }
    return records
  }
}
