import Genomics
import GenomicsIO
import Inference
import Models
import TestSupport
import Testing

@Suite struct ScanPlanTests {
  /// Shards of any number score each window once, to the same bits as one scan.
  @Test(arguments: [1, 2, 3, 7]) func shardsCoverTheGenomeOnce(shardCount: Int) throws {
    let folder = TemporaryFolder()
    let path = folder.write(
      fasta([
        ("a", randomBases(2_300_000, seed: 1, unknownRuns: true)), ("b", randomBases(20, seed: 2)),
        ("c", randomBases(1_048_577, seed: 3)),
      ]), to: "g.fa")
    let model = try toyModel(windowLength: 31, tasks: 1)
    let genome = try Genome(path: path)
    var expected: [String: [Float]] = [:]
    var whole = try GenomeScan(genome: path, model: model, threads: 2)
    while let stretch = try whole.next() {
      expected[stretch.sequence, default: []] += stretch.scores.outputs
    }
    var found: [String: [Float]] = [:]
    for shard in 0..<shardCount {
      let plan = ScanPlan(
        of: genome, parts: genome.allSequences, windowLength: 31, shard: shard,
        shardCount: shardCount)
      var scan = GenomeScan(plan, model: model, threads: 2)
      for piece in plan.pieces {
        let stretch = try #require(try scan.next())
        guard piece.isOwn else { continue }
        #expect(stretch.start == found[stretch.sequence, default: []].count)
        found[stretch.sequence, default: []] += stretch.scores.outputs
      }
      #expect(try scan.next() == nil)
    }
    #expect(found.keys.sorted() == expected.keys.sorted())
    for (name, outputs) in expected {
      #expect(found[name]?.map(\.bitPattern) == outputs.map(\.bitPattern))
    }
  }

  /// Regions by hand: joined, cut at the end, under another name, and left out.
  @Test func joinsRegions() throws {
    let folder = TemporaryFolder()
    let path = folder.write(
      fasta([("chr2", randomBases(100, seed: 1)), ("chr1", randomBases(50, seed: 2))]), to: "g.fa")
    let genome = try Genome(path: path)
    let regions = [
      ("1", 40, 90), ("chr2", 30, 40), ("chr2", 10, 30), ("chr2", 35, 38),
      ("chr2", 60, 60), ("chr1", 60, 70), ("chr3", 1, 2), ("chr2", 50, 55),
    ].map { GenomicInterval($0, start: $1, end: $2) }
    let covered = genome.covered(
      by: regions, naming: SequenceNaming(known: genome.sequences.map(\.name)))
    #expect(
      covered == [
        GenomicInterval("chr2", start: 10, end: 40), GenomicInterval("chr2", start: 50, end: 55),
        GenomicInterval("chr1", start: 40, end: 50),
      ])
  }
}
