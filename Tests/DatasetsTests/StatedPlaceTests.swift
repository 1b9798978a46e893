import Datasets
import Genomics
import TestSupport
import Testing

/// Places that names of FASTA records state: what bedtools 2.30 and samtools 1.16 write.
@Suite struct StatedPlaceTests {
  /// Ten bases from 100 on, 0-based: every form of the two programs' names.
  @Test(arguments: [
    "chr1:100-110", "chr1:100-110(+)", "chr1:100-110(-)", "chr1:100-110(.)", "chr1:100-110()",
    "peak::chr1:100-110", "peak::chr1:100-110(-)", "a::b::chr1:100-110(+)", "chr1:101-110",
    "chr1:101-110/rc", "chr1:101-110(-)", "chr1:101-", "peak(+)::chr1:100-110",
  ])
  func understands(name: String) throws {
    #expect(try interval(of: name) == GenomicInterval("chr1", start: 100, end: 110))
  }

  @Test func contigsMayHoldColonsAndNumbersCommas() throws {
    for name in ["HLA-A*01:01:01:01:100-110(-)", "x::HLA-A*01:01:01:01:101-110"] {
      let expected = GenomicInterval("HLA-A*01:01:01:01", start: 100, end: 110)
      #expect(try interval(of: name) == expected)
    }
    #expect(
      try interval(of: "2:1,000,001-1,000,010")
        == GenomicInterval("2", start: 1_000_000, end: 1_000_010))
  }

  /// `getfasta -nameOnly -s`, other lengths, and what isn't a place.
  @Test(arguments: [
    "peak(+)", "peak", "chr1:100-111", "chr1:100-108", "chr1:+100-110", ":100-110", "::100-110",
    "chr1:100-110(+)x", "chr1", "chr1:101", "chr1:0-", "chr1:,1-,2", "chr1:99999999999999999999-1",
    "chr1:-", "HLA:HLA00001",
  ])
  func leavesOthersAlone(name: String) throws {
    #expect(try interval(of: name) == nil)
  }

  /// Overlapping windows, both strands by turns: split by chromosome, and no test window shares a base with
  /// one of another side.
  @Test func strandedWindowsAreSplitByPlace() throws {
    let genome = ToyGenome.random(lengths: (1...5).map { ("chr\($0)", 2300) }, seed: 3)
    let records = genome.names.flatMap { name in
      stride(from: 400, to: 2200, by: 50).map { start in
        let bases = EncodedSequence(
          codes: Array(genome.sequences[name]!.codes[start..<start + 100]))
        let isForward = start / 50 % 2 == 0
        let text = (isForward ? bases : bases.reverseComplement).text
        return ">\(name):\(start)-\(start + 100)(\(isForward ? "+" : "-"))\n\(text)\n"
      }
    }
    let prepared = try sequences(records.joined()).prepared(PreparationPlan())
    #expect(prepared.splitDescription.hasPrefix("by chromosome"))
    let test = prepared.test.compactMap(\.interval)
    let others = (prepared.train + prepared.validation).compactMap(\.interval)
    #expect(!test.isEmpty && !test.contains { window in others.contains { $0.overlaps(window) } })
    #expect(
      prepared.leaks.description
        == "leaks between sides: none (compared: exact and near-duplicates; "
        + "coordinates of 180 of 180 examples known)")
  }

  /// One name of many that states no place makes the split random, and the line says so.
  @Test func theSplitSaysWhichNamesStateNoPlace() throws {
    let genome = ToyGenome.random(lengths: [("chr1", 9000)], seed: 4)
    let records = (0..<40).map { index in
      let start = 400 + 200 * index
      let bases = EncodedSequence(
        codes: Array(genome.sequences["chr1"]!.codes[start..<start + 100]))
      let name = index < 3 ? "peak\(index)" : "chr1:\(start)-\(start + 100)"
      return ">\(name)\n\(bases.text)\n"
    }
    let prepared = try sequences(records.joined()).prepared(PreparationPlan())
    #expect(
      prepared.splitDescription.hasPrefix(
        "at random, near-duplicates kept together (no coordinates in the names of 3 of 40 examples): "
      ))
    #expect(prepared.leaks.placed == 37 && prepared.leaks.examples == 40)
  }

  private func interval(of name: String) throws -> GenomicInterval? {
    try sequences(">\(name)\nACGTTGCATC\n").dataset.examples[0].interval
  }

  private func sequences(_ text: String) throws -> LoadedDataset {
    let folder = TemporaryFolder()
    return try DatasetInput.sequences(positives: folder.write(text, to: "p.fa"), negatives: nil)
      .load(length: nil)
  }
}
