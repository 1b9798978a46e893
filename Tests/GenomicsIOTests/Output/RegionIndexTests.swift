import Foundation
import GenomicsIO
import TestSupport
import Testing

@Suite final class RegionIndexTests {
  private let folder = TemporaryFolder()

  private func write(_ lines: [String], longest: Int) throws -> String {
    let path = folder.file("sites.bed.gz")
    var file = try IndexedOutput(path: path, layout: .bed, replacing: true)
    for line in lines { try file.write(line + "\n") }
    try file.commit(longest: longest)
    return path
  }

  /// tabix finds the lines that overlap a region, through either kind of index.
  @Test(arguments: [(1 << 29, ".tbi"), (1 << 29 + 1, ".csi")])
  func tabixReadsThroughIt(longest: Int, suffix: String) throws {
    let last = longest - 100
    let lines =
      ["#chrom\tstart\tend"] + (0..<2000).map { "a\t\($0 * 50)\t\($0 * 50 + 20)" }
      + ["b\t\(last)\t\(last + 30)"]
    let path = try write(lines, longest: longest)
    #expect(try folder.names == ["sites.bed.gz", "sites.bed.gz" + suffix])
    let found = try output(of: "tabix", path, "a:1001-1100")
    guard let found else { return }
    #expect(found == "a\t1000\t1020\na\t1050\t1070\n")
    #expect(try output(of: "tabix", path, "b:\(last)-\(last + 10)") == lines[2001] + "\n")
  }

  private static let variants = [
    "##fileformat=VCFv4.2", "##contig=<ID=a>", "##contig=<ID=b>",
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO", "b\t100\t.\tACGT\tA\t.\t.\t.",
    "b\t200\t.\tA\tC\t.\t.\t.", "a\t50\t.\tA\tC\t.\t.\t.",
  ]

  /// tabix and bcftools find variants by their first base and by those that they delete.
  @Test(arguments: [(1 << 29, ".tbi"), (1 << 29 + 1, ".csi")])
  func tabixReadsVariants(longest: Int, suffix: String) throws {
    let path = folder.file("x.vcf.gz")
    var file = try IndexedOutput(path: path, layout: .vcf, replacing: false)
    for line in Self.variants { try file.write(line + "\n") }
    try file.commit(longest: longest)
    #expect(try folder.names == ["x.vcf.gz", "x.vcf.gz" + suffix])
    guard let found = try output(of: "tabix", path, "b:103-199") else { return }
    #expect(found == Self.variants[4] + "\n")
    #expect(try output(of: "tabix", path, "a:50") == Self.variants[6] + "\n")
  }

  @Test func bcftoolsReadsBCF() throws {
    let path = folder.file("x.bcf")
    let header = Self.variants[..<4].map { $0 + "\n" }.joined()
    var file = try BCFWriter(path: path, header: Array(header.utf8), replacing: false)
    try file.write(lines: Array(Self.variants[4...].map { $0 + "\n" }.joined().utf8))
    var outputs = OutputTransaction()
    let finished = try file.finish()
    outputs.add(finished)
    try RegionIndex(of: path, layout: .bcf, replacing: false)
      .finish(of: finished, longest: 1000, in: &outputs)
    try outputs.commit()
    #expect(try folder.names == ["x.bcf", "x.bcf.csi"])
    guard let found = try output(of: "bcftools", "view", "-H", "-r", "b:103-199", path) else {
      return
    }
    #expect(found == Self.variants[4] + "\n")
  }

  /// Without an index an old one goes too: it would be another file's.
  @Test func unsortedLinesHaveNoIndex() throws {
    let path = folder.file("x.vcf.gz")
    folder.file("x.vcf.gz.tbi", holding: "old")
    var file = try IndexedOutput(path: path, layout: .vcf, replacing: true)
    for line in Self.variants { try file.write(line + "\n") }
    try file.commit(longest: nil)
    #expect(try folder.names == ["x.vcf.gz"])
  }

  @Test func devicesHaveNoIndex() throws {
    let path = folder.file("x.vcf.gz")
    #expect(symlink("/dev/null", path) == 0)
    var file = try IndexedOutput(path: path, layout: .vcf, replacing: false)
    try file.write(Self.variants[0] + "\n")
    try file.commit(longest: 1000)
    #expect(try folder.names == ["x.vcf.gz"])
  }

  @Test func refusesAnIndexThatStands() throws {
    let path = folder.file("x.bed.gz")
    folder.file("x.bed.gz.tbi", holding: "")
    #expect(throws: OutputError(file: path + ".tbi", .exists)) {
      _ = try RegionIndex(of: path, layout: .bed, replacing: false)
    }
  }

  @Test func refusesLinesOutOfOrder() throws {
    #expect(throws: OutputError.self) {
      _ = try write(["a\t100\t200", "a\t10\t20"], longest: 1000)
    }
  }
}
