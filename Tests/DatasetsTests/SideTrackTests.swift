import Datasets
import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct SideTrackTests: ~Copyable {
  private let folder = TemporaryFolder()

  private func track(_ name: String, sequence: String, _ values: [Float]) throws -> SideTrack {
    let path = "\(folder.path)/\(name).bw"
    var writer = try BigWigWriter(path: path, sequences: [(sequence, 100)], replacing: true)
    try writer.append(values, sequence: sequence, start: 10)
    try writer.commit()
    return try SideTrack(name: name, path: path)
  }

  private func example(_ sequence: String, _ start: Int) -> Example {
    Example(
      name: "", bases: EncodedSequence("ACGT")!, labels: [1],
      interval: GenomicInterval(sequence, start: start, end: start + 4))
  }

  /// (1 + 2 + 3 + 4) / 4 on [10, 14); two of four bases have a value on [8, 12). `20` is `chr20`.
  @Test func readsMeansOfWindows() throws {
    let tracks = [
      try track("a", sequence: "chr20", [1, 2, 3, 4]),
      try track("b", sequence: "20", [10, 10, 10, 10]),
    ]
    var examples = [example("20", 10), example("20", 8), example("other", 10)]
    try tracks.read(into: &examples, threads: 2)
    #expect(examples[0].bases.side == [2.5, 10] && examples[1].bases.side == [0.75, 5])
    #expect(examples[2].bases.side.allSatisfy(\.isNaN) && examples[2].bases.side.count == 2)
  }

  @Test func refusesTheTrackOfAnotherGenome() throws {
    let tracks = [try track("a", sequence: "chr1", [1])]
    var examples = [example("chr2", 10)]
    #expect(throws: EmptyInputError.self) { try tracks.read(into: &examples, threads: 1) }
  }
}
