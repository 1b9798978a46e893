import Genomics
import GenomicsIO
import Glibc
import TestSupport
import Testing

private let goldens = packageRoot + "/Tests/GenomicsIOTests/FASTA/Goldens/"

@Suite struct GenomeTests {
  let fasta: [UInt8]
  let index: [UInt8]

  init() throws {
    fasta = try contents(of: goldens + "toy.fa", step: 1 << 16)
    index = try contents(of: goldens + "toy.index", step: 1 << 16)
  }

  /// Every region of `toy.regions` has the bases that samtools gives.
  private func expectSamtoolsBases(of genome: Genome) throws {
    #expect(genome.sequences.map(\.name) == ["one", "two", "three"])
    #expect(genome.sequences.map(\.length) == [995, 300, 70])
    for region in try readFASTA(goldens + "toy.regions") {
      let interval = try #require(GenomicInterval(region: region.name))
      #expect(try genome.bases(in: interval) == region.bases, "\(region.name)")
    }
  }

  @Test func readsPlainFiles() throws {
    let folder = TemporaryFolder()
    let path = folder.write(fasta, to: "toy.fa")
    try expectSamtoolsBases(of: Genome(path: path))
    folder.write(index, to: "toy.fa.fai")
    try expectSamtoolsBases(of: Genome(path: path))
  }

  @Test(arguments: [7, 100, 60_000]) func readsBlockedFiles(blockLength: Int) throws {
    let folder = TemporaryFolder()
    let path = folder.write(Gzip.blocked(fasta, blockLength: blockLength), to: "toy.fa.gz")
    try expectSamtoolsBases(of: Genome(path: path))
    folder.write(index, to: "toy.fa.gz.fai")
    try expectSamtoolsBases(of: Genome(path: path))
    folder.write(blockIndex(blockLength: blockLength), to: "toy.fa.gz.gzi")
    try expectSamtoolsBases(of: Genome(path: path))
  }

  @Test func readsPlainGzip() throws {
    let folder = TemporaryFolder()
    let path = folder.write(Gzip.member(fasta), to: "toy.fa.gz")
    try expectSamtoolsBases(of: Genome(path: path))
    #expect(try Genome(inPlace: path) == nil)
    let blocked = folder.write(Gzip.blocked(fasta, blockLength: 100), to: "blocked.fa.gz")
    try expectSamtoolsBases(of: #require(try Genome(inPlace: blocked)))
  }

  /// Lines that no index describes.
  @Test(arguments: [
    ">a\nAC\nGTAC\nG\n", ">a\nAC\n\nGTACG\n", ">a\n\nACGTACG\n", ">a\nACGT \nACG\n",
    ">a\nACG T\nACG\n", ">a\nACGT\r\nACG\n", ">a\nACG\nTA\nCG\n",
  ])
  func readsIrregularLines(text: String) throws {
    let folder = TemporaryFolder()
    let genome = try Genome(path: folder.write(text, to: "a.fa"))
    #expect(try genome.bases(in: GenomicInterval("a", start: 2, end: 6)).text == "GTAC")
    #expect(genome.length(of: "a") == 7)
    #expect(genome.length(of: "b") == nil)
  }

  @Test func givesNoBasesForAnEmptyInterval() throws {
    let genome = try Genome(path: goldens + "toy.fa")
    #expect(try genome.bases(in: GenomicInterval("one", start: 995, end: 995)).count == 0)
  }

  @Test func refusesDuplicateNames() throws {
    let folder = TemporaryFolder()
    let path = folder.write(">a\nA\n>a\nC\n", to: "a.fa")
    #expect(throws: FASTAError(file: path, line: 3, .duplicateName("a"))) {
      try Genome(path: path)
    }
  }

  /// The `.gzi` of the file in blocks, by its definition.
  private func blockIndex(blockLength: Int) -> [UInt8] {
    var numbers: [Int] = []
    var offset = 0
    for start in stride(from: 0, to: fasta.count, by: blockLength) {
      let end = min(start + blockLength, fasta.count)
      offset += Gzip.block(fasta[start..<end]).count
      numbers += [offset, end]
    }
    return ([numbers.count / 2] + numbers).flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
  }
}

@Suite struct StaleIndexTests {
  let fasta = ">a\nACGTA\nCG\n>bc\nTTT\n"

  @Test func readsASoundIndex() throws {
    let folder = TemporaryFolder()
    let path = folder.write(fasta, to: "a.fa")
    folder.write("a\t7\t3\t5\t6\nbc\t3\t16\t3\t4\n", to: "a.fa.fai")
    let genome = try Genome(path: path)
    #expect(try genome.bases(in: GenomicInterval("a", start: 0, end: 7)).text == "ACGTACG")
    #expect(try genome.bases(in: GenomicInterval("bc", start: 0, end: 3)).text == "TTT")
  }

  @Test(arguments: [
    ("a\t7\t3\t5\t6\n", "a sequence is missing"),
    ("a\t7\t3\t5\t6\nb\t3\t16\t3\t4\n", "another name"),
    ("a\t7\t3\t5\t6\nbc\t2\t16\t3\t4\n", "too short"),
    ("a\t7\t3\t5\t6\nbc\t30\t16\t3\t4\n", "too long"),
    ("a\t8\t3\t5\t6\nbc\t3\t16\t3\t4\n", "another length"),
    ("a\t7\t4\t5\t6\nbc\t3\t16\t3\t4\n", "another offset"),
    ("a\t7\t3\t6\t7\nbc\t3\t16\t3\t4\n", "another width"),
    ("bc\t3\t16\t3\t4\na\t7\t3\t5\t6\n", "another order"),
  ])
  func refusesTheIndexOfAnotherFile(index: String, reason: String) throws {
    let folder = TemporaryFolder()
    let path = folder.write(fasta, to: "a.fa")
    folder.write(index, to: "a.fa.fai")
    let error = #expect(throws: IndexError.self, "\(reason)") { try Genome(path: path) }
    #expect(error?.file == path + ".fai")
    #expect(error?.description.contains("delete it or make it again") == true)
  }

  @Test(arguments: ["a\t7\t3\t5\n", "a\t7\t3\tx\t6\n", "a\t-7\t3\t5\t6\n", "a\t7\t3\t0\t0\n"])
  func refusesMalformedIndexes(index: String) throws {
    let folder = TemporaryFolder()
    let path = folder.write(fasta, to: "a.fa")
    folder.write(index, to: "a.fa.fai")
    #expect(throws: IndexError(file: path + ".fai", line: 1, .malformed)) {
      try Genome(path: path)
    }
  }

  /// Only reading shows that lines in the middle end elsewhere than the index says.
  @Test func findsShiftedLines() throws {
    let folder = TemporaryFolder()
    let path = folder.write(">a\nACGT\nAC\nGTACGT\nA\n", to: "a.fa")
    folder.write("a\t13\t3\t4\t5\n", to: "a.fa.fai")
    let genome = try Genome(path: path)
    #expect(try genome.bases(in: GenomicInterval("a", start: 0, end: 6)).text == "ACGTAC")
    for (start, end) in [(4, 7), (7, 9), (0, 13)] {
      #expect(throws: IndexError.self) {
        try genome.bases(in: GenomicInterval("a", start: start, end: end))
      }
    }
  }

  @Test(arguments: [
    [UInt8](repeating: 0, count: 7), [2, 0, 0, 0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0],
  ])
  func refusesAWrongBlockIndex(index: [UInt8]) throws {
    let folder = TemporaryFolder()
    let path = folder.write(Gzip.blocked(fasta.utf8, blockLength: 10), to: "a.fa.gz")
    folder.write(index, to: "a.fa.gz.gzi")
    let error = #expect(throws: IndexError.self) { try Genome(path: path) }
    #expect(error?.file == path + ".gzi")
  }

  /// The index leaves a block out; its neighbour then seems longer than it is.
  @Test func findsAMissingBlock() throws {
    let folder = TemporaryFolder()
    let path = folder.write(Gzip.blocked(fasta.utf8, blockLength: 10), to: "a.fa.gz")
    let second = 2 * Gzip.block(fasta.utf8.prefix(10)).count
    folder.write(
      [1, 0, 0, 0, 0, 0, 0, 0, UInt8(second)] + [0, 0, 0, 0, 0, 0, 0, 20]
        + [0, 0, 0, 0, 0, 0, 0], to: "a.fa.gz.gzi")
    folder.write("a\t7\t3\t5\t6\nbc\t3\t16\t3\t4\n", to: "a.fa.gz.fai")
    #expect(throws: IndexError.self) { try Genome(path: path) }
  }

  @Test func findsCorruptBlocks() throws {
    let folder = TemporaryFolder()
    var bytes = Gzip.blocked(fasta.utf8, blockLength: 100)
    bytes[27] ^= 1
    let path = folder.write(bytes, to: "a.fa.gz")
    folder.write("a\t7\t3\t5\t6\nbc\t3\t16\t3\t4\n", to: "a.fa.gz.fai")
    #expect(throws: ByteError.self) { try Genome(path: path) }
    for index in 16..<bytes.count - 28 {
      var changed = Gzip.blocked(fasta.utf8, blockLength: 100)
      changed[index] ^= 2
      folder.write(changed, to: "a.fa.gz")
      #expect(throws: (any Error).self, "byte \(index)") { try Genome(path: path) }
    }
    let uncut = Gzip.blocked(fasta.utf8, blockLength: 100)
    folder.write(uncut.dropLast(28), to: "a.fa.gz")
    #expect(throws: ByteError.self) { try Genome(path: path) }
  }
}

@Suite struct GenomeSharingTests {
  /// Eight tasks read the same 400 windows in different orders, each as its file has it.
  @Test func readsFromManyTasks() async throws {
    let folder = TemporaryFolder()
    let letters = Array("ACGT".utf8)
    let bases = (0..<50_000).map { (index: Int) in letters[index * index / 7 % 4] }
    let fasta = ">a\n" + String(decoding: bases, as: UTF8.self) + "\n"
    let path = folder.write(Gzip.blocked(fasta.utf8, blockLength: 30), to: "a.fa.gz")
    let genome = try Genome(path: path)
    let expected = EncodedSequence(letters: bases)!
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 1...8 {
        group.addTask {
          for index in 0..<400 {
            let start = index * 7919 * task % 49_900
            let found = try genome.bases(in: GenomicInterval("a", start: start, end: start + 100))
            #expect(found == expected[start..<start + 100])
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// A pipe can only be read on, from its start.
  @Test func readsAPipe() async throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    let writer = Task.detached {
      let descriptor = open(path, O_WRONLY)
      let text = Array(">a\nACGT\n".utf8)
      _ = write(descriptor, text, text.count)
      close(descriptor)
    }
    let genome = try Genome(path: path)
    #expect(try genome.bases(in: GenomicInterval("a", start: 1, end: 3)).text == "CG")
    await writer.value
  }
}
