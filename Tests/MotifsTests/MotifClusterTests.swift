import Genomics
import Motifs
import TestSupport
import Testing

@Suite struct MotifClusterTests {
  let database: [Motif]

  init() throws { database = try Database.jaspar() }

  private func matrix(_ name: String) throws -> ProbabilityMatrix {
    try #require(database.first { $0.name == name }).probabilities
  }

  /// Three motifs, each whole, cut at both ends, and turned: each becomes a cluster, whose members lie where they were
  /// cut out. The average is that of the columns that two of three have: all three come from one matrix.
  @Test func findsWhatWasPlanted() throws {
    let whole = try ["MA0139.2", "MA0138.3", "MA0106.3"].map(matrix)
    let motifs = whole.enumerated().flatMap { number, matrix in
      let cut = ProbabilityMatrix(columns: Array(matrix.columns[2..<matrix.width - 1]))!
      return [matrix, cut, matrix.reverseComplement].enumerated().map { copy, matrix in
        Motif(name: "\(number).\(copy)", probabilities: matrix, siteCount: 10)
      }
    }
    let clusters = clustered(motifs, pValue: 1e-4, others: database, threads: 2)
    #expect(clusters.map(\.average.name) == ["cluster1", "cluster2", "cluster3"])
    for (number, cluster) in clusters.enumerated() {
      #expect(cluster.members.map(\.motif) == [3 * number, 3 * number + 1, 3 * number + 2])
      #expect(cluster.average.siteCount == 30)
      let isTurned = cluster.members[0].strand == .reverse
      let expected = isTurned ? whole[number].reverseComplement : whole[number]
      #expect(cluster.average.width == expected.width)
      for (column, other) in zip(cluster.average.probabilities.columns, expected.columns) {
        #expect(max((column - other).max(), (other - column).max()) < 1e-12)
      }
      #expect(cluster.members.map(\.start) == [0, isTurned ? 1 : 2, 0])
      #expect(cluster.members[1].strand == cluster.members[0].strand)
      #expect(cluster.members[2].strand != cluster.members[0].strand)
      #expect(cluster.members.first { $0.motif == cluster.centre }?.pValue == 0)
    }
  }

  /// Two columns of two certain bases each, laid on one another at the second: `(C + C) / 2` by hand. Ends that one of
  /// two has are kept, since that is half of them.
  @Test func averagesByHand() {
    let bases: [SIMD4<Double>] = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    func motif(_ codes: [Int]) -> Motif {
      Motif(name: "m", probabilities: ProbabilityMatrix(columns: codes.map { bases[$0] })!)
    }
    let pair = [motif([0, 1, 0, 2, 1, 0, 0]), motif([1, 0, 2, 1, 0, 1, 3])]
    let clusters = clustered(pair, pValue: 1e-2, others: database, threads: 1)
    #expect(clusters.count == 1)
    let expected =
      [bases[0], bases[1], bases[0], bases[2], bases[1], bases[0]] + [[0.5, 0.5, 0, 0], bases[3]]
    #expect(clusters.first?.average.probabilities.columns == expected)
    #expect(clusters.first?.average.siteCount == nil)
  }

  /// Every two members are alike, no two clusters could become one, and nothing depends on threads.
  @Test func clustersAreComplete() throws {
    let motifs = Array(database[100..<180])
    let limit = 1e-3
    let clusters = clustered(motifs, pValue: limit, threads: 3)
    #expect(clusters.flatMap { $0.members.map(\.motif) }.sorted() == Array(motifs.indices))
    let matches = MotifComparer(targets: motifs).matches(of: motifs, threads: 1)
    func areAlike(_ first: Int, _ second: Int) -> Bool {
      first == second
        || max(matches[first][second].pValue, matches[second][first].pValue) <= limit
    }
    for cluster in clusters {
      let members = cluster.members.map(\.motif)
      #expect(members.allSatisfy { first in members.allSatisfy { areAlike(first, $0) } })
      for other in clusters where other.average.name != cluster.average.name {
        let others = other.members.map(\.motif)
        #expect(!members.allSatisfy { first in others.allSatisfy { areAlike(first, $0) } })
      }
    }
    let again = clustered(motifs, pValue: limit, threads: 1)
    #expect(again.map(\.members) == clusters.map(\.members))
    #expect(again.map(\.average) == clusters.map(\.average))
  }
}
