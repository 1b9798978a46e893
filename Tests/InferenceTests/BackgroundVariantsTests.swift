import Genomics
import GenomicsIO
import Inference
import Models
import TestSupport
import Testing

@Suite struct BackgroundVariantsTests {
  private static let bases = randomBases(6000, seed: 21).text

  private func genome() throws -> Genome {
    let folder = TemporaryFolder()
    return try Genome(
      path: folder.write(Gzip.member(">7\n\(Self.bases)\n".utf8), to: "g.fa.gz"))
  }

  private func standings(
    _ variants: [Variant], count: Int? = 500, seed: UInt64 = 1, threads: Int = 1
  ) throws -> [(outputs: AlleleOutputs, standing: [BackgroundStanding])] {
    let (model, genome) = (try toyModel(windowLength: 31), try genome())
    let background = try #require(
      try BackgroundVariants(of: model, genome: genome, count: count, seed: seed, threads: threads))
    let scorer = VariantScorer(model: model, genome: genome, background: background)
    return try scorer.score(variants).flatMap(\.outcomes).compactMap {
      guard case .scored(let score) = $0, let standing = score.standing else { return nil }
      return (score.centred, standing)
    }
  }

  private func variants(_ count: Int, alternate: (Substring) -> String) -> [Variant] {
    let letters = Array(Self.bases)
    return (0..<count).map { index in
      let position = 100 + 7 * index
      let reference = String(letters[position..<position + 1])
      return Variant(
        sequence: "7", position: position, reference: reference,
        alternates: [alternate(reference[...])])
    }
  }

  /// A power of two that isn't below the longer allele, 64 at most.
  @Test func kindsAreOfSimilarSize() {
    let sizes = [0, 1, 2, 3, 4, 5, 33, 64, 65, 1000].map {
      ChangeKind(reference: $0, alternate: 0)
    }
    #expect(sizes.map(\.size) == [1, 1, 2, 4, 4, 8, 64, 64, 64, 64])
    #expect(sizes.map(\.isIndel) == [false] + [Bool](repeating: true, count: 9))
    #expect(ChangeKind(reference: 0, alternate: 3) == ChangeKind(reference: 4, alternate: 0))
    #expect(ChangeKind(reference: 3, alternate: 3) != ChangeKind(reference: 3, alternate: 0))
  }

  /// Only the middle of a sequence changes: a substitution's ends to another base, each of the three as often
  /// (about 1,000 of 3,000, standard deviation 26), an indel's middle goes.
  @Test func changesTheMiddle() {
    var random = RandomStream(seed: 5, .backgroundVariants)
    let codes = randomBases(41, seed: 2).codes
    var counts = [Int](repeating: 0, count: 4)
    for _ in 0..<3000 {
      let snv = ChangeKind(reference: 1, alternate: 1).randomChange(of: codes, using: &random)
      #expect(snv.reference.codes == codes && snv.alternate.allele == 20..<21)
      #expect(
        snv.alternate.codes[..<20] + snv.alternate.codes[21...] == codes[..<20] + codes[21...])
      counts[Int(snv.alternate.codes[20])] += 1
    }
    #expect(counts[Int(codes[20])] == 0)
    #expect(counts.filter { $0 > 0 }.allSatisfy { abs($0 - 1000) < 130 })
    for _ in 0..<100 {
      let triple = ChangeKind(reference: 3, alternate: 4).randomChange(of: codes, using: &random)
      #expect(triple.reference.allele == 18..<22 && triple.alternate.allele == 18..<18)
      #expect(triple.alternate.codes == Array(codes[..<18] + codes[22...]))
      let four = ChangeKind(reference: 4, alternate: 4).randomChange(of: codes, using: &random)
      #expect(four.alternate.codes[18] != codes[18] && four.alternate.codes[21] != codes[21])
    }
  }

  /// Of changes that are as those of the background, p-values are uniform: their mean is 1/2 (standard deviation of
  /// 600: 0.012, and as much of the background), and a tenth is below 0.1 (0.012). The genome is random bases, which
  /// are shuffles themselves.
  @Test func pValuesOfRandomChangesAreUniform() throws {
    let snvs = try standings(variants(600) { $0 == "A" ? "C" : $0 == "C" ? "G" : "A" }, count: 2000)
    let deletions = variants(600) { $0 + "ACG" }.map {
      Variant(
        sequence: "7", position: $0.position,
        reference: String(Array(Self.bases)[$0.position..<$0.position + 4]),
        alternates: [$0.reference])
    }
    for found in [snvs, try standings(deletions, count: 2000)] {
      #expect(found.count == 600)
      for task in 0..<2 {
        let values = found.map { $0.standing[task].pValue }
        #expect(abs(values.reduce(0, +) / 600 - 0.5) < 0.06)
        #expect(abs(Double(values.count { $0 <= 0.1 }) / 600 - 0.1) < 0.05)
        let quantiles = found.map { $0.standing[task].activeQuantile }
        // The larger of two outputs that are nearly the same.
        #expect(abs(quantiles.reduce(0, +) / 600 - 0.5) < 0.15)
        #expect(quantiles.allSatisfy { (0...1).contains($0) })
      }
    }
  }

  /// A larger difference has no larger p-value, the least is 1 / (n + 1), and that of no difference is 1.
  @Test func largerDifferencesAreRarer() throws {
    let found = try standings(variants(300) { $0 + "GATTACA" } + variants(300) { String($0) })
    for task in 0..<2 {
      for kind in [found[..<300], found[300...]] {
        let sorted = kind.sorted {
          abs($0.outputs.difference(task: task)) < abs($1.outputs.difference(task: task))
        }
        let values = sorted.map { $0.standing[task].pValue }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(values.allSatisfy { $0 >= 1.0 / 501 && $0 <= 1 })
      }
      #expect(found[300...].allSatisfy { $0.standing[task].pValue == 1 })
    }
  }

  @Test func dependOnTheSeedAloneAndNotOnThreads() throws {
    let variants = variants(100) { $0 + "AC" } + variants(100) { $0 == "A" ? "C" : "A" }
    let found = try [(1, 1), (1, 3), (2, 1)].map { seed, threads in
      try standings(variants, seed: UInt64(seed), threads: threads).map(\.standing)
    }
    #expect(found[0] == found[1] && found[0] != found[2])
    // What comes up first makes no difference.
    let reversed = try standings(variants.reversed()).map(\.standing)
    #expect(reversed.reversed() == found[0])
  }

  @Test func isNoneOfAGenomeWithoutWindows() throws {
    let folder = TemporaryFolder()
    let genome = try Genome(path: folder.write(">a\nACGTACGTAC\n", to: "short.fa"))
    let model = try toyModel(windowLength: 31)
    #expect(try BackgroundVariants(of: model, genome: genome, seed: 1, threads: 1) == nil)
  }

  /// Benjamini and Hochberg by the definition: the least of p · m / rank over all alleles with p as large.
  @Test func qValuesAreThoseOfBenjaminiAndHochberg() {
    var random = RandomStream(seed: 8, .background)
    let reaching = (0..<2000).map { $0 < 100 ? random.next(below: 4) : random.next(below: 101) }
    var counts = PValueCounts(backgroundCount: 100)
    for value in reaching { counts.add(reaching: value) }
    let found = counts.qValues
    let sorted = reaching.sorted()
    var least = 1.0
    for (rank, value) in sorted.enumerated().reversed() {
      least = min(least, Double(value + 1) / 101 * 2000 / Double(rank + 1))
      #expect(abs(found[value] - least) < 1e-12)
    }
    #expect(PValueCounts(backgroundCount: 3).qValues == [1, 1, 1, 1])
  }
}
