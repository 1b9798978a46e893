import Genomics
import GenomicsIO
import Inference
import Models
import TestSupport
import Testing

/// Genomes of which hardly anything is known.
@Suite struct SparseGenomeTests {
  private func windows(of text: String, length: Int, threads: Int = 2) throws -> [EncodedSequence] {
    let folder = TemporaryFolder()
    return try backgroundWindows(
      of: Genome(path: folder.write(text, to: "g.fa")), length: length, seed: 1, threads: threads)
  }

  private func unknown(_ count: Int) -> String { String(repeating: "N", count: count) }

  /// 300 known bases in three million: windows at every fifth base have at least half of theirs in them.
  @Test(arguments: [0, 1, 1_500_003, 2_999_700]) func whatIsKnownIsFound(start: Int) throws {
    let island = String(repeating: "ACGTTGCAGT", count: 30)
    let text = ">a\n\(unknown(start))\(island)\(unknown(2_999_700 - start))\n"
    let found = try windows(of: text, length: 10)
    #expect((58...62).contains(found.count), "\(found.count)")
    #expect(found.allSatisfy { $0.count == 10 && !$0.isMostlyUnknown })
    #expect(try windows(of: text, length: 10, threads: 1) == found)
  }

  @Test func aWhollyUnknownGenomeHasNone() throws {
    #expect(try windows(of: ">a\n\(unknown(5000))\n>b\n\(unknown(3))\n", length: 10).isEmpty)
    #expect(try windows(of: ">a\nACGT\n", length: 10).isEmpty)
  }

  /// Masked base by base, more than half: what is known stands in short stretches.
  @Test func aHardMaskedGenomeHasSome() throws {
    let text = String(repeating: "\(unknown(400))ACGTTG", count: 2000)
    let found = try windows(of: ">a\n\(text)\n", length: 10)
    #expect(!found.isEmpty && found.allSatisfy { !$0.isMostlyUnknown })
  }
}
