import Datasets
import Genomics
import Testing

@Suite struct GenomicNegativesTests {
  let genome = ToyGenome.random(lengths: [("1", 400_000), ("2", 200_000)], seed: 9)

  /// Windows of 101 bases without unknown ones, every 2,003 bases.
  func positives() throws -> [Example] {
    try genome.wholeSequences.flatMap { whole in
      try stride(from: 500, to: whole.length - 200, by: 2003).compactMap { start in
        let interval = GenomicInterval(whole.sequence, start: start, end: start + 101)
        let bases = try genome.bases(in: interval)
        guard bases.unknownCount == 0 else { return nil }
        return Example(name: "p\(start)", bases: bases, labels: [1, 0], interval: interval)
      }
    }
  }

  func gcHistogram(_ examples: [Example]) -> [Int] {
    var counts = [Int](repeating: 0, count: 50)
    for example in examples {
      let gc = example.bases.codes.count { $0 == 1 || $0 == 2 }
      counts[min(49, gc * 50 / example.bases.count)] += 1
    }
    return counts
  }

  @Test func keepEveryPromise() throws {
    let positives = try positives()
    let peaks = positives.compactMap(\.interval).map {
      GenomicInterval($0.sequence, start: $0.start - 300, end: $0.end + 300)
    }
    let blacklist = [GenomicInterval("1", start: 100_000, end: 150_000)]
    var ledger = Ledger(source: "negatives")
    let negatives = try GenomicNegatives(excluding: peaks + blacklist, seed: 1).examples(
      matching: positives, within: genome.wholeSequences, of: genome, ledger: &ledger)

    #expect(negatives.count == positives.count && ledger.used == negatives.count)
    #expect(ledger.dropped.isEmpty)
    #expect(gcHistogram(negatives) == gcHistogram(positives))
    let intervals = negatives.compactMap(\.interval)
    #expect(intervals.count == negatives.count)
    for (index, negative) in negatives.enumerated() {
      #expect(negative.labels == [0, 0])
      #expect(try negative.bases == genome.bases(in: intervals[index]))
      #expect(negative.bases.count == 101 && negative.bases.unknownCount == 0)
      #expect(!(peaks + blacklist).contains { $0.overlaps(intervals[index]) })
      #expect(!intervals[..<index].contains { $0.overlaps(intervals[index]) })
    }
  }

  @Test(arguments: [0.5, 2]) func drawsTheRatioWanted(ratio: Double) throws {
    let positives = try positives()
    var ledger = Ledger(source: "negatives")
    let negatives = try GenomicNegatives(excluding: [], ratio: ratio, seed: 1).examples(
      matching: positives, within: genome.wholeSequences, of: genome, ledger: &ledger)
    #expect(negatives.count == Int((Double(positives.count) * ratio).rounded()))
    for (drawn, given) in zip(gcHistogram(negatives), gcHistogram(positives)) {
      #expect(abs(Double(drawn) - ratio * Double(given)) <= 1)
    }
  }

  @Test func staysWithinTheStretches() throws {
    let stretches = [
      GenomicInterval("1", start: 10_000, end: 60_000),
      GenomicInterval("2", start: 0, end: 50_000),
    ]
    var ledger = Ledger(source: "negatives")
    let negatives = try GenomicNegatives(excluding: [], seed: 1).examples(
      matching: Array(positives().prefix(40)), within: stretches, of: genome, ledger: &ledger)
    #expect(!negatives.isEmpty)
    for interval in negatives.compactMap(\.interval) {
      #expect(
        stretches.contains {
          $0.sequence == interval.sequence && $0.start <= interval.start && interval.end <= $0.end
        })
    }
  }

  @Test func dependsOnTheSeedOnly() throws {
    let positives = try positives()
    func starts(_ seed: UInt64) throws -> [GenomicInterval?] {
      var ledger = Ledger(source: "negatives")
      return try GenomicNegatives(excluding: [], seed: seed).examples(
        matching: positives, within: genome.wholeSequences, of: genome, ledger: &ledger
      ).map(\.interval)
    }
    #expect(try starts(1) == starts(1))
    #expect(try starts(1) != starts(2))
  }

  /// Each free place is as likely as the others: of a sequence without GC, 30 windows of 10 bases in
  /// two gaps.
  @Test func everyPlaceIsAsLikely() throws {
    let genome = ToyGenome([("a", EncodedSequence(codes: [UInt8](repeating: 0, count: 100)))])
    let positive = Example(
      name: "p", bases: EncodedSequence(codes: [UInt8](repeating: 3, count: 10)), labels: [1])
    let excluded = [
      GenomicInterval("a", start: 19, end: 50), GenomicInterval("a", start: 79, end: 100),
    ]
    var counts: [Int: Int] = [:]
    for seed in 0..<300 {
      var ledger = Ledger(source: "negatives")
      let drawn = try GenomicNegatives(excluding: excluded, seed: UInt64(seed)).examples(
        matching: [positive], within: genome.wholeSequences, of: genome, ledger: &ledger)
      counts[drawn[0].interval!.start, default: 0] += 1
    }
    #expect(Set(counts.keys) == Set(Array(0...9) + Array(50...69)))
    let chiSquare = counts.values.reduce(0.0) { $0 + Double(($1 - 10) * ($1 - 10)) / 10 }
    // 29 degrees of freedom: above 58.3 once in a thousand.
    #expect(chiSquare < 58.3)
  }

  @Test func saysHowManyAreMissingAndWhy() throws {
    let genome = ToyGenome([("a", EncodedSequence(codes: [UInt8](repeating: 0, count: 35)))])
    func negatives(_ text: String, count: Int, excluding: [GenomicInterval]) throws -> Ledger {
      let example = Example(name: "p", bases: EncodedSequence(text)!, labels: [1])
      var ledger = Ledger(source: "negatives")
      _ = try GenomicNegatives(excluding: excluding, seed: 1).examples(
        matching: [Example](repeating: example, count: count), within: genome.wholeSequences,
        of: genome, ledger: &ledger)
      return ledger
    }
    let crowded = try negatives("TTTTTTTTTT", count: 5, excluding: [])
    #expect((2...3).contains(crowded.used) && crowded.total == 5)
    #expect(crowded.dropped.map(\.reason) == ["no free window of the same GC content found"])
    let unlike = try negatives("GGGGGGGGGG", count: 2, excluding: [])
    #expect(unlike.used == 0 && unlike.dropped.map(\.count) == [2])
    let full = try negatives("TTTTTTTTTT", count: 2, excluding: genome.wholeSequences)
    #expect(
      full.dropped.map(\.reason) == [
        "no room for a negative beside the peaks and the excluded regions"
      ])
  }
}
