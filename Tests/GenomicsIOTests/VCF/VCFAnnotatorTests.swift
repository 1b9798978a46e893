import Foundation
import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct VCFAnnotatorTests: ~Copyable {
  let folder = TemporaryFolder()
  let score = VCFInfoField(
    key: "SEQ_DIFF", number: "A", type: .float, description: "Alternate minus \"reference\"")

  /// Writes a file anew, with a score on each record.
  private func annotate(_ path: String, to name: String) throws {
    var reader = try VCFReader(path: path)
    let annotator = try VCFAnnotator(header: reader.header, adding: [score])
    var lines = annotator.header
    while let block = try reader.nextBlock() {
      for record in try block.records() {
        let values = record.variant.alternates.map { _ in "0.5" }.joined(separator: ",")
        try annotator.append(
          record, adding: values.isEmpty ? [] : Array("SEQ_DIFF=\(values)".utf8), to: &lines)
      }
    }
    var output = try OutputFile(
      path: folder.file(name), replacing: true, compression: OutputFile.Compression(path: name))
    try output.write(lines)
    try output.commit()
  }

  /// What `annotate` wrote, without what it added, the long way round: by text.
  private func stripped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("##INFO=<ID=SEQ_DIFF,") }
      .map {
        $0.replacing(#/\t(?:[.])?SEQ_DIFF=[0-9.,]+/#, with: "\t.")
          .replacing(#/;SEQ_DIFF=[0-9.,]+/#, with: "")
      }
      .joined(separator: "\n")
  }

  @Test func addsEntriesAndNothingElse() throws {
    let records = [
      "1\t5\t.\ta\tc,T\t1e1\tq10;s50\tDP=014;X=a b;DB\tGT\t0/1",
      "un declared\t5".replacing(" ", with: "_") + "\t.\tA\tC\t.\tnew\t.\tGT\t./.",
      "1\t2\t.\tA\t.\t.\t.\tEND=7;\tGT:\u{e9}\t.",
    ]
    let text =
      vcfHeader("##note=\u{e9}  kept", samples: ["s"])
      + records.map { $0 + "\n" }.joined()
    let path = folder.file("in.vcf", holding: text)
    try annotate(path, to: "out.vcf")
    let lines = try self.text("out.vcf").split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "##fileformat=VCFv4.2", "##note=\u{e9}  kept",
        #"##INFO=<ID=SEQ_DIFF,Number=A,Type=Float,Description="Alternate minus \"reference\"">"#,
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts",
        "1\t5\t.\ta\tc,T\t1e1\tq10;s50\tDP=014;X=a b;DB;SEQ_DIFF=0.5,0.5\tGT\t0/1",
        "un_declared\t5\t.\tA\tC\t.\tnew\tSEQ_DIFF=0.5\tGT\t./.",
        records[2],
      ])
    #expect(stripped(try self.text("out.vcf")) == text)
  }

  private func text(_ name: String) throws -> String {
    try GenomicsIOTests.text(ofFile: folder.file(name))
  }

  @Test func keepsCarriageReturnsAndBytesThatAreNoUTF8() throws {
    let input =
      Array(vcfHeader("##note=\u{1}").replacing("\n", with: "\r\n").utf8).map {
        $0 == 1 ? 0xff : $0
      }
      + Array("1\t5\t.\tA\tC\t.\t.\tDP=1\r\n".utf8)
    let path = folder.file("in.vcf")
    try Data(input).write(to: URL(fileURLWithPath: path))
    try annotate(path, to: "out.vcf")
    let lines = try bytes(ofFile: folder.file("out.vcf")).split(separator: 10)
    #expect(lines.allSatisfy { $0.last == 13 })
    #expect(lines[1].elementsEqual(Array("##note=".utf8) + [0xff, 13]))
    #expect(lines.last?.elementsEqual("1\t5\t.\tA\tC\t.\t.\tDP=1;SEQ_DIFF=0.5\r".utf8) == true)
  }

  @Test func refusesAKeyThatIsTaken() throws {
    let declared = folder.file(
      "declared.vcf",
      holding: vcfHeader("##INFO=<ID=SEQ_DIFF,Number=1,Type=Float,Description=\"x\">"))
    #expect(throws: VCFError(file: declared, .infoTaken("SEQ_DIFF"))) {
      try annotate(declared, to: "out.vcf")
    }
    let used = folder.file(
      "used.vcf", holding: vcfHeader() + "1\t5\t.\tA\tC\t.\t.\tDP=1;SEQ_DIFF=3\n")
    #expect(throws: VCFError(file: used, line: 3, .infoTaken("SEQ_DIFF"))) {
      try annotate(used, to: "out.vcf")
    }
    #expect(try folder.names == ["declared.vcf", "used.vcf"])
  }

  /// bcftools reads what was written, and finds the scores where they belong.
  @Test func bcftoolsReadsTheOutput() throws {
    let path = folder.file(
      "in.vcf",
      holding: vcfHeader("##contig=<ID=20>")
        + "20\t5\t.\tA\tC,T\t.\t.\t.\n20\t9\t.\tG\tT\t.\t.\t.\n")
    try annotate(path, to: "out.vcf.gz")
    guard
      let text = try output(
        of: "bcftools", "query", "-f", "%POS %SEQ_DIFF\\n", folder.file("out.vcf.gz"))
    else { return }
    #expect(text == "5 0.5,0.5\n9 0.5\n")
  }
}
