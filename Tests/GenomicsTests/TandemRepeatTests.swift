import Genomics
import Testing

@Suite struct TandemRepeatTests {
  private func repeats(inSequenceOf length: Int, count: Int) -> [TandemRepeat] {
    (0..<count).map { index in
      var random = RandomStream(seed: 1, .shuffledNegatives, index)
      return TandemRepeat(inSequenceOf: length, using: &random)
    }
  }

  /// How many bases equal the one a period before, of the period from 1 to 6 that most do.
  private func agreement(_ codes: [UInt8]) -> Double {
    (1...6).map { period in
      Double(zip(codes, codes.dropFirst(period)).count { $0 == $1 }) / Double(codes.count - period)
    }.max()!
  }

  @Test func liesWithinTheSequence() {
    for found in repeats(inSequenceOf: 101, count: 500) {
      #expect(found.codes.count >= 12 && found.start >= 0)
      #expect(found.start + found.codes.count <= 101)
      #expect(found.codes.allSatisfy { $0 < 4 })
    }
    #expect(repeats(inSequenceOf: 5, count: 9).allSatisfy { $0.start == 0 && $0.codes.count == 5 })
    #expect(repeats(inSequenceOf: 0, count: 1)[0].codes.isEmpty)
  }

  /// At most 15 % of the bases are changed, by a fourth of which to what they were: a base agrees with that of the period
  /// before in (1 - 0.15 · 3/4)² of the cases at least, and by chance.
  @Test func mostBasesRepeat() {
    let found = repeats(inSequenceOf: 101, count: 500).filter { $0.codes.count > 40 }
    let agreements = found.map { agreement($0.codes) }
    #expect(agreements.reduce(0, +) / Double(found.count) > 0.8)
    #expect(agreements.count { $0 == 1 } > found.count / 8)
  }

  /// Units of one, two or three kinds of bases are much more frequent than if each base were drawn by itself: of units of
  /// four, 4/256 would be of one kind.
  @Test func unitsAreOfFewKinds() {
    let kinds = repeats(inSequenceOf: 101, count: 2000).map { Set($0.codes).count }
    #expect(kinds.count { $0 == 1 } > 150)
    for base in UInt8(0)..<4 {
      let share = repeats(inSequenceOf: 101, count: 500).flatMap(\.codes)
      #expect(abs(Double(share.count { $0 == base }) / Double(share.count) - 0.25) < 0.04)
    }
  }

  @Test func standsInASequence() {
    let bases = EncodedSequence(codes: (0..<60).map { UInt8($0 * $0 % 4) })
    var (first, second) = (
      RandomStream(seed: 4, .shuffledNegatives), RandomStream(seed: 4, .shuffledNegatives)
    )
    let planted = TandemRepeat(inSequenceOf: 60, using: &first)
    let codes = bases.withRepeat(drawnBy: &second).codes
    let range = planted.start..<planted.start + planted.codes.count
    #expect(Array(codes[range]) == planted.codes)
    #expect(codes[..<range.lowerBound] == bases.codes[..<range.lowerBound])
    #expect(codes[range.upperBound...] == bases.codes[range.upperBound...])
  }
}
