import Genomics
import GenomicsIO
import TestSupport
import Testing

/// Files given in another's place. The signatures are those of the formats' own specifications.
@Suite struct FileKindTests {
  private static func zip(_ name: String) -> [UInt8] {
    [0x50, 0x4b, 3, 4, 20, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 16)
      + [UInt8(name.utf8.count), 0, 0, 0] + Array(name.utf8)
  }

  private static let tar =
    Array("a.fa".utf8) + [UInt8](repeating: 0, count: 253) + Array("ustar\u{0}00".utf8)

  static let binaries: [(phrase: String, start: [UInt8])] = [
    ("a BAM file", Array("BAM".utf8) + [1, 0, 0, 0, 0]),
    ("a CRAM file", Array("CRAM".utf8) + [3, 0]),
    ("an index of another file", Array("TBI".utf8) + [1, 1, 0, 0, 0]),
    ("a 2bit file", [0x43, 0x27, 0x41, 0x1a, 0, 0, 0, 0]),
    ("a 2bit file", [0x1a, 0x41, 0x27, 0x43, 0, 0, 0, 0]),
    ("a bigBed file", [0xeb, 0xf2, 0x89, 0x87, 4, 0]),
    ("a bigWig file", [0x26, 0xfc, 0x8f, 0x88, 4, 0]),
    ("an HDF5 file", [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]),
    ("a NumPy array", [0x93] + Array("NUMPY".utf8) + [1, 0]),
    ("an archive of NumPy arrays", zip("x.npy")),
    ("a model or data of PyTorch", zip("archive/data.pkl")),
    ("a model or data of PyTorch", [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9]),
    ("an Excel workbook (.xlsx)", zip("[Content_Types].xml")),
    ("an Excel workbook (.xls)", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    ("a tar archive", tar), ("zip-compressed", zip("peaks.bed")),
    ("data of R", Array("RDX3\n".utf8)),
  ]

  static let texts: [(phrase: String, text: String)] = [
    ("a web page", "\n<!DOCTYPE html>\n<html>"), ("a web page", "\u{feff}<HTML><body>404"),
    ("a web page", "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC>"),
    ("a server's message of an error", "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>"),
    ("a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
  ]

  /// Whoever reads the file, plain or gzipped, says what it is and what to give.
  private func expect(_ phrase: String, of start: [UInt8]) throws {
    let folder = TemporaryFolder()
    for bytes in [start, Gzip.member(start), Gzip.blocked(start, blockLength: 100)] {
      let path = folder.write(bytes, to: "a")
      for read in [
        { _ = try readFASTA(path) }, { _ = try Genome(path: path) }, { _ = try readPeaks(path) },
        { _ = try readTable(path) }, { _ = try VCFReader(path: path) }, { _ = try readBytes(path) },
      ] as [() throws -> Void] {
        let error = #expect(throws: ByteError.self) { try read() }
        let words = error.map { "\($0)" } ?? ""
        #expect(words.contains(": is \(phrase)") && words.contains("; "), "\(words)")
        #expect(error?.kind == .badData)
      }
    }
  }

  @Test(arguments: binaries.indices) func binaryFilesAreNamed(index: Int) throws {
    try expect(Self.binaries[index].phrase, of: Self.binaries[index].start)
  }

  @Test(arguments: texts.indices) func downloadsThatFailedAreNamed(index: Int) throws {
    try expect(Self.texts[index].phrase, of: Array(Self.texts[index].text.utf8))
  }

  /// 640 bytes of header begin like a pickle; those of a seqcnn model may be any number.
  @Test(arguments: [0x280, 0x3080, 0x480]) func safetensorsIsReadWhateverItsHeadersLength(
    length: Int
  ) throws {
    let header = [UInt8(length & 255), UInt8(length >> 8), 0, 0, 0, 0, 0, 0]
    let bytes = header + Array("{".utf8) + [UInt8](repeating: 0x20, count: length - 1)
    let folder = TemporaryFolder()
    #expect(try readBytes(folder.write(bytes, to: "m")) == bytes)
  }

  private static let sam = "@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:100\n"
  private static let fastq = "@r1\nACGT\n+\nIIII\n"
  private static let gff = "#!genome-build GRCh38\nchr1\tsrc\tgene\t1\t10\t.\t+\t.\tID=g1\n"
  private static let vcf = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"

  @Test(arguments: [
    (sam, "SAM"), (fastq, "FASTQ"), (gff, "GFF"), (vcf, "VCF"),
    ("MEME version 5\n", "motifs of MEME"),
    ("LOCUS       AB1 20 bp\n", "GenBank"), ("BCF\u{2}\u{2}", "BCF"),
  ]) func otherTextIsNamedWhereFASTAOrBEDIsDue(text: String, name: String) throws {
    let folder = TemporaryFolder()
    let path = folder.write(text, to: "a")
    for read in [
      { _ = try readFASTA(path) }, { _ = try Genome(path: path) }, { _ = try readPeaks(path) },
    ]
      as [() throws -> Void]
    {
      let error = #expect(throws: ByteError.self) { try read() }
      #expect(error.map { "\($0)".contains(": is \(name)") } == true)
    }
  }

  @Test func eachIsReadWhereItIsDue() throws {
    let folder = TemporaryFolder()
    #expect(try readFASTA(folder.write(">@HD\nACGT\n", to: "a")).count == 1)
    #expect(throws: Never.self) { _ = try VCFReader(path: folder.write(Self.vcf, to: "v")) }
    #expect(throws: ByteError.self) { try readPeaks(folder.write(">a\nACGT\n", to: "b")) }
    #expect(throws: ByteError.self) { try readTable(folder.write(">a\nACGT\n", to: "c")) }
    // A region may be on a sequence with such a name, and a comment may say anything.
    #expect(try readPeaks(folder.write("BAMBI\t1\t5\n#VCF\nCRAM1\t1\t5\n", to: "d")).count == 2)
  }

  @Test func aFileOfSettingsHasALimit() throws {
    let folder = TemporaryFolder()
    let path = folder.write([UInt8](repeating: 0x20, count: 3 << 20), to: "a.json")
    #expect(try readBytes(path, limit: 3 << 20).count == 3 << 20)
    #expect(throws: ByteError(file: path, .tooLarge(limit: 2 << 20))) {
      try readBytes(path, limit: 2 << 20)
    }
    #expect(throws: ByteError(file: "/dev/zero", .tooLarge(limit: 1 << 20))) {
      try readBytes("/dev/zero", limit: 1 << 20)
    }
    // What a gzip file expands to counts.
    let zipped = folder.write(
      Array(repeating: Gzip.member([UInt8](repeating: 0x20, count: 60_000)), count: 20).joined(),
      to: "b.gz")
    #expect(throws: ByteError(file: zipped, .tooLarge(limit: 1 << 20))) {
      try readBytes(zipped, limit: 1 << 20)
    }
  }
}
