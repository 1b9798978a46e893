import Foundation
import Genomics
import Motifs
import TestSupport
import Testing

/// What Biopython makes of aligned sites; `scripts/goldens/motifs.py` says how.
@Suite struct BiopythonTests {
  struct Golden: Decodable {
    let sites: [String]
    let background: [Double]
    let sequence: String
    let counts, probabilities, logOdds: [[Float]]
    let relativeEntropy: [Double]
    let scores, reverseScores: [Float]
  }

  let golden: Golden
  let counts: CountMatrix
  let background: Background

  init() throws {
    let path = packageRoot + "/Tests/MotifsTests/Goldens/biopython.json"
    golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    counts = CountMatrix(sites: golden.sites.map { EncodedSequence($0)! })
    background = try #require(Background(SIMD4(golden.background)))
  }

  @Test func countsAndProbabilities() {
    #expect(counts.columns == golden.counts.map { SIMD4($0) })
    let found = counts.probabilities().columns.map { SIMD4<Float>($0) }
    expectClose(found.flatMap(\.scalars), golden.probabilities.joined())
  }

  @Test func information() {
    let bits = counts.probabilities().informationInBits(background: background)
    expectClose(bits.map { Float($0) }, golden.relativeEntropy.map { Float($0) })
  }

  @Test func logOddsAndScores() {
    let sequence = EncodedSequence(golden.sequence)!
    let matrix = counts.probabilities().logOdds(background: background)
    expectClose(matrix.columns.flatMap(\.scalars), golden.logOdds.joined())
    expectClose(matrix.scores(of: sequence), golden.scores)
    expectClose(matrix.reverseComplement.scores(of: sequence), golden.reverseScores)
  }

  /// Biopython's scores are single precision; a sum of nine adds a few roundings of numbers up to 20.
  private func expectClose(_ found: [Float], _ expected: some Collection<Float>) {
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) <= 1e-5 + 1e-6 * abs(expected))
    }
  }
}

extension SIMD4<Float> {
  fileprivate var scalars: [Float] { indices.map { self[$0] } }
}
