import GenomicsIO
import TestSupport
import Testing

@Suite final class BEDIndexTests {
  private let folder = TemporaryFolder()

  private func write(_ lines: [String], longest: Int) throws -> String {
    let path = folder.file("sites.bed.gz")
    var file = try OutputFile(path: path, replacing: true, compression: .bgzf)
    for line in lines { try file.write(line + "\n") }
    try file.commit()
    let index = try BEDIndex(of: path, replacing: true)
    index.removeOld()
    try index.commit(longest: longest)
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

  @Test func refusesAnIndexThatStands() throws {
    let path = folder.file("x.bed.gz")
    folder.file("x.bed.gz.tbi", holding: "")
    #expect(throws: OutputError(file: path + ".tbi", .exists)) {
      _ = try BEDIndex(of: path, replacing: false)
    }
  }

  @Test func refusesLinesOutOfOrder() throws {
    #expect(throws: OutputError.self) {
      _ = try write(["a\t100\t200", "a\t10\t20"], longest: 1000)
    }
  }
}
