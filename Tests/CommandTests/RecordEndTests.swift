import Foundation
import TestSupport
import Testing

/// Records that INFO/END lets end where they don't: before their position, on another sequence, beyond what an
/// index or BCF can hold (htslib issue 428, bcftools issue 1154).
@Suite final class RecordEndTests {
  private let folder = TemporaryFolder()

  private static let header = """
    ##fileformat=VCFv4.2
    ##INFO=<ID=END,Number=1,Type=Integer,Description="e">
    ##INFO=<ID=SVTYPE,Number=1,Type=String,Description="e">
    ##contig=<ID=20,length=63025520>
    ##contig=<ID=other,length=1000>
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO

    """

  private func annotate(end: String, to name: String) throws -> Program {
    let records = """
      20\t421500\t.\tN\tA\t.\t.\t.
      other\t800\tb\tN\tN[20:421500[\t.\t.\tSVTYPE=BND;END=\(end)
      other\t900\t.\tN\tA\t.\t.\t.

      """
    let run = try Program(
      [
        "variants", "--model", Toy.model, "--vcf", "-", "--genome", Toy.slice, "--output",
        folder.path + "/" + name,
      ], input: Self.header + records)
    #expect(run.exitCode == 0, "\(run.words)")
    return run
  }

  private var names: Set<String> {
    get throws { Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) }
  }

  /// The limits: 2²⁹ for .tbi, 2³² for .csi of text; 2³¹ - 1 for numbers in BCF.
  @Test(arguments: [
    ("12", "x.vcf.gz", ".tbi"), ("12", "x.bcf", ".csi"),
    ("421500", "x.vcf.gz", ".tbi"), ("421500", "x.bcf", ".csi"),
    ("153010136", "x.vcf.gz", ".tbi"), ("153010136", "x.bcf", ".csi"),
    ("536870912", "x.vcf.gz", ".tbi"), ("536870913", "x.vcf.gz", ".csi"),
    ("600000000", "x.vcf.gz", ".csi"), ("600000000", "x.bcf", ".csi"),
    ("2147483647", "x.vcf.gz", ".csi"), ("2147483647", "x.bcf", ".csi"),
    ("3000000000", "x.vcf.gz", ".csi"), ("3000000000", "x.bcf", ".csi"),
    ("4294967296", "x.vcf.gz", ".csi"), ("9999999999", "x.bcf", ".csi"),
    ("99999999999999999999", "x.bcf", ".csi"),
  ])
  func theOutputIsWholeAndIndexed(end: String, name: String, suffix: String) throws {
    let run = try annotate(end: end, to: name)
    #expect(try names == [name, name + suffix])
    #expect(!run.words.contains("no index"), "\(run.words)")
    let isLost = name == "x.bcf" && (Int(end) ?? .max) > Int32.max
    #expect(
      run.words.contains(
        "of the record other:800 is missing, as BCF holds numbers up to 2147483647")
        == isLost, "\(run.words)")
    guard isFile("/usr/bin/bcftools") else { return }
    let count = try Program.shell(
      """
      cd \(folder.path)
      test $(bcftools view -H \(name) | wc -l) = 3 &&
        test $(bcftools view -H -r other:900-900 -i 'POS=900' \(name) | wc -l) = 1 &&
        test $(bcftools view -H -r 20:421500 \(name) | wc -l) = 1
      """)
    #expect(count.exitCode == 0, "\(count.words)")
  }

  @Test(arguments: ["4294967297", "9999999999", "99999999999999999999"])
  func anEndBeyondEveryIndexIsSaid(end: String) throws {
    let run = try annotate(end: end, to: "x.vcf.gz")
    #expect(try names == ["x.vcf.gz"])
    let shown = Int(end).map(String.init) ?? "\(Int.max)"
    #expect(
      run.words.contains(
        "x.vcf.gz: no index is written, the record other:800 reaches beyond 4294967296, where an index "
          + "ends: INFO/END=\(shown); mend that record and use `bcftools index`\n"), "\(run.words)")
  }

  @Test func aPositionBeyondBCFIsRefused() throws {
    let run = try Program(
      [
        "variants", "--model", Toy.model, "--vcf", "-", "--genome", Toy.slice, "--output",
        folder.path + "/x.bcf",
      ],
      input: Self.header + "20\t421500\t.\tN\tA\t.\t.\t.\nother\t3000000000\t.\tN\t<DEL>\t.\t.\t.\n"
    )
    #expect(run.exitCode == 65)
    #expect(
      run.words.contains("the record at other:3000000000 lies beyond 2147483647, where BCF ends"),
      "\(run.words)")
    #expect(try names.isEmpty)
  }

  /// The largest position that the reader takes, with a reference allele behind it.
  @Test func theLargestPositionIsNoTrap() throws {
    let run = try Program(
      ["variants", "--model", Toy.model, "--vcf", "-", "--genome", Toy.slice, "--output", "-"],
      input: Self.header + "other\t\(Int.max)\t.\tNNN\t<DEL>\t.\t.\t.\n")
    #expect(run.exitCode == 0, "\(run.words)")
  }

  /// htslib drops lines with a quoted IDX, and would make room for as many sequences as an IDX says.
  @Test(arguments: [("\"0\"", "\"1\""), ("1", "0"), ("2000000000", "7"), ("x", "-3"), ("0", "0")])
  func aSequenceWithAnIDXIsDeclared(first: String, second: String) throws {
    let path = folder.path + "/o.bcf"
    let run = try Program(
      ["variants", "--model", Toy.model, "--vcf", "-", "--genome", Toy.slice, "--output", path],
      input: """
        ##fileformat=VCFv4.2
        ##INFO=<ID=DP,IDX=\(first),Number=1,Type=Integer,Description="a, b=c",IDX=9>
        ##contig=<ID=other,IDX=\(first),length=3000>
        ##contig=<ID=20,length=63025520,IDX=\(second)>
        #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
        other\t5\t.\tN\tC\t.\t.\tDP=3
        20\t421500\t.\tN\tC\t.\t.\tDP=4

        """)
    #expect(run.exitCode == 0, "\(run.words)")
    // Our own reader prints a BCF file as VCF.
    let again = try Program([
      "variants", "--model", Toy.model, "--vcf", path, "--genome", Toy.slice, "--prefix", "B",
      "--output", "-",
    ])
    let records = rows(again.output).filter { !$0[0].hasPrefix("#") }
    #expect(records.map { $0[0] + ":" + $0[1] } == ["other:5", "20:421500"])
    #expect(records.map { $0[7].prefix(5) } == ["DP=3;", "DP=4;"])
    #expect(again.output.contains(#"Description="a, b=c">"#))
  }

  @Test(
    .enabled(if: SharedData.isPresent), arguments: ["hgend", "bigend", "endover"],
    ["vcf.gz", "bcf"])
  func fieldReportsAreWritten(name: String, ending: String) throws {
    let report = SharedData.path("corpora/field-reports/bnd-end-index/")
    let run = try Program([
      "variants", "--model", SharedData.path("corpora/field-reports/net.safetensors"), "--vcf",
      report + name + ".vcf", "--genome", report + "g.fa", "--on-ref-mismatch", "skip", "--output",
      "\(folder.path)/o.\(ending)",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(try names.count == (name == "endover" && ending == "vcf.gz" ? 1 : 2))
  }

  private func isFile(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
