import CBigWig
import Foundation
import Genomics
import GenomicsIO
import TestSupport
import Testing

/// Files are written by libBigWig; means are worked by hand.
@Suite struct BigWigTrackTests: ~Copyable {
  private let folder = TemporaryFolder()
  private let path: String

  init() {
    path = folder.path + "/track.bw"
  }

  /// Writes a file with three kinds of blocks.
  private func write() throws {
    try #require(bwInit(1 << 17) == 0)
    let file = try #require(bwOpen(path, nil, "w"))
    try #require(bwCreateHdr(file, 10) == 0)
    let names: [UnsafePointer<CChar>?] = ["chr1", "chr2"].map { (name: String) in
      UnsafePointer(strdup(name))
    }
    defer { for name in names { free(UnsafeMutablePointer(mutating: name)) } }
    file.pointee.cl = bwCreateChromList(names, [10_000, 500], 2)
    try #require(bwWriteHdr(file) == 0)
    // Of bedGraph: 2 on [10, 20), 4 on [20, 25).
    try #require(bwAddIntervals(file, [names[0], names[0]], [10, 20], [20, 25], [2, 4], 2) == 0)
    // Of variable steps, three bases each: 1 on [100, 103), 5 on [110, 113).
    try #require(bwAddIntervalSpans(file, names[0], [100, 110], 3, [1, 5], 2) == 0)
    // Of fixed steps: 3 on [200, 202), 6 on [205, 207).
    try #require(bwAddIntervalSpanSteps(file, names[0], 200, 2, 5, [3, 6], 2) == 0)
    bwClose(file)
    bwCleanup()
  }

  @Test func readsAllKindsOfBlocks() throws {
    try write()
    let track = try BigWigTrack(path: path)
    func mean(_ start: Int, _ end: Int, _ name: String = "chr1") throws -> Float? {
      try track.mean(of: GenomicInterval(name, start: start, end: end))
    }
    #expect(track.sequences.map(\.name) == ["chr1", "chr2"])
    // (5 · 2 + 5 · 4) / 10; bases without a value count as 0.
    #expect(try mean(15, 25) == 3)
    #expect(try mean(15, 35) == 1.5)
    #expect(try mean(102, 112) == 1.1)
    #expect(try mean(200, 210) == 1.8)
    #expect(try mean(0, 10_000) == Float(20 + 20 + 3 + 15 + 6 + 12) / 10_000)
    #expect(try mean(300, 400) == 0)
    #expect(try mean(0, 100, "chr2") == 0)
    #expect(try mean(0, 100, "chr3") == nil)
  }

  /// Those of the program's own tracks, position by position.
  @Test func readsOwnTracks() throws {
    var writer = try BigWigWriter(path: path, sequences: [("s", 9000)], replacing: true)
    let values = (0..<6000).map { Float($0 % 7) }
    try writer.append(values, sequence: "s", start: 1000)
    try writer.commit()
    let track = try BigWigTrack(path: path)
    for (start, end) in [(0, 1001), (990, 1010), (4000, 6500), (6990, 7010)] {
      let sum = (start..<end).reduce(0) { sum, position in
        (1000..<7000).contains(position) ? sum + Double(values[position - 1000]) : sum
      }
      let mean = try #require(try track.mean(of: GenomicInterval("s", start: start, end: end)))
      #expect(abs(Double(mean) - sum / Double(end - start)) < 1e-5)
    }
  }

  @Test func refusesOtherFiles() {
    let other = folder.write("chr1\t1\t2\n", to: "x.bw")
    #expect(throws: ByteError.self) { try BigWigTrack(path: other) }
  }
}
