import Foundation
import Genomics
import GenomicsIO
import Inference
import Models
import TestSupport
import Testing

/// All records of a VCF file.
func variants(of path: String) throws -> [Variant] {
  var reader = try VCFReader(path: path)
  var variants: [Variant] = []
  while let block = try reader.nextBlock() { variants += try block.records().map(\.variant) }
  return variants
}

/// The alternate haplotypes against those that `bcftools consensus` makes.
@Suite struct ConsensusTests {
  /// A stretch of a genome, and one allele that replaces some of it.
  private struct Case: Hashable {
    let bases: String
    let start: Int
    let reference: String
    let alternate: String

    /// All of the stretch with the allele, whatever spelling and centre the scorer gives it.
    func haplotype() throws -> String {
      let folder = TemporaryFolder()
      let genome = try Genome(path: folder.write(">s\n\(bases)\n", to: "g.fa"))
      let source = try #require(SequenceSource(genome: genome, name: "s", margin: 10))
      var change = AlleleChange(
        start: start, reference: try #require(EncodedSequence(reference)).codes,
        alternate: try #require(EncodedSequence(alternate)).codes)
      try change.normalize(in: source)
      let length = 2 * (bases.utf8.count + alternate.utf8.count) + 1
      let window = try change.haplotypes(flank: length, in: source).alternate.window(of: length)
      return ConsensusTests.trimmed(EncodedSequence(codes: Array(window)).text)
    }
  }

  /// Upper case, without the unknown bases at the ends, which may be what lies outside of the stretch.
  private static func trimmed(_ text: String) -> String {
    let bases = (EncodedSequence(text)?.text ?? "").drop { $0 == "N" }
    return String(bases.reversed().drop { $0 == "N" }.reversed())
  }

  /// Worked by hand: a substitution, an insertion, a deletion, several bases by others, a repeat.
  @Test func appliesAlleles() throws {
    let cases: [(Case, String)] = [
      (Case(bases: "ACGTTGCAAC", start: 4, reference: "T", alternate: "G"), "ACGTGGCAAC"),
      (Case(bases: "ACGTTGCAAC", start: 4, reference: "T", alternate: "TGG"), "ACGTTGGGCAAC"),
      (Case(bases: "ACGTTGCAAC", start: 3, reference: "TTGC", alternate: "T"), "ACGTAAC"),
      (Case(bases: "ACGTTGCAAC", start: 2, reference: "GTT", alternate: "ACCA"), "ACACCAGCAAC"),
      (Case(bases: "GTCACACACTG", start: 7, reference: "ACT", alternate: "T"), "GTCACACTG"),
      (Case(bases: "ACGTTGCAAC", start: 0, reference: "AC", alternate: "C"), "CGTTGCAAC"),
      (Case(bases: "ACGTTGCAAC", start: 9, reference: "C", alternate: "CTT"), "ACGTTGCAACTT"),
    ]
    for (allele, expected) in cases { #expect(try allele.haplotype() == expected, "\(allele)") }
  }

  private static let isPossible =
    SharedData.isPresent && (try? shell("command -v bcftools")) == 0

  private static func shell(_ line: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Each record of bcftools' own tests: on each sequence of theirs that has its reference allele, and,
  /// since many of their sequences are missing, between random bases.
  @Test(.enabled(if: isPossible)) func agreesWithBcftoolsOnItsCorpus() throws {
    let files = SharedData.files(below: "corpora/bcftools-test")
    let genomes = files.filter { $0.hasSuffix(".fa") }.compactMap { try? Genome(path: $0) }
    var cases: Set<Case> = []
    for path in files where path.hasSuffix(".vcf") {
      for record in try Self.lines(of: path) {
        for genome in genomes {
          cases.formUnion(try Self.cases(of: record, on: genome, named: record.sequence))
        }
        let flanks = [1, 2].map { randomBases(100, seed: $0).text }
        cases.formUnion(
          Self.cases(of: record, bases: flanks[0] + record.reference + flanks[1], start: 100))
      }
    }
    #expect(cases.count >= 440)
    try compare(Array(cases))
  }

  @Test(.enabled(if: isPossible)) func agreesWithBcftoolsOnCalledIndels() throws {
    let genome = try Genome(path: SharedData.path("data/genome/GRCh37.chr20.fa.gz"))
    let records = try variants(of: SharedData.path("data/variants/vt_normalize_in.vcf.gz"))
    let cases = try records.flatMap { try Self.cases(of: $0, on: genome, named: "20") }
    #expect(cases.count >= records.count)
    try compare(cases)
  }

  /// The records of a VCF file, of whatever can be read as one: some of the corpus are malformed.
  private static func lines(of path: String) throws -> [Variant] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
      let columns = line.split(separator: "\t").map(String.init)
      guard !line.hasPrefix("#"), columns.count > 4, let position = Int(columns[1]) else {
        return nil
      }
      return Variant(
        sequence: columns[0], position: position - 1, reference: columns[3],
        alternates: columns[4].split(separator: ",").map(String.init))
    }
  }

  /// The alleles of a record that are bases, on the stretch of the genome around it, where that has the
  /// reference allele.
  private static func cases(of record: Variant, on genome: Genome, named name: String) throws
    -> [Case]
  {
    guard let length = genome.length(of: name), record.position >= 0,
      record.interval.end <= length
    else { return [] }
    let start = max(0, record.position - 300)
    let end = min(length, record.interval.end + 300)
    let bases = try genome.bases(in: GenomicInterval(name, start: start, end: end)).text
    let found = try genome.bases(
      in: GenomicInterval(name, start: record.position, end: record.interval.end))
    guard let reference = EncodedSequence(record.reference), found == reference else { return [] }
    return cases(of: record, bases: bases, start: record.position - start)
  }

  /// The alleles of a record that are bases, on a stretch that has the reference allele at `start`.
  private static func cases(of record: Variant, bases: String, start: Int) -> [Case] {
    guard let bases = EncodedSequence(bases), let reference = EncodedSequence(record.reference)
    else { return [] }
    return record.alternates.filter { EncodedSequence($0) != nil }.map {
      Case(bases: bases.text, start: start, reference: reference.text, alternate: $0)
    }
  }

  /// Has bcftools apply all alleles in one run, each to a sequence of its own.
  private func compare(_ cases: [Case]) throws {
    let folder = TemporaryFolder()
    var fasta = ""
    var vcf = "##fileformat=VCFv4.2\n"
    var lines = ""
    for (index, allele) in cases.enumerated() {
      fasta += ">s\(index)\n\(allele.bases)\n"
      vcf += "##contig=<ID=s\(index)>\n"
      lines +=
        "s\(index)\t\(allele.start + 1)\t.\t\(allele.reference)\t\(allele.alternate)\t.\t.\t.\n"
    }
    vcf += "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" + lines
    let fastaPath = folder.write(fasta, to: "cases.fa")
    let vcfPath = folder.write(vcf, to: "cases.vcf")
    let status = try Self.shell(
      "cd '\(folder.path)' && bcftools view -Oz -o cases.vcf.gz '\(vcfPath)' && bcftools index cases.vcf.gz"
        + " && bcftools consensus -f '\(fastaPath)' -o out.fa cases.vcf.gz 2>words")
    let words = try? String(contentsOfFile: folder.path + "/words", encoding: .utf8)
    try #require(status == 0, "\(words ?? "")")
    let records = try String(contentsOfFile: folder.path + "/out.fa", encoding: .utf8)
      .split(separator: ">").map { $0.split(separator: "\n").dropFirst().joined() }
    try #require(records.count == cases.count)
    for (allele, record) in zip(cases, records) {
      #expect(try allele.haplotype() == Self.trimmed(record), "\(allele)")
    }
  }
}
