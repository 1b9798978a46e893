import Datasets
import Genomics
import TestSupport
import Testing

/// Sequences that are found in a genome, base for base.
@Suite final class LocatedSequencesTests {
  private let folder = TemporaryFolder()
  /// Longer than the stretches in which a genome is read (2²⁰ bases).
  private static let codes: [UInt8] = {
    var random = RandomStream(seed: 5, .background)
    return (0..<1_049_600).map { _ in UInt8(random.next(below: 4)) }
  }()

  private func bases(_ range: Range<Int>, of codes: [UInt8] = codes) -> EncodedSequence {
    EncodedSequence(codes: Array(codes[range]))
  }

  private func load(_ sequences: [EncodedSequence], codes: [UInt8] = codes) throws -> LoadedDataset
  {
    let genome = folder.write(">g\n\(bases(0..<codes.count, of: codes).text)\n", to: "g.fa")
    let positives = folder.write(
      sequences.enumerated().map { ">s\($0)\n\($1.text.lowercased())\n" }.joined(), to: "p.fa")
    return try DatasetInput.located(positives: positives, genome: genome).load(length: 31)
  }

  /// The middles of the places that they were cut from, on either strand and across the stretches.
  @Test func standWhereTheyWereCut() throws {
    let places = [100..<180, 1_048_500..<1_048_700, 1_048_560..<1_048_600, 5000..<5024]
    let loaded = try load(
      places.enumerated().map { index, place in
        index == 1 ? bases(place).reverseComplement : bases(place)
      } + [EncodedSequence(codes: (0..<80).map { UInt8($0 % 4) }), bases(300..<320)])
    let examples = loaded.dataset.examples
    #expect(
      examples.map(\.interval)
        == places.map {
          GenomicInterval.centered(on: ($0.lowerBound + $0.upperBound) / 2, length: 31, in: "g")
        })
    #expect(examples.allSatisfy { $0.bases == bases($0.interval!.start..<$0.interval!.end) })
    #expect(
      loaded.ledgers[0].description.hasSuffix(
        "p.fa: 4 of 6 used; 2 dropped: not found in the genome, base for base"))
    #expect(loaded.genome != nil && loaded.dataset.tasks == ["p"])
  }

  /// A base that differs, or is unknown on one side alone, is another sequence.
  @Test func everyBaseCounts() throws {
    var changed = Array(Self.codes[400..<480])
    changed[3] = (changed[3] + 1) % 4
    var unknown = Array(Self.codes[600..<680])
    unknown[70] = EncodedSequence.unknown
    let loaded = try load([
      EncodedSequence(codes: changed), EncodedSequence(codes: unknown), bases(800..<880),
    ])
    #expect(loaded.dataset.examples.count == 1)
  }

  /// The first of two places counts as the example; no negative may touch either.
  @Test func allPlacesAreKept() throws {
    var codes = Array(Self.codes.prefix(3000))
    codes.replaceSubrange(2000..<2080, with: codes[100..<180])
    let loaded = try load([bases(100..<180)], codes: codes)
    #expect(loaded.dataset.examples.map(\.interval?.start) == [125])
    #expect(loaded.peaks == [[100, 2000].map { GenomicInterval("g", start: $0, end: $0 + 80) }])
    #expect(
      loaded.notes.contains(
        "1 of the sequences stand in several places of the genome: the first one counts"))
  }

  @Test func anotherGenomeIsRefused() throws {
    let error = #expect(throws: EmptyInputError.self) {
      try load([EncodedSequence(codes: (0..<80).map { UInt8($0 % 4) })])
    }
    #expect(error?.description.contains("give the genome that the sequences were cut from") == true)
  }
}
