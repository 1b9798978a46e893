import CBigWig
import Foundation
import Genomics
import GenomicsIO
import TestSupport
import Testing

/// A bigWig file as libBigWig reads it: the oracle.
private struct BigWigOracle: ~Copyable {
  private let file: UnsafeMutablePointer<bigWigFile_t>

  init(path: String) throws {
    file = try #require(bwOpen(path, nil, "r"))
  }

  deinit {
    bwClose(file)
  }

  var header: bigWigHdr_t { file.pointee.hdr.pointee }

  var sequences: [String: Int] {
    let list = file.pointee.cl.pointee
    return Dictionary(
      uniqueKeysWithValues: (0..<Int(list.nKeys)).map {
        (String(cString: list.chrom[$0]!), Int(list.len[$0]))
      })
  }

  /// The value of each position; not-a-number where there is none.
  func values(_ sequence: String, _ range: Range<Int>) -> [Float] {
    guard
      let found = bwGetValues(
        file, sequence, UInt32(range.lowerBound), UInt32(range.upperBound), 1)
    else { return [] }
    defer { bwDestroyOverlappingIntervals(found) }
    return (0..<Int(found.pointee.l)).map { found.pointee.value[$0] }
  }

  /// A statistic of each of equal bins, from the zoom levels where they serve.
  func statistics(_ sequence: String, _ end: Int, bins: Int, _ type: bwStatsType) -> [Double] {
    guard let found = bwStats(file, sequence, 0, UInt32(end), UInt32(bins), type) else { return [] }
    defer { free(found) }
    return (0..<bins).map { found[$0] }
  }
}

private func sameBits(_ left: [Float], _ right: [Float]) -> Bool {
  left.count == right.count
    && zip(left, right).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
}

@Suite struct BigWigWriterTests: ~Copyable {
  private let folder = TemporaryFolder()
  private let path: String

  init() {
    path = folder.path + "/track.bw"
  }

  /// Uneven pieces, gaps and missing values, over several blocks.
  @Test func libBigWigReadsEveryValue() throws {
    var expected = [Float](repeating: .nan, count: 50_000)
    var writer = try BigWigWriter(
      path: path, sequences: [("chr2", 60_000), ("chr10", 50_000), ("empty", 7)],
      replacing: false)
    try writer.append([1, 2, 3], sequence: "chr2", start: 59_997)
    var start = 5
    for (count, gap) in [(1, 0), (3, 0), (5000, 0), (4091, 1), (8200, 300), (20_000, 0), (2, 9)] {
      let values = (0..<count).map { index -> Float in
        index % 1009 == 7 ? .nan : Float((start + index) % 977) / 7 - 20
      }
      expected.replaceSubrange(start..<start + count, with: values)
      try writer.append(values, sequence: "chr10", start: start)
      start += count + gap
    }
    try writer.commit()

    let oracle = try BigWigOracle(path: path)
    #expect(oracle.sequences == ["chr2": 60_000, "chr10": 50_000, "empty": 7])
    #expect(sameBits(oracle.values("chr10", 0..<50_000), expected))
    #expect(sameBits(oracle.values("chr2", 59_996..<60_000), [.nan, 1, 2, 3]))

    // The definitions, over all values.
    let values = expected.filter { !$0.isNaN }.map { Double($0) } + [1, 2, 3]
    #expect(oracle.header.nBasesCovered == UInt64(values.count))
    #expect(oracle.header.minVal == values.min())
    #expect(oracle.header.maxVal == values.max())
    let sum = values.reduce(0, +)
    let squares = values.reduce(0) { $0 + $1 * $1 }
    #expect(abs(oracle.header.sumData - sum) <= 1e-9 * squares)
    #expect(abs(oracle.header.sumSquared - squares) <= 1e-9 * squares)
  }

  /// Bins of 4,096 positions are whole records of the levels of 32, 128, 512 and 2,048.
  @Test func zoomLevelsAgreeWithTheValues() throws {
    let bins = 100
    let width = 4096
    let values = (0..<bins * width).map { Float(($0 * 7919) % 10_007) / 100 - 30 }
    var writer = try BigWigWriter(
      path: path, sequences: [("a", 10), ("b", values.count + 13)], replacing: false)
    for start in stride(from: 0, to: values.count, by: 10_000) {
      let end = min(start + 10_000, values.count)
      try writer.append(Array(values[start..<end]), sequence: "b", start: start)
    }
    try writer.commit()

    let oracle = try BigWigOracle(path: path)
    let levels = (0..<Int(oracle.header.nLevels)).map { oracle.header.zoomHdrs.pointee.level[$0] }
    #expect(levels.starts(with: [32, 128, 512, 2048]))
    let slices = (0..<bins).map { values[$0 * width..<($0 + 1) * width].map { Double($0) } }
    let maxima = oracle.statistics("b", bins * width, bins: bins, max)
    #expect(maxima == slices.map { $0.max()! })
    let minima = oracle.statistics("b", bins * width, bins: bins, min)
    #expect(minima == slices.map { $0.min()! })
    // A record's sum is a Float: 24 bits.
    let means = oracle.statistics("b", bins * width, bins: bins, mean)
    for (mean, slice) in zip(means, slices) {
      let expected = slice.reduce(0, +) / Double(width)
      #expect(abs(mean - expected) <= 1e-4)
    }
  }

  /// More sequences than one node of the tree holds, in an order that isn't the names'.
  @Test func findsEachOfManySequences() throws {
    let sequences = (0..<1000).map { (name: "contig\(($0 * 37) % 1000)", length: $0 + 1) }
    var writer = try BigWigWriter(path: path, sequences: sequences, replacing: false)
    for (index, sequence) in sequences.enumerated() {
      try writer.append([Float(index)], sequence: sequence.name, start: index)
    }
    try writer.commit()
    let oracle = try BigWigOracle(path: path)
    for (index, sequence) in sequences.enumerated() {
      #expect(oracle.values(sequence.name, index..<index + 1) == [Float(index)])
    }
    #expect(
      oracle.sequences == Dictionary(uniqueKeysWithValues: sequences.map { ($0.name, $0.length) }))
  }

  @Test func isReadableWithoutValues() throws {
    let writer = try BigWigWriter(path: path, sequences: [("a", 100)], replacing: false)
    try writer.commit()
    let oracle = try BigWigOracle(path: path)
    #expect(oracle.sequences == ["a": 100])
    #expect(oracle.header.nBasesCovered == 0)
  }

  @Test func sameValuesGiveTheSameBytes() throws {
    for name in ["one", "two"] {
      var writer = try BigWigWriter(
        path: folder.path + "/" + name, sequences: [("a", 20_000)], replacing: false)
      let values = (0..<20_000).map { Float($0 % 313) }
      // The pieces' sizes must not matter.
      for start in stride(from: 0, to: 20_000, by: name == "one" ? 20_000 : 125) {
        let end = min(20_000, start + (name == "one" ? 20_000 : 125))
        try writer.append(Array(values[start..<end]), sequence: "a", start: start)
      }
      try writer.commit()
    }
    #expect(try bytes(ofFile: folder.path + "/one") == bytes(ofFile: folder.path + "/two"))
  }

  @Test func refusesWhatItCannotWrite() throws {
    #expect(throws: OutputError(file: "/dev/null", .notSeekable)) {
      _ = try BigWigWriter(path: "/dev/null", sequences: [("a", 1)], replacing: true)
    }
    #expect(throws: OutputError(file: path, .sequenceTooLong("a"))) {
      _ = try BigWigWriter(path: path, sequences: [("a", 1 << 32)], replacing: true)
    }
    folder.file("track.bw", holding: "")
    #expect(throws: OutputError(file: path, .exists)) {
      _ = try BigWigWriter(path: path, sequences: [("a", 1)], replacing: false)
    }
  }

  @Test func trapsOnValuesOutOfOrder() async {
    await #expect(processExitsWith: .failure) {
      let folder = TemporaryFolder()
      var writer = try BigWigWriter(
        path: folder.path + "/t.bw", sequences: [("a", 10)], replacing: false)
      try writer.append([1], sequence: "a", start: 5)
      try writer.append([1], sequence: "a", start: 5)
    }
    await #expect(processExitsWith: .failure) {
      let folder = TemporaryFolder()
      var writer = try BigWigWriter(
        path: folder.path + "/t.bw", sequences: [("a", 10)], replacing: false)
      try writer.append([1, 2], sequence: "a", start: 9)
    }
  }
}
