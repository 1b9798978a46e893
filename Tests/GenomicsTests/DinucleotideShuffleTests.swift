import Genomics
import Testing

@Suite struct DinucleotideShuffleTests {
  /// How often each ordered pair of codes stands side by side, and the two ends.
  func dinucleotides(_ bases: EncodedSequence) -> [Int] {
    var counts = [Int](repeating: 0, count: 27)
    for (first, second) in zip(bases.codes, bases.codes.dropFirst()) {
      counts[5 * Int(first) + Int(second)] += 1
    }
    counts[25] = Int(bases.codes.first ?? 9)
    counts[26] = Int(bases.codes.last ?? 9)
    return counts
  }

  func randomSequence(length: Int, letters: Int, using random: inout RandomStream)
    -> EncodedSequence
  {
    EncodedSequence(codes: (0..<length).map { _ in UInt8(random.next(below: letters)) })
  }

  @Test(arguments: [1, 2, 3, 4, 5]) func keepsDinucleotidesAndEnds(letters: Int) {
    var random = RandomStream(seed: 1, .shuffledNegatives, letters)
    var shuffler = DinucleotideShuffler()
    for length in Array(0...40) + [101, 1000] {
      for _ in 0..<20 {
        let bases = randomSequence(length: length, letters: letters, using: &random)
        let shuffled = shuffler.shuffled(bases, using: &random)
        #expect(dinucleotides(shuffled) == dinucleotides(bases))
      }
    }
  }

  /// Every arrangement of the same letters that has the same dinucleotides and ends, found by
  /// trying them all, comes up as often as the others.
  @Test(arguments: [
    "ACAGATAC", "AACCAACGCA", "ACGTACGGT", "NACNAANCNA", "AAAAAAAACA", "CAAAATTTTAC",
  ])
  func everyArrangementIsAsLikely(text: String) throws {
    let bases = try #require(EncodedSequence(text))
    let arrangements = arrangements(of: bases)
    let draws = 2000 * arrangements.count
    var counts: [EncodedSequence: Int] = [:]
    var shuffler = DinucleotideShuffler()
    for draw in 0..<draws {
      var random = RandomStream(seed: 2, .shuffledNegatives, draw)
      counts[shuffler.shuffled(bases, using: &random), default: 0] += 1
    }
    #expect(Set(counts.keys) == arrangements)
    let chiSquare = counts.values.reduce(0.0) { $0 + Double(($1 - 2000) * ($1 - 2000)) / 2000 }
    // Mean + 4 standard deviations of chi-square with that many degrees of freedom.
    let freedom = Double(arrangements.count - 1)
    #expect(chiSquare <= freedom + 4 * (2 * freedom).squareRoot())
  }

  func arrangements(of bases: EncodedSequence) -> Set<EncodedSequence> {
    let expected = dinucleotides(bases)
    var found: Set<EncodedSequence> = []
    func extend(_ prefix: [UInt8], _ rest: [Int]) {
      if prefix.count == bases.count {
        let candidate = EncodedSequence(codes: prefix)
        if dinucleotides(candidate) == expected { found.insert(candidate) }
      }
      for letter in 0..<5 where rest[letter] > 0 {
        var rest = rest
        rest[letter] -= 1
        extend(prefix + [UInt8(letter)], rest)
      }
    }
    extend([], (0..<5).map { code in bases.codes.count { $0 == code } })
    return found
  }

  @Test func writesOnlyItsOwnPartOfTheOutput() throws {
    let bases = try #require(EncodedSequence("ACGTACGGTCA"))
    var output: [UInt8] = [9, 9] + bases.codes + [9, 9]
    var span = output.mutableSpan
    var random = RandomStream(seed: 3, .shuffledNegatives)
    var shuffler = DinucleotideShuffler()
    shuffler.shuffle(&span, in: 2..<13, using: &random)
    #expect(output[..<2] == [9, 9] && output[13...] == [9, 9])
    #expect(dinucleotides(EncodedSequence(codes: Array(output[2..<13]))) == dinucleotides(bases))
  }

  @Test func dependsOnTheStreamOnly() {
    var random = RandomStream(seed: 4, .background)
    let bases = randomSequence(length: 101, letters: 4, using: &random)
    let other = randomSequence(length: 300, letters: 5, using: &random)
    var first = RandomStream(seed: 5, .shuffledNegatives, 1)
    var again = first
    var fresh = DinucleotideShuffler()
    var used = DinucleotideShuffler()
    _ = used.shuffled(other, using: &random)
    let shuffled = fresh.shuffled(bases, using: &first)
    #expect(shuffled == used.shuffled(bases, using: &again))
    #expect(shuffled != bases)
  }

  /// A run with one way out: drawing trees by trial and error would take about 10¹⁰ tries.
  @Test func rareWaysOutCostNoTime() {
    var codes: [UInt8] = []
    for letter in UInt8(0)..<4 { codes += [UInt8](repeating: letter, count: 500) }
    var random = RandomStream(seed: 6, .shuffledNegatives)
    var shuffler = DinucleotideShuffler()
    let bases = EncodedSequence(codes: codes)
    #expect(shuffler.shuffled(bases, using: &random) == bases)
  }
}
