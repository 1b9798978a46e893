import Datasets
import Genomics
import GenomicsIO
import Testing

@Suite struct PeakWindowsTests {
  /// 0 to 9: ACGTACGTAC, 10 to 19: unknown, 20 to 29: GGGGGCCCCC.
  let genome = ToyGenome([
    ("20", EncodedSequence("ACGTACGTACNNNNNNNNNNGGGGGCCCCC")!),
    ("21", EncodedSequence("AAAAAAAAAA")!),
  ])

  func peak(_ name: String, _ start: Int, _ end: Int, summit: Int? = nil) -> Peak {
    Peak(interval: GenomicInterval(name, start: start, end: end), summitOffset: summit)
  }

  /// `chr20` is `20`.
  func naming(_ name: String) -> String? {
    name.hasPrefix("chr") ? String(name.dropFirst(3)) : name
  }

  func cut(_ peaks: [Peak], length: Int) throws -> ([Example], Ledger) {
    var ledger = Ledger(source: "peaks")
    let examples = try examples(
      around: peaks, length: length, genome: genome, naming: naming, ledger: &ledger)
    return (examples, ledger)
  }

  /// Windows cut by hand; odd and even lengths; summit before midpoint.
  @Test func centresWindowsOnSummitsOrMidpoints() throws {
    let peaks = [peak("chr20", 0, 9), peak("chr20", 1, 9, summit: 1), peak("chr20", 20, 30)]
    let (odd, ledger) = try cut(peaks, length: 3)
    #expect(odd.map(\.bases.text) == ["TAC", "CGT", "GCC"])
    #expect(odd.map(\.name) == ["20:4-6", "20:2-4", "20:25-27"])
    #expect(
      odd.map(\.interval)
        == [(3, 6), (1, 4), (24, 27)].map {
          GenomicInterval("20", start: $0.0, end: $0.1)
        })
    #expect(odd.allSatisfy { $0.labels == [1] })
    #expect(ledger.used == 3 && ledger.total == 3)
    #expect(try cut(peaks, length: 4).0.map(\.bases.text) == ["GTAC", "ACGT", "GGCC"])
  }

  @Test func countsWhatItDrops() throws {
    let peaks = [
      peak("chr5", 0, 4), peak("chr21", 0, 2), peak("chr21", 8, 10), peak("chr21", 4, 6),
      peak("21", 5, 5), peak("chr20", 10, 14), peak("chr20", 8, 11),
    ]
    let (examples, ledger) = try cut(peaks, length: 4)
    #expect(examples.map(\.name) == ["21:4-7", "20:8-11"])
    var expected = Ledger(source: "peaks")
    expected.drop("no such sequence in the genome")
    expected.drop("window off the end of the sequence", count: 2)
    expected.drop("same window as an earlier peak")
    expected.drop("more than half of the bases unknown")
    expected.use(2)
    #expect(ledger == expected)
  }

  /// Half of the bases may be unknown, one more may not: 8–11 holds 2 of 4, 10–13 all.
  @Test func halfUnknownIsAllowed() throws {
    #expect(try cut([peak("20", 10, 10)], length: 4).0.map(\.bases.text) == ["ACNN"])
    #expect(try cut([peak("20", 11, 11)], length: 4).0.isEmpty)
  }

  @Test func labelsTheTasksOfAWindow() throws {
    // Window of A: [3, 6). B has its centre, 4, there: bound. C covers it all, but its summit stands at
    // 7: not measured. D ends at 3: not bound.
    let sets = [
      PeakSet(task: "A", peaks: [peak("20", 4, 5)]),
      PeakSet(task: "B", peaks: [peak("chr20", 4, 5), peak("chr20", 22, 28)]),
      PeakSet(task: "C", peaks: [peak("20", 3, 9, summit: 4)]),
      PeakSet(task: "D", peaks: [peak("20", 0, 3)]),
    ]
    var ledgers = sets.map { Ledger(source: $0.task) }
    let dataset = try Dataset(
      peakSets: sets, length: 3, genome: genome, naming: naming, ledgers: &ledgers)
    #expect(dataset.tasks == ["A", "B", "C", "D"])
    #expect(dataset.examples.map(\.name) == ["20:4-6", "20:25-27", "20:7-9", "20:1-3"])
    let labels = dataset.examples.map { $0.labels.map { $0.isNaN ? -1 : $0 } }
    #expect(labels == [[1, 1, -1, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    #expect(ledgers.map(\.used) == [1, 2, 1, 1])
    #expect(dataset.length == 3)
    #expect(dataset.subset([2, 0]).examples.map(\.name) == ["20:7-9", "20:4-6"])
  }

  /// Of the signals 5, 9 of A and 0.1, 0.3, 0.2 of B, in their units; both have the window around 4.
  @Test func strengthsOfTasksCompareByRank() throws {
    func peak(_ center: Int, _ signal: Double) -> Peak {
      Peak(interval: GenomicInterval("20", start: center, end: center + 1), signalValue: signal)
    }
    let sets = [
      PeakSet(task: "A", peaks: [peak(4, 5), peak(6, 9)]),
      PeakSet(task: "B", peaks: [peak(22, 0.1), peak(4, 0.3), peak(25, 0.2)]),
    ]
    var ledgers = sets.map { Ledger(source: $0.task) }
    let several = try Dataset(
      peakSets: sets, length: 3, genome: genome, naming: naming, ledgers: &ledgers)
    #expect(several.examples.map(\.strength) == [0, 0, -2, -1])
    ledgers.removeLast()
    let one = try Dataset(
      peakSets: [sets[0]], length: 3, genome: genome, naming: naming, ledgers: &ledgers)
    #expect(one.examples.map(\.strength) == [5, 9])
  }

  @Test func readsManyWindowsLikeOneByOne() throws {
    let genome = ToyGenome.random(lengths: [("b", 90_000), ("a", 300_000)], seed: 1)
    let peaks = (0..<300).map { index in
      let name = index % 3 == 0 ? "b" : "a"
      let start = (index * 7919) % (genome.length(of: name)! - 200)
      return peak(name, start, start + 101)
    }
    var ledger = Ledger(source: "peaks")
    let examples = try examples(
      around: peaks, length: 51, genome: genome, naming: { $0 }, ledger: &ledger)
    #expect(examples.count > 250)
    for example in examples {
      #expect(try example.bases == genome.bases(in: #require(example.interval)))
    }
    let starts = examples.compactMap(\.interval).map(\.start)
    let expected = Set(starts)
    #expect(starts == peaks.map { $0.center - 25 }.filter(expected.contains))
  }
}
