import Foundation
import Genomics
import GenomicsIO
import TestSupport
import Testing

/// A header of eight columns, or of more where samples are named.
func vcfHeader(_ meta: String..., samples: [String] = []) -> String {
  let columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
  let lines =
    ["##fileformat=VCFv4.2"] + meta
    + [(columns + (samples.isEmpty ? [] : ["FORMAT"] + samples)).joined(separator: "\t")]
  return lines.joined(separator: "\n") + "\n"
}

/// All records of a file.
func vcfRecords(of path: String) throws -> [VCFRecord] {
  var reader = try VCFReader(path: path)
  var records: [VCFRecord] = []
  while let block = try reader.nextBlock(of: 2) { records += try block.records() }
  return records
}

@Suite struct VCFReaderTests: ~Copyable {
  let folder = TemporaryFolder()

  /// The problem that reading a file of this text ends with, and its line.
  private func problem(_ text: String) throws -> VCFError? {
    let path = folder.file("bad.vcf", holding: text)
    return #expect(throws: VCFError.self) { try vcfRecords(of: path) }
  }

  @Test func readsCoordinatesAndAlleles() throws {
    let path = folder.file(
      "in.vcf",
      holding: vcfHeader("##contig=<ID=20,length=63025520>") + """
        20\t14370\trs1;rs2\tG\tA\t29\tPASS\tDP=14;DB
        20\t0\t.\tN\t.\t.\t.\t.
        chr\u{e9}\t7\t.\tacR\tac,<DEL:ME>,*,G]17:198982],[<c>:1[A,.T,A.,C<c>\t.\t.\tX
        """)
    let variants = try vcfRecords(of: path).map(\.variant)
    #expect(
      variants == [
        Variant(sequence: "20", position: 14369, reference: "G", alternates: ["A"]),
        Variant(sequence: "20", position: -1, reference: "N", alternates: []),
        Variant(
          sequence: "chr\u{e9}", position: 6, reference: "acR",
          alternates: ["ac", "<DEL:ME>", "*", "G]17:198982]", "[<c>:1[A", ".T", "A.", "C<c>"]),
      ])
  }

  @Test func keepsLinesAndTheirNumbers() throws {
    let path = folder.file(
      "in.vcf", holding: vcfHeader() + "1\t5\t.\tA\tC\t.\t.\t.\r\n\n1\t6\t.\tA\tC\t.\t.\t.")
    let records = try vcfRecords(of: path)
    #expect(records.map(\.line) == [3, 5])
    #expect(
      records.map(\.text) == [
        Array("1\t5\t.\tA\tC\t.\t.\t.\r".utf8), Array("1\t6\t.\tA\tC\t.\t.\t.".utf8),
      ])
  }

  @Test func readsAFileWithoutRecords() throws {
    let path = folder.file("in.vcf", holding: vcfHeader("##source=none", samples: ["a", "b"]))
    #expect(try vcfRecords(of: path) == [])
    #expect(try VCFReader(path: path).header.sampleNames == ["a", "b"])
  }

  @Test(arguments: [
    (["1 a", "5", ".", "A", "C"], VCFProblem.chromosome("1 a")),
    (["1,2", "5", ".", "A", "C"], .chromosome("1,2")),
    (["<1", "5", ".", "A", "C"], .chromosome("<1")),
    (["", "5", ".", "A", "C"], .emptyColumn("CHROM")),
    (["1", ".", ".", "A", "C"], .position(".")),
    (["1", "-1", ".", "A", "C"], .position("-1")),
    (["1", "+1", ".", "A", "C"], .position("+1")),
    (["1", "1e3", ".", "A", "C"], .position("1e3")),
    (["1", "99999999999999999999", ".", "A", "C"], .position("99999999999999999999")),
    (["1", "5", "a;", "A", "C"], .identifier("a;")),
    (["1", "5", "a b", "A", "C"], .identifier("a b")),
    (["1", "5", ".", ".", "C"], .reference(".")),
    (["1", "5", ".", "A,C", "C"], .reference("A,C")),
    (["1", "5", ".", "AZ", "C"], .reference("AZ")),
    (["1", "5", ".", "A", ""], .emptyColumn("ALT")),
    (["1", "5", ".", "A", "C,,T"], .alternate("C,,T")),
    (["1", "5", ".", "A", "C,."], .alternate("C,.")),
    (["1", "5", ".", "A", "C*"], .alternate("C*")),
    (["1", "5", ".", "A", "<>"], .alternate("<>")),
    (["1", "5", ".", "A", "<A>B>"], .alternate("<A>B>")),
    (["1", "5", ".", "A", "[1:100["], .alternate("[1:100[")),
    (["1", "5", ".", "A", "A[1:100]"], .alternate("A[1:100]")),
    (["1", "5", ".", "A", "A[1:100[C"], .alternate("A[1:100[C")),
    (["1", "5", ".", "A", "A[1["], .alternate("A[1[")),
  ])
  func refusesBadColumns(columns: [String], expected: VCFProblem) throws {
    let line = (columns + [".", ".", "."]).joined(separator: "\t")
    let error = try problem(vcfHeader() + "1\t1\t.\tA\tC\t.\t.\t.\n" + line + "\n")
    #expect(error?.problem == expected)
    #expect(error?.line == 4)
  }

  @Test func refusesBadCountsAndEntries() throws {
    #expect(
      try problem(vcfHeader() + "1\t5\t.\tA\tC\t.\t.\n")?.problem
        == .columnCount(found: 7, expected: 8))
    #expect(
      try problem(vcfHeader() + "1 5 . A C . . .\n")?.problem
        == .columnCount(found: 1, expected: 8))
    #expect(try problem(vcfHeader() + "1\t5\t.\tA\tC\t.\t.\tA;;B\n")?.problem == .info(""))
    #expect(try problem(vcfHeader() + "1\t5\t.\tA\tC\t.\t.\tA B=1\n")?.problem == .info("A B=1"))
    #expect(try problem(vcfHeader() + "1\t5\t.\tA\tC\t.\t.\t=1\n")?.problem == .info("=1"))
    let start = vcfHeader(samples: ["s"]) + "1\t5\t.\tA\tC\t.\t.\t.\t"
    #expect(try problem(start + "GT::DP\t0\n")?.problem == .format("GT::DP"))
    #expect(try problem(start + "GT:DP\t0:1:2\n")?.problem == .sampleFields("0:1:2"))
    #expect(
      try problem(start + "GT\t0\t1\n")?.problem == .columnCount(found: 11, expected: 10))
  }

  @Test func refusesABadHeader() throws {
    #expect(try problem("")?.problem == .noFileFormat)
    #expect(try problem("chr1\t1\t2\n")?.problem == .noFileFormat)
    #expect(try problem("##fileformat=VCF v4.2\n")?.problem == .noFileFormat)
    #expect(try problem("##fileformat=VCFv4.2\n")?.problem == .noColumnLine)
    #expect(try problem("##fileformat=VCFv4.2\n1\t5\t.\tA\tC\t.\t.\t.\n")?.line == 2)
    #expect(
      try problem("##fileformat=VCFv4.2\n#CHROM POS ID REF ALT QUAL FILTER INFO\n")?.problem
        == .columnLine)
    #expect(try problem(vcfHeader(samples: ["a", "a"]))?.problem == .sampleName("a"))
    #expect(try problem(vcfHeader("##words"))?.line == 2)
    #expect(
      try problem(vcfHeader("##INFO=<ID=A,Number=N,Type=Integer,Description=\"\">"))?.problem
        == .metaLine("has a bad Number \"N\""))
  }

  @Test func wordsErrors() throws {
    let error = try problem(vcfHeader() + "1\t.\t.\tA\tC\t.\t.\t.\n")
    #expect(
      error?.description
        == "\(folder.file("bad.vcf")):3: POS \".\" is no position; write a whole number from 0 on")
    #expect(error?.kind == .badData)
    #expect(throws: ByteError(file: "none.vcf", .missing)) { _ = try VCFReader(path: "none.vcf") }
  }

  /// bgzip and bcftools are the oracles.
  @Test func readsBGZFAndBCF() throws {
    let text =
      vcfHeader("##contig=<ID=20>", "##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">")
      + (1...5000).map { "20\t\($0)\trs\($0)\tA\tC,<DEL>\t.\t.\tDP=\($0)\n" }.joined()
    let path = folder.file("in.vcf", holding: text)
    let expected = try vcfRecords(of: path)
    guard try output(of: "bgzip", "-k", path) != nil,
      try output(of: "bcftools", "view", "-Ob", "-o", folder.file("in.bcf"), path) != nil,
      try output(of: "bcftools", "view", "-Ou", "-o", folder.file("plain.bcf"), path) != nil
    else { return }
    #expect(try vcfRecords(of: folder.file("in.vcf.gz")) == expected)
    for name in ["in.bcf", "plain.bcf"] {
      #expect(try vcfRecords(of: folder.file(name)).map(\.text) == expected.map(\.text))
    }
  }

  /// A pipe can't be read twice, as telling BCF from text needs.
  @Test func readsStandardInput() async throws {
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      let path = folder.file(
        "in.vcf", holding: vcfHeader("##contig=<ID=20>") + "20\t5\t.\tA\tC\t.\t.\t.\n")
      let expected = try vcfRecords(of: path)
      for format in ["v", "z", "b", "u"] {
        let name = folder.file(format)
        guard try output(of: "bcftools", "view", "-O", format, "-o", name, path) != nil else {
          return
        }
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let content = try bytes(ofFile: name)
        #expect(write(ends[1], content, content.count) == content.count)
        close(ends[1])
        dup2(ends[0], STDIN_FILENO)
        #expect(try vcfRecords(of: "-").map(\.variant) == expected.map(\.variant))
      }
    }
  }

  /// Each byte in turn spoilt: htslib may find fault or not, but must not crash.
  @Test func survivesADamagedBCF() throws {
    let path = folder.file(
      "in.vcf",
      holding: vcfHeader(
        "##contig=<ID=20>", "##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">",
        "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">", samples: ["s"])
        + "20\t5\trs1\tA\tC\t3\tPASS\tDP=7\tGT\t0/1\n20\t9\t.\tAC\tA\t.\t.\t.\tGT\t.\n")
    guard try output(of: "bcftools", "view", "-Ou", "-o", folder.file("in.bcf"), path) != nil
    else { return }
    let sound = try bytes(ofFile: folder.file("in.bcf"))
    for index in sound.indices.dropFirst(5) {
      for mask in [0x01, 0x80, 0xff] as [UInt8] {
        var bytes = sound
        bytes[index] ^= mask
        try Data(bytes).write(to: URL(fileURLWithPath: folder.file("bad.bcf")))
        do {
          _ = try vcfRecords(of: folder.file("bad.bcf"))
        } catch {
          #expect(error is any Failure)
        }
      }
    }
  }

  /// Wherever a compressed file is cut off, reading it ends in an error.
  @Test func refusesTruncatedFiles() throws {
    let text =
      vcfHeader("##contig=<ID=20>")
      + (1...20_000).map { "20\t\($0)\trs\($0 &* 7919)\tA\tC\t.\t.\t.\n" }.joined()
    let path = folder.file("in.vcf", holding: text)
    guard try output(of: "bgzip", "-k", path) != nil,
      try output(of: "bcftools", "view", "-Ob", "-o", folder.file("in.bcf"), path) != nil
    else { return }
    for name in ["in.vcf.gz", "in.bcf"] {
      let whole = try bytes(ofFile: folder.file(name))
      for length in [18, 100, whole.count / 2, whole.count - 28, whole.count - 1] {
        let cut = folder.file("cut")
        try Data(whole[..<length]).write(to: URL(fileURLWithPath: cut))
        let error = #expect(throws: (any Error).self, "\(name) cut to \(length)") {
          try vcfRecords(of: cut)
        }
        #expect((error as? any Failure)?.kind == .badData)
      }
    }
  }
}
