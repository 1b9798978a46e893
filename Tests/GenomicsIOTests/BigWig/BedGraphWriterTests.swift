import GenomicsIO
import TestSupport
import Testing

@Suite struct BedGraphWriterTests: ~Copyable {
  private let folder = TemporaryFolder()

  /// Written down by hand from the rules of the format.
  private let expected = """
    a\t0\t2\t1.5
    a\t2\t3\t-2.0
    a\t4\t6\t-2.0
    a\t9\t11\t1e-07
    b\t0\t1\t1e-07
    b\t1\t2\t0.1

    """

  private func write(to name: String) throws -> String {
    let path = folder.path + "/" + name
    var writer = try BedGraphWriter(
      path: path, sequences: [("a", 20), ("b", 5)], replacing: false)
    try writer.append([1.5, 1.5, -2, .nan, -2], sequence: "a", start: 0)
    try writer.append([-2], sequence: "a", start: 5)
    try writer.append([1e-7], sequence: "a", start: 9)
    try writer.append([1e-7], sequence: "a", start: 10)
    try writer.append([1e-7, 0.1], sequence: "b", start: 0)
    try writer.commit()
    return path
  }

  @Test func mergesRunsOfEqualValues() throws {
    #expect(try text(ofFile: write(to: "track.bedgraph")) == expected)
  }

  /// bgzip is the oracle.
  @Test func compresses() throws {
    let path = try write(to: "track.bedgraph.gz")
    guard let text = try output(of: "bgzip", "-dc", path) else { return }
    #expect(text == expected)
  }

  @Test func numbersReadAsTheSameFloat() throws {
    let values = (0..<2000).map {
      Float(bitPattern: UInt32(truncatingIfNeeded: $0 &* 2_654_435_761))
    }
    .filter { $0.isFinite }
    let path = folder.path + "/track.bedgraph"
    var writer = try BedGraphWriter(
      path: path, sequences: [("a", values.count)], replacing: false)
    try writer.append(values, sequence: "a", start: 0)
    try writer.commit()
    let lines = try text(ofFile: path).split(separator: "\n")
    #expect(lines.compactMap { $0.split(separator: "\t").last.flatMap { Float($0) } } == values)
  }
}
