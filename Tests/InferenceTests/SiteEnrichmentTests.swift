import Foundation
import Genomics
import Inference
import Motifs
import TestSupport
import Testing

@Suite struct ExactTestTests {
  /// SciPy's `fisher_exact` and `binom.sf`; `scripts/goldens/exact_tests.py` makes them. Logarithms of factorials of
  /// 10,000 have 5 digits before the point, so the p-values hold to about 1e-10.
  @Test func agreeWithSciPy() throws {
    let path = packageRoot + "/Tests/InferenceTests/Goldens/exact_tests.tsv"
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
    #expect(rows.count > 200)
    for row in rows.map({ $0.split(separator: "\t").map(String.init) }) {
      let (count, trials) = try (#require(Int(row[1])), #require(Int(row[2])))
      let golden = try #require(Double(row[4]))
      let found: Double
      if row[0] == "fisher" {
        let others = row[3].split(separator: ",").compactMap { Int($0) }
        found = fisherExact(count, of: trials, against: others[0], of: others[1])
      } else {
        found = try binomialTail(count, of: trials, probability: #require(Double(row[3])))
      }
      #expect(abs(found - golden) <= 1e-8 * golden + 1e-300, "\(row)")
    }
  }
}

@Suite struct SiteEnrichmentTests {
  static let length = 60
  let motifs: [Motif] = ["TGACTCAGC", "CACGTGACC"].map { text in
    let sites = [EncodedSequence(text)!]
    return Motif(
      name: text, probabilities: CountMatrix(sites: sites).probabilities(pseudocount: 0.1),
      siteCount: 20)
  }

  /// Random bases; the first motif stands near the middle of two of three sequences, on either strand.
  private func sequences(_ count: Int, planted: Bool) -> [EncodedSequence] {
    var random = RandomStream(seed: 3, .background, planted ? 1 : 0)
    return (0..<count).map { index in
      var codes = (0..<Self.length).map { _ in UInt8(random.next(below: 4)) }
      if planted, index % 3 > 0 {
        let site = EncodedSequence("TGACTCAGC")!.codes
        let turned = index % 2 == 0 ? site : Alphabet.dna.reverseComplement(of: site[...])
        codes.replaceSubrange(24 + index % 5..<33 + index % 5, with: turned)
      }
      return EncodedSequence(codes: codes)
    }
  }

  /// The windows of both strands, one by one: the first start of the highest score that reaches the threshold.
  private func bestStart(of table: PValueTable, in sequence: EncodedSequence) -> Int? {
    var best: (start: Int, score: Int)?
    let turned = table.scores.reversed().map { SIMD4($0[3], $0[2], $0[1], $0[0]) }
    for start in 0...(sequence.count - table.width) {
      for columns in [table.scores, turned] {
        let score = columns.enumerated().reduce(0) { sum, column in
          sum + Int(column.element[Int(sequence.codes[start + column.offset])])
        }
        if score >= table.threshold, score > best?.score ?? .min { best = (start, score) }
      }
    }
    return best?.start
  }

  @Test func countsSequencesWithASite() throws {
    let (bound, others) = (sequences(300, planted: true), sequences(200, planted: false))
    let tables = motifs.map { PValueTable($0, below: 1e-3) }
    let found = siteEnrichments(of: tables, in: bound, against: others, threads: 2)
    for (enrichment, table) in zip(found, tables) {
      let starts = bound.compactMap { bestStart(of: table, in: $0) }
      let other = others.count { bestStart(of: table, in: $0) != nil }
      #expect(enrichment.sequences == 300 && enrichment.controls == 200)
      #expect(enrichment.withSite == starts.count && enrichment.controlsWithSite == other)
      #expect(
        enrichment.pValue == fisherExact(starts.count, of: 300, against: other, of: 200))
      let central = try #require(enrichment.centrality)
      #expect(central.sites == starts.count)
      let expected = bestPart(of: starts, positions: Self.length - table.width + 1)
      #expect(central.positions == expected.positions && central.central == expected.sites)
      #expect(abs(central.pValue - expected.pValue) <= 1e-9 * expected.pValue)
    }
    #expect(found[0].withSite >= 200 && found[0].pValue < 1e-30)
    #expect(found[0].centrality!.pValue < 1e-30 && found[0].centrality!.positions <= 6)
    #expect(found[1].pValue > 0.01 && found[1].centrality!.pValue > 0.01)
    #expect(siteEnrichments(of: tables, in: bound, against: others, threads: 1) == found)
  }

  /// Every central part by itself: how many starts lie in it, and the correction for independent tests.
  private func bestPart(of starts: [Int], positions: Int) -> (
    positions: Int, sites: Int, pValue: Double
  ) {
    let parts = (1..<positions).filter { ($0 - positions) % 2 == 0 }
    let tests = parts.map { width in
      let first = (positions - width) / 2
      let sites = starts.count { $0 >= first && $0 < first + width }
      return (
        positions: width, sites: sites,
        pValue: binomialTail(
          sites, of: starts.count, probability: Double(width) / Double(positions))
      )
    }
    let best = tests.min { $0.pValue < $1.pValue }!
    return (best.positions, best.sites, -expm1(Double(parts.count) * log1p(-best.pValue)))
  }

  @Test func noCentralityForSeveralLengths() {
    let short = EncodedSequence(codes: Array(sequences(1, planted: true)[0].codes.prefix(40)))
    let found = siteEnrichments(
      of: motifs.map { PValueTable($0, below: 1e-3) }, in: sequences(5, planted: true) + [short],
      against: [short], threads: 1)
    #expect(found.allSatisfy { $0.centrality == nil })
  }

  /// E is p times the number of motifs; q by hand for two: p₁ · 2 and p₂.
  @Test func ranks() throws {
    let found = siteEnrichments(
      of: motifs.map { PValueTable($0, below: 1e-3) }.reversed(),
      in: sequences(90, planted: true), against: sequences(90, planted: false), threads: 1)
    let ranked = found.ranked
    #expect(ranked.map(\.enrichment.motif) == [1, 0])
    #expect(ranked[0].eValue == 2 * found[1].pValue && ranked[0].qValue == 2 * found[1].pValue)
    #expect(ranked[1].qValue == min(1, found[0].pValue))
    #expect(ranked[0].centralEValue == 2 * found[1].centrality!.pValue)
  }
}
