import Foundation
import TestSupport
import Testing

@Suite final class VariantIndexTests {
  private let folder = TemporaryFolder()

  private func annotate(_ records: [String], to name: String) throws -> Program {
    let header = """
      ##fileformat=VCFv4.2
      ##contig=<ID=20>
      ##contig=<ID=other>
      #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO

      """
    let lines = records.map { "\($0)\t.\tN\tA\t.\t.\t.\n" }.joined()
    let run = try Program(
      [
        "variants", "--model", Toy.model, "--vcf", "-", "--genome", Toy.slice, "--force",
        "--output", folder.path + "/" + name,
      ], input: header + lines)
    #expect(run.exitCode == 0, "\(run.words)")
    return run
  }

  private var names: Set<String> {
    get throws { Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) }
  }

  private static let sorted =
    ["other\t7"] + (0..<3000).map { "20\t\(421_000 + $0 / 2 * 10)" }

  /// Records at 421500, 421510 and 421520, two of each, as bcftools finds them.
  @Test(arguments: [("x.vcf.gz", ".tbi"), ("x.bcf", ".csi")])
  func bcftoolsReadsARegion(name: String, suffix: String) throws {
    let run = try annotate(Self.sorted, to: name)
    #expect(!run.words.contains("index"))
    #expect(try names == [name, name + suffix])
    guard isFile("/usr/bin/bcftools") else { return }
    let count = try Program.shell(
      "test $(bcftools view -H -r 20:421500-421520 \(folder.path)/\(name) | wc -l) = 6")
    #expect(count.exitCode == 0, "\(count.words)")
  }

  /// A sequence beyond what .tbi can address.
  @Test func longSequencesGetACSI() throws {
    _ = try annotate(["20\t421500", "other\t600000000"], to: "x.vcf.gz")
    #expect(try names == ["x.vcf.gz", "x.vcf.gz.csi"])
  }

  /// A telomere's variant stands at 0, which htslib would warn of.
  @Test func htslibSaysNothing() throws {
    let run = try annotate(["other\t0", "20\t421500"], to: "x.vcf.gz")
    #expect(try names == ["x.vcf.gz", "x.vcf.gz.tbi"])
    #expect(!run.words.contains("::"), "\(run.words)")
  }

  @Test(arguments: ["x.vcf.gz", "x.bcf"])
  func unsortedRecordsAreSaid(name: String) throws {
    _ = try annotate(Self.sorted, to: name)
    let back = try annotate(Self.sorted + ["20\t421000"], to: name)
    #expect(
      back.words.contains(
        "\(name): no index is written, the records aren't sorted: 20:421000 comes after 20:435990; "
          + "use `bcftools sort`\n"), "\(back.words)")
    #expect(try names == [name])
    let apart = try annotate(Self.sorted + ["other\t9"], to: name)
    #expect(apart.words.contains("other:9 comes after 20:435990"), "\(apart.words)")
  }

  @Test func textAndTablesHaveNoIndex() throws {
    for name in ["x.vcf", "x.tsv", "x.tsv.gz"] {
      let run = try annotate(Self.sorted + ["20\t5"], to: name)
      #expect(!run.words.contains("index"))
    }
    #expect(try names == ["x.vcf", "x.tsv", "x.tsv.gz"])
  }

  private func isFile(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
