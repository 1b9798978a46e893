import Foundation
import Genomics
import GenomicsIO
import TestSupport
import Testing

/// What the specification allows and few programs write.
@Suite struct VCFOddityTests: ~Copyable {
  let folder = TemporaryFolder()

  private func records(_ text: String) throws -> [VCFRecord] {
    try vcfRecords(of: folder.write(text, to: "x.vcf"))
  }

  /// VCF 4.3, section 1.6.1: symbolic alleles hold anything but whitespace, commas and angle brackets.
  @Test(arguments: [
    "<DUP[2]>", "<[>", "<]>", "<A]B:7[>", "<DUP:TANDEM>", "<*>", "<a=b;c>", "<'\"#$%&()>", "<é>",
    "A<ctg[1]>", "<.>",
  ])
  func symbolicAllelesHoldAnything(allele: String) throws {
    let found = try records(vcfHeader() + "1\t5\t.\tA\t\(allele),C\t.\t.\t.\n")
    #expect(found[0].variant.alternates == [allele, "C"])
  }

  @Test(arguments: ["<>", "<A", "A>", "<A B>", "<A\u{B}>", "<A<B>>", "<A>B", "[A>", "<A>[1:2["])
  func othersAreRefused(allele: String) {
    #expect(throws: VCFError.self) {
      try records(vcfHeader() + "1\t5\t.\tA\t\(allele)\t.\t.\t.\n")
    }
  }

  @Test(
    arguments: [
      ("END=7", 7), ("DP=1;END=7;X", 7), ("END=007", 7), ("END=7,9", 7),
      ("END=99999999999999999999", .max),
      ("XEND=7", nil), ("END", nil), ("END=", nil), ("END=.", nil), ("END=-3", nil),
      ("DP=END=7", nil),
      (".", nil), ("CIEND=0,0;END=7", 7), ("END=7;", 7),
    ] as [(String, Int?)])
  func endsAreRead(info: String, end: Int?) throws {
    #expect(try records(vcfHeader() + "1\t5\t.\tA\tC\t.\t.\t\(info)\n")[0].statedEnd == end)
  }

  @Test func lengthsOfContigsAreRead() throws {
    let path = folder.write(
      vcfHeader(
        "##contig=<ID=a,length=7>", "##contig=<length=\"8\",ID=b,IDX=3>", "##contig=<ID=c>",
        "##contig=<ID=d,length=x>",
        "##INFO=<ID=length,Number=1,Type=Integer,Description=\"length=9\">"),
      to: "h.vcf")
    let contigs = try VCFReader(path: path).header.contigs
    #expect(
      contigs == [GenomeSequence(name: "a", length: 7), GenomeSequence(name: "b", length: 8)])
  }
}
