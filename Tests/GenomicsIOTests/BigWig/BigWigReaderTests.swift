import GenomicsIO
import TestSupport
import Testing

@Suite struct BigWigReaderTests: ~Copyable {
  private let folder = TemporaryFolder()
  private let path: String

  init() {
    path = folder.path + "/track.bw"
  }

  private func write(_ stretches: [TrackStretch], sequences: [GenomeSequence]) throws {
    var writer = try BigWigWriter(
      path: path, sequences: sequences.map { ($0.name, $0.length) }, replacing: true)
    for stretch in stretches {
      try writer.append(stretch.values, sequence: stretch.sequence, start: stretch.start)
    }
    try writer.commit()
  }

  /// The value of each position that has one, in order.
  private func read(threads: Int = 1) throws -> [(sequence: String, position: Int, value: Float)] {
    var reader = try BigWigReader(path: path)
    var values: [(String, Int, Float)] = []
    while let stretches = try reader.next(threads: threads) {
      for stretch in stretches {
        values += stretch.values.enumerated().map {
          (stretch.sequence, stretch.start + $0, $1)
        }
      }
    }
    return values
  }

  private static let sequences = [
    GenomeSequence(name: "chr2", length: 60_000), GenomeSequence(name: "chr10", length: 1_300_000),
    GenomeSequence(name: "empty", length: 7),
  ]

  /// More blocks than are expanded at a time, gaps, and numbers of every bit.
  private static let stretches = [
    TrackStretch(sequence: "chr2", start: 59_997, values: [1, -0.0, 3]),
    TrackStretch(
      sequence: "chr10", start: 5,
      values: (0..<1_200_000).map {
        $0 % 10_007 == 7 ? .nan : Float(bitPattern: UInt32($0) &* 2_654_435_761 >> 2)
      }),
    TrackStretch(sequence: "chr10", start: 1_299_999, values: [7]),
  ]

  /// What is read is what was written, to the last bit; the summary is that of the definitions.
  @Test(arguments: [1, 3]) func readsWhatWasWritten(threads: Int) throws {
    try write(Self.stretches, sequences: Self.sequences)
    let expected = Self.stretches.flatMap { stretch in
      stretch.values.enumerated().filter { !$0.element.isNaN }.map {
        (stretch.sequence, stretch.start + $0.offset, $0.element)
      }
    }
    let found = try read(threads: threads)
    #expect(found.count == expected.count)
    #expect(
      zip(found, expected).allSatisfy {
        $0.0 == $1.0 && $0.1 == $1.1 && $0.2.bitPattern == $1.2.bitPattern
      })
    let reader = try BigWigReader(path: path)
    let (read, summary) = (reader.sequences, reader.summary)
    #expect(read == Self.sequences)
    #expect(summary.count == expected.count)
    let values = expected.map { Double($0.2) }
    #expect(summary.minimum == values.min() && summary.maximum == values.max())
    #expect(abs(summary.sum / values.reduce(0, +) - 1) < 1e-9)
    #expect(abs(summary.sumOfSquares / values.reduce(0) { $0 + $1 * $1 } - 1) < 1e-9)
    let bounds = reader.bounds
    #expect(bounds.map { $0.start == (0, 59_997) && $0.end == (1, 1_300_000) } == true)
  }

  /// Trees of two levels and of three: their nodes hold 256 entries.
  @Test(arguments: [1000, 70_000]) func readsManySequences(count: Int) throws {
    let sequences = (0..<count).map {
      GenomeSequence(name: "contig\(($0 * 37) % count)", length: $0 + 1)
    }
    try write(
      sequences.enumerated().map {
        TrackStretch(sequence: $1.name, start: $0, values: [Float($0)])
      }, sequences: sequences)
    let found = try read()
    #expect(found.map(\.sequence) == sequences.map(\.name))
    #expect(found.map(\.position) == Array(0..<count))
    #expect(found.map(\.value) == (0..<count).map { Float($0) })
    let read = try BigWigReader(path: path).sequences
    #expect(read == sequences)
  }

  @Test func readsATrackWithoutValues() throws {
    try write([], sequences: Self.sequences)
    #expect(try read().isEmpty)
    let reader = try BigWigReader(path: path)
    let (hasValues, count) = (reader.bounds != nil, reader.summary.count)
    #expect(!hasValues && count == 0)
  }

  /// Whatever byte is wrong, and wherever the file ends: an error, or values that lie on a sequence.
  @Test func damageIsAnErrorAtMost() throws {
    let sequences = [GenomeSequence(name: "a", length: 9), GenomeSequence(name: "b", length: 99)]
    try write(
      [TrackStretch(sequence: "b", start: 5, values: [1, 2, .nan, 3])], sequences: sequences)
    let whole = try bytes(ofFile: path)
    var refused = 0
    for offset in whole.indices {
      var damaged = whole
      damaged[offset] ^= 0xff
      folder.write(damaged, to: "track.bw")
      do {
        let lengths = try BigWigReader(path: path).sequences.map { ($0.name, $0.length) }
        let found = try read()
        #expect(
          found.allSatisfy { value in
            lengths.contains { $0.0 == value.sequence && value.position < $0.1 }
          })
      } catch is ByteError { refused += 1 }
    }
    #expect(refused > 100)
    for count in stride(from: 0, to: 400, by: 7) {
      folder.write(whole.prefix(count), to: "track.bw")
      #expect(throws: ByteError.self) { _ = try BigWigReader(path: path) }
    }
  }
}
