import Genomics
import Tensors
import Testing

@Suite struct GappedKmerTests {
  /// Sequences with unknown bases, some of them too short for a window.
  private let sequences: [[UInt8]] = [0, 1, 9, 10, 11, 41, 42, 101, 150].map { length in
    var random = RandomStream(seed: 3, .background, length)
    return (0..<length).map { _ in
      random.next(below: 40) == 0 ? 4 : UInt8(random.next(below: 4))
    }
  }

  /// How often each gapped k-mer occurs, `[pattern][k-mer]`: windows, strands and patterns one by one.
  private func counts(_ codes: [UInt8], _ patterns: GappedPatterns) -> [Int] {
    var counts = [Int](repeating: 0, count: patterns.weightCount)
    for start in 0..<max(0, codes.count - patterns.span + 1) {
      let window = codes[start..<start + patterns.span]
      guard window.allSatisfy({ $0 < 4 }) else { continue }
      for strand in [Array(window), window.reversed().map { 3 - $0 }] {
        for (pattern, offsets) in patterns.offsets.enumerated() {
          let kmer = offsets.reduce(0) { 4 * $0 + Int(strand[$1]) }
          counts[pattern * patterns.kmerCount + kmer] += 1
        }
      }
    }
    return counts
  }

  private func randomWeights(_ patterns: GappedPatterns) -> [Float] {
    var random = RandomStream(seed: 4, .background)
    return (0..<patterns.weightCount).map { _ in Float(random.next(below: 2001)) / 1000 - 1 }
  }

  /// Sums of up to 282 numbers below 1 a pattern, in another order.
  @Test(arguments: [(10, 6, 16), (10, 1, 1), (7, 3, 4), (10, 8, 2)])
  func readsAsTheDefinition(span: Int, informative: Int, count: Int) {
    let patterns = GappedPatterns(span: span, informative: informative, count: count)
    let weights = randomWeights(patterns)
    var reader = GappedKmerReader(patterns)
    for sequence in sequences {
      reader.read([4, 0] + sequence + [1], 2..<sequence.count + 2)
      let counts = counts(sequence, patterns)
      let expected = zip(counts, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(Double(reader.sum(of: weights)) - expected) < 1e-3)
      #expect(2 * reader.windowCount * patterns.offsets.count == counts.reduce(0, +))
      for _ in 0..<2 {
        #expect(reader.squaredCounts() == Double(counts.reduce(0) { $0 + $1 * $1 }))
      }
      var moved = [Float](repeating: 0, count: weights.count)
      reader.add(0.5, to: &moved)
      #expect(moved == counts.map { 0.5 * Float($0) })
    }
  }

  /// Each of 4^7 windows alone; small whole numbers, so that sums are exact.
  @Test func mergesPatternsAndStrands() {
    let patterns = GappedPatterns(span: 7, informative: 3, count: 5)
    let weights = randomWeights(patterns).map { ($0 * 100).rounded() }
    let merged = patterns.merged(weights, threads: 2)
    #expect(merged.count == 1 << 14)
    for window in stride(from: 0, to: merged.count, by: 11) {
      let codes = (0..<7).map { UInt8(window >> (2 * (6 - $0)) & 3) }
      let counts = counts(codes, patterns)
      #expect(merged[window] == zip(counts, weights).reduce(0) { $0 + Float($1.0) * $1.1 })
    }
  }

  /// By hand for 3 of 4: 012, 013 (the mirror image of 023); 6 of 10: each class of shifts and mirror
  /// images once, found by comparing all 210 choices.
  @Test func patternsDifferInMoreThanPlaceAndDirection() {
    #expect(GappedPatterns(span: 4, informative: 3, count: 9).offsets == [[0, 1, 2], [0, 1, 3]])
    let all = GappedPatterns(span: 10, informative: 6, count: 1000).offsets
    let choices = (0..<1024).map { bits in (0..<10).filter { bits >> $0 & 1 == 1 } }
      .filter { $0.count == 6 }
    let classes = Set(
      choices.map { choice in
        let shifted = choice.map { $0 - choice[0] }
        return Set([shifted, choice.reversed().map { choice[5] - $0 }])
      })
    #expect(choices.count == 210 && classes.count == 70 && all.count == 70)
    #expect(classes.allSatisfy { shapes in all.count { shapes.contains($0) } == 1 })
    let some = GappedPatterns(span: 10, informative: 6, count: 16).offsets
    #expect(Set(some).count == 16 && some.allSatisfy(all.contains))
  }
}
