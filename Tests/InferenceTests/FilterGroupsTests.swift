import Genomics
import Inference
import Models
import Motifs
import TestSupport
import Testing

@Suite struct FilterGroupsTests {
  /// Each filter is in one group; leaders come from the most influential down, and so do the others; leaders with
  /// one name are one group; every filter alone is a group of its own without grouping.
  @Test func eachFilterIsInOneGroup() throws {
    let path = packageRoot + "/motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme"
    let database = MotifDatabase(name: "JASPAR", motifs: try MotifFile(path: path).motifs)
    let planted = database.motifs.filter {
      ["CTCF", "GATA3", "FOS::JUN"].contains($0.alternateName)
    }
    let motifs = FilterMotifs(
      motifs: planted.flatMap { [$0.probabilities, $0.probabilities.reverseComplement] }
        .enumerated().map { number, matrix in
          FilterMotif(
            filter: number,
            motif: Motif(name: "filter\(number + 1)", probabilities: matrix, siteCount: 100),
            influences: [Double(10 - number)])
        }, background: .uniform)
    let groups = motifs.groups(database: database, threads: 2)
    let filters = groups.flatMap { [$0.leader.filter] + $0.others.map(\.filter) }
    #expect(filters.sorted() == Array(motifs.motifs.indices))
    #expect(groups.allSatisfy { !$0.others.isEmpty })
    #expect(
      zip(groups, groups.dropFirst()).allSatisfy { $0.leader.influence > $1.leader.influence })
    let names = groups.compactMap { $0.match?.motif?.name }
    #expect(Set(names).count == groups.count)
    #expect(groups.map(\.motif.alternateName) == groups.map { $0.match?.motif?.alternateName })
    let singles = motifs.singles(threads: 1)
    #expect(singles.map(\.leader) == motifs.motifs && singles.allSatisfy { $0.match == nil })
  }
}
