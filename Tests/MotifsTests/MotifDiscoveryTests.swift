import Genomics
import Motifs
import Testing

@Suite struct MotifDiscoveryTests {
  /// Random sequences with one of some words planted, on either strand; each base of a word contributes 1 and any
  /// other a little noise. With no word given: the null.
  private func sequences(
    _ count: Int, planting words: [(bases: String, contribution: Float)], seed: UInt64
  ) -> (sequences: [ContributedSequence], places: [(word: Int, start: Int, isReverse: Bool)]) {
    var random = RandomStream(seed: seed, .background)
    var sequences: [ContributedSequence] = []
    var places: [(word: Int, start: Int, isReverse: Bool)] = []
    for index in 0..<count {
      var codes = (0..<60).map { _ in UInt8(random.next(below: 4)) }
      var contributions = (0..<60).map { _ in Float(random.normal()) * 0.05 }
      if !words.isEmpty, let word = EncodedSequence(words[index % words.count].bases) {
        let isReverse = random.next(below: 2) == 1
        let start = random.next(below: 60 - word.count)
        for (offset, code) in (isReverse ? word.reverseComplement : word).codes.enumerated() {
          codes[start + offset] = code
          contributions[start + offset] += words[index % words.count].contribution
        }
        places.append((index % words.count, start, isReverse))
      }
      sequences.append(
        ContributedSequence(
          bases: EncodedSequence(codes: codes), contributions: contributions))
    }
    return (sequences, places)
  }

  private let words: [(bases: String, contribution: Float)] = [
    ("GATTACAGGC", 1), ("TTTCGCGAAC", 0.8), ("CAGGTGCT", -0.7),
  ]

  /// The words that were planted are the oracle: each is one pattern, with its sign and a random base on either side, at its places
  /// unless it lacks room, and hardly elsewhere.
  @Test func findsWhatWasPlanted() throws {
    let (sequences, places) = sequences(600, planting: words, seed: 1)
    let found = discoveredPatterns(
      in: sequences, null: self.sequences(300, planting: [], seed: 2).sequences, threads: 2)
    #expect(found.count == 3)
    #expect(found.map(\.isPositive) == [true, true, false])
    for (number, pattern) in found.enumerated() {
      let word = try #require(EncodedSequence(words[number].bases))
      let consensus = pattern.motif(named: "m").probabilities.consensus
      #expect(
        [word.text, word.reverseComplement.text].map { "N\($0)N" }.contains(consensus))
      #expect(pattern.counts.siteCount == pattern.sites.count)
      let own = pattern.sites.filter { places[$0.sequence].word == number }
        .filter { places[$0.sequence].start == $0.start + 1 }
      let room = places.count { $0.word == number && $0.start > 0 }
      #expect(own.count == room && pattern.sites.count <= room + 4)
      for site in own {
        let place = places[site.sequence]
        let isFlipped = consensus != "N\(word.text)N"
        #expect((site.strand == .reverse) == (place.isReverse != isFlipped))
      }
      let core = pattern.contributions.dropFirst().dropLast()
      let mean = core.reduce(0) { $0 + $1.sum() } / Float(core.count)
      #expect(abs(mean - words[number].contribution) < 0.05)
    }
    #expect(abs(found.reduce(0) { $0 + $1.share } - 1) < 1e-9)
  }

  /// Two words that differ in three of twelve bases have a cosine of 0.75: they are one pattern, and two sub-patterns, each with
  /// the sites of one word.
  @Test func tellsSubpatternsApart() throws {
    let kinds: [(bases: String, contribution: Float)] = [
      ("GATTACAGGCCT", 1), ("GATTACAGGAAC", 0.9),
    ]
    let (sequences, places) = sequences(400, planting: kinds, seed: 7)
    let null = self.sequences(200, planting: [], seed: 8).sequences
    var configuration = DiscoveryConfiguration()
    func found() -> [DiscoveredPattern] {
      discoveredPatterns(in: sequences, null: null, configuration: configuration, threads: 2)
    }
    #expect(found().count == 1 && found()[0].subpatterns.isEmpty)
    configuration.subpatternSimilarity = DiscoveryConfiguration.closeSimilarity
    let parts = try #require(found().first).subpatterns
    #expect(found().count == 1 && parts.map(\.width) == [14, 14])
    for (kind, part) in parts.enumerated() {
      let own = part.sites.count { places[$0.sequence].word == kind }
      #expect(own >= 190 && part.sites.count <= own + 10, "\(own) of \(part.sites.count)")
    }
    #expect(abs(parts.reduce(0) { $0 + $1.share } - 1) < 1e-9)
  }

  /// What contributes no more than chance makes no pattern.
  @Test func findsNothingInNoise() {
    let found = discoveredPatterns(
      in: sequences(300, planting: [], seed: 3).sequences,
      null: sequences(300, planting: [], seed: 4).sequences, threads: 2)
    #expect(found.isEmpty)
    #expect(discoveredPatterns(in: [], null: [], threads: 1).isEmpty)
  }

  @Test func isTheSameByAnyNumberOfThreads() {
    let (sequences, _) = sequences(200, planting: words, seed: 5)
    let null = self.sequences(100, planting: [], seed: 6).sequences
    let found = [1, 3].map { discoveredPatterns(in: sequences, null: null, threads: $0) }
    #expect(found[0].map(\.sites) == found[1].map(\.sites))
    #expect(found[0].map(\.counts) == found[1].map(\.counts))
  }
}
