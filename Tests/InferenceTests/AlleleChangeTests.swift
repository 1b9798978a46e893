import Genomics
import GenomicsIO
import Inference
import Models
import TestSupport
import Testing

@Suite struct AlleleChangeTests {
  /// The windows around both alleles of a change to a sequence.
  private func windows(
    _ bases: String, at start: Int, _ reference: String, _ alternate: String, length: Int,
    normalized: Bool = false
  ) throws -> [String] {
    let folder = TemporaryFolder()
    let genome = try Genome(path: folder.write(">s\n\(bases)\n", to: "g.fa"))
    let source = try #require(SequenceSource(genome: genome, name: "s", margin: 3))
    var change = try change(start, reference, alternate)
    if normalized { try change.normalize(in: source) }
    let pair = try change.haplotypes(flank: length, in: source)
    return [pair.reference, pair.alternate].map { text($0.window(of: length)) }
  }

  private func text(_ codes: ArraySlice<UInt8>) -> String {
    EncodedSequence(codes: Array(codes)).text
  }

  private func change(_ start: Int, _ reference: String, _ alternate: String) throws -> AlleleChange
  {
    AlleleChange(
      start: start, reference: try #require(EncodedSequence(reference)).codes,
      alternate: try #require(EncodedSequence(alternate)).codes)
  }

  /// By hand: the substituted base stands at offset `length / 2`.
  @Test func centresASubstitution() throws {
    let bases = "ACGTTGCAAC"
    #expect(try windows(bases, at: 4, "T", "G", length: 5) == ["GTTGC", "GTGGC"])
    #expect(try windows(bases, at: 4, "T", "G", length: 4) == ["GTTG", "GTGG"])
    #expect(try windows(bases, at: 4, "T", "G", length: 1) == ["T", "G"])
  }

  @Test func fillsUpWithUnknownBasesPastTheEnds() throws {
    #expect(try windows("ACG", at: 0, "A", "T", length: 5) == ["NNACG", "NNTCG"])
    #expect(try windows("ACG", at: 2, "G", "T", length: 5) == ["ACGNN", "ACTNN"])
    #expect(try windows("ACG", at: 1, "C", "T", length: 8) == ["NNNACGNN", "NNNATGNN"])
  }

  /// By hand. `TGG` in the middle of a window of 7 leaves 2 bases on either side; the empty allele
  /// has 3 to the left of its place and 4 to the right.
  @Test func centresEachAlleleOfAnInsertion() throws {
    let bases = "ACGTTGCAAC"
    #expect(try windows(bases, at: 5, "", "TGG", length: 7) == ["GTTGCAA", "TTTGGGC"])
    #expect(try windows(bases, at: 5, "", "TGG", length: 6) == ["GTTGCA", "TTTGGG"])
    #expect(try windows(bases, at: 5, "", "TG", length: 6) == ["GTTGCA", "TTTGGC"])
  }

  @Test func centresEachAlleleOfADeletion() throws {
    let bases = "ACGTTGCAAC"
    #expect(try windows(bases, at: 4, "TGC", "", length: 5) == ["TTGCA", "GTAAC"])
    #expect(try windows(bases, at: 4, "TGC", "", length: 4) == ["TTGC", "GTAA"])
  }

  /// Of `TGGCC` in a window of 3 the middle stays.
  @Test func leavesOutTheEndsOfALongAllele() throws {
    #expect(try windows("ACGTTGCAAC", at: 5, "", "TGGCC", length: 3) == ["TGC", "GGC"])
    #expect(try windows("ACGTTGCAAC", at: 1, "CGTTGCA", "C", length: 3) == ["TTG", "ACA"])
  }

  /// Each spelling of one deletion, and of one insertion, gives the same windows: those by hand of
  /// `CA` behind `GT`.
  @Test func spellingsDoNotMatter() throws {
    let bases = "GTCACACACTG"
    let deletions = [
      (1, "TCA", "T"), (2, "CA", ""), (3, "ACA", "A"), (4, "CAC", "C"), (6, "CA", ""),
      (6, "CACT", "CT"), (0, "GTCAC", "GTC"),
    ]
    for (start, reference, alternate) in deletions {
      #expect(
        try windows(bases, at: start, reference, alternate, length: 6, normalized: true)
          == ["GTCACA", "NGTCAC"], "\(start) \(reference)")
    }
    let insertions = [(1, "T", "TCA"), (2, "", "CA"), (8, "", "CA"), (7, "AC", "ACAC")]
    for (start, reference, alternate) in insertions {
      #expect(
        try windows(bases, at: start, reference, alternate, length: 6, normalized: true)
          == ["NGTCAC", "GTCACA"], "\(start) \(reference)")
    }
  }

  /// A run longer than what is read at a time, up to the sequence's start; and one that stops at an
  /// unknown base.
  @Test func shiftsAsFarAsItGoes() throws {
    let run = String(repeating: "A", count: 500)
    #expect(
      try windows(run + "C", at: 499, "A", "", length: 7, normalized: true)
        == windows(run + "C", at: 0, "A", "", length: 7))
    #expect(
      try windows("AN" + run + "C", at: 400, "", "A", length: 7, normalized: true)
        == windows("AN" + run + "C", at: 2, "", "A", length: 7))
  }

  /// Alleles that share their ends are less than they look.
  @Test func trimsSharedEnds() throws {
    #expect(
      try windows("ACGTTGCAAC", at: 2, "GTTG", "GTAG", length: 5, normalized: true)
        == windows("ACGTTGCAAC", at: 4, "T", "A", length: 5))
    #expect(try windows("ACGTTGCAAC", at: 4, "TG", "TG", length: 5, normalized: true).count == 2)
  }

  /// By hand: every window of 3 that contains `T`, `CA`, the place between `G` and `T`; of `GTTGC` those
  /// that it contains.
  @Test func placementsContainTheAllele() throws {
    let bases = Array("ACGTTGCAAC".utf8)
    func placements(_ allele: Range<Int>, length: Int) throws -> String {
      let codes = try #require(EncodedSequence(letters: bases)).codes
      return text(Haplotype(codes: codes, allele: allele).placements(of: length))
    }
    #expect(try placements(4..<5, length: 3) == "GTTGC")
    #expect(try placements(6..<8, length: 3) == "GCAA")
    #expect(try placements(3..<3, length: 3) == "CGTT")
    #expect(try placements(3..<3, length: 2) == "GT")
    #expect(try placements(2..<7, length: 3) == "GTTGC")
    #expect(try placements(2..<5, length: 3) == "GTT")
    #expect(try placements(3..<3, length: 1) == "T")
  }

  /// 194 indels as they were called, and as vt wrote them left-aligned and parsimonious.
  @Test(.enabled(if: SharedData.isPresent)) func agreesWithVt() throws {
    let genome = try Genome(path: SharedData.path("data/genome/GRCh37.chr20.fa.gz"))
    let source = try #require(SequenceSource(genome: genome, name: "20", margin: 202))
    func windows(_ file: String, normalized: Bool) throws -> [[String]] {
      var result: [[String]] = []
      for variant in try variants(of: SharedData.path("data/variants/\(file).vcf.gz")) {
        for alternate in variant.alternates {
          var change = try change(variant.position, variant.reference, alternate)
          if normalized {
            try change.normalize(in: source)
          } else {
            // What vt wrote needs its anchor taken off, and nothing else.
            let anchor = zip(change.reference, change.alternate).prefix { $0 == $1 }.count
            change.reference.removeFirst(anchor)
            change.alternate.removeFirst(anchor)
            change.start += anchor
          }
          let pair = try change.haplotypes(flank: 101, in: source)
          result.append([pair.reference, pair.alternate].map { text($0.window(of: 101)) })
        }
      }
      return result
    }
    let called = try windows("vt_normalize_in", normalized: true)
    let aligned = try windows("vt_normalize_out", normalized: false)
    #expect(called.count >= 194)
    #expect(Set(called) == Set(aligned))
    #expect(try Set(windows("vt_normalize_out", normalized: true)) == Set(aligned))
  }
}
