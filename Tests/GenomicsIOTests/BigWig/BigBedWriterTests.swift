import CBigWig
import Foundation
import Genomics
import GenomicsIO
import TestSupport
import Testing

/// A bigBed file as libBigWig reads it: the oracle.
private struct BigBedOracle: ~Copyable {
  private let file: UnsafeMutablePointer<bigWigFile_t>

  init(path: String) throws {
    file = try #require(bbOpen(path, nil))
  }

  deinit {
    bwClose(file)
  }

  var header: bigWigHdr_t { file.pointee.hdr.pointee }

  var schema: String? {
    guard let text = bbGetSQL(file) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// The intervals that overlap a range.
  func items(_ sequence: String, _ range: Range<Int>) -> [BigBedItem] {
    guard
      let found = bbGetOverlappingEntries(
        file, sequence, UInt32(range.lowerBound), UInt32(range.upperBound), 1)
    else { return [] }
    defer { bbDestroyOverlappingEntries(found) }
    return (0..<Int(found.pointee.l)).map { index in
      BigBedItem(
        sequence: sequence, start: Int(found.pointee.start[index]),
        end: Int(found.pointee.end[index]), rest: String(cString: found.pointee.str[index]!))
    }
  }
}

@Suite struct BigBedWriterTests: ~Copyable {
  private let folder = TemporaryFolder()
  private let sequences = [(name: "chr2", length: 300_000), (name: "chr10", length: 50_000)]
  private let schema = "table sites\n\"Sites\"\n(\nstring chrom; \"\"\n)\n"

  /// Intervals at random, some of which overlap or hold others.
  private func items(_ count: Int, seed: UInt64) -> [BigBedItem] {
    var random = RandomStream(seed: seed, .background)
    return sequences.flatMap { name, length in
      (0..<count).map { _ in random.next(below: length - 3000) }.sorted().enumerated().map {
        index, start in
        BigBedItem(
          sequence: name, start: start,
          end: start + 1 + random.next(below: index % 50 == 0 ? 3000 : 40),
          rest: "site\(index)\t\(index % 1000)\t+")
      }
    }
  }

  private func write(_ items: [BigBedItem], named name: String, threads: Int = 1) throws -> String {
    let path = folder.path + "/" + name
    var writer = try BigBedWriter(
      path: path, sequences: sequences, schema: schema, fields: (6, 6), replacing: false,
      threads: threads)
    for item in items { try writer.append(item) }
    try writer.finish().commit()
    return path
  }

  /// Of 3,000 intervals on each sequence, over several blocks, libBigWig finds those that overlap a range.
  @Test func libBigWigFindsWhatOverlaps() throws {
    let items = items(3000, seed: 1)
    let file = try BigBedOracle(path: write(items, named: "a.bb"))
    #expect(file.schema == schema)
    #expect(file.header.fieldCount == 6 && file.header.definedFieldCount == 6)
    for (name, range) in [
      ("chr2", 0..<300_000), ("chr2", 1000..<1400), ("chr2", 150_000..<152_000),
      ("chr10", 0..<50_000), ("chr10", 40_000..<40_001),
    ] {
      let expected = items.filter {
        $0.sequence == name && $0.start < range.upperBound && $0.end > range.lowerBound
      }
      #expect(
        file.items(name, range).sorted { ($0.start, $0.rest) < ($1.start, $1.rest) }
          == expected.sorted { ($0.start, $0.rest) < ($1.start, $1.rest) })
    }
  }

  /// The coverage by its definition: for each base the number of intervals that hold it.
  @Test func sumsUpTheCoverage() throws {
    let items = items(400, seed: 2)
    let header = try BigBedOracle(path: write(items, named: "b.bb")).header
    var depths = sequences.map { [Int](repeating: 0, count: $0.length) }
    for item in items {
      for base in item.start..<item.end { depths[item.sequence == "chr2" ? 0 : 1][base] += 1 }
    }
    let covered = depths.joined().filter { $0 > 0 }
    #expect(Int(header.nBasesCovered) == covered.count)
    #expect(header.minVal == 1 && header.maxVal == Double(covered.max()!))
    #expect(header.sumData == Double(covered.reduce(0, +)))
    #expect(header.sumSquared == Double(covered.reduce(0) { $0 + $1 * $1 }))
    #expect(header.nLevels > 2)
  }

  @Test func isTheSameByAnyNumberOfThreads() throws {
    let items = items(2000, seed: 3)
    let paths = try [1, 3].map { try write(items, named: "\($0).bb", threads: $0) }
    #expect(
      FileManager.default.contents(atPath: paths[0])
        == FileManager.default.contents(atPath: paths[1]))
  }

  @Test func noIntervalsAreAFile() throws {
    let file = try BigBedOracle(path: write([], named: "empty.bb"))
    #expect(file.items("chr2", 0..<300_000).isEmpty)
  }
}
