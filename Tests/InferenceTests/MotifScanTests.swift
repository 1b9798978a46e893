import Foundation
import Genomics
import GenomicsIO
import Inference
import Models
import Motifs
import TestSupport
import Testing

@Suite struct MotifScanTests {
  struct Place: Hashable {
    let sequence: String
    let start: Int
    let motif: String
    let strand: Strand
  }

  static let goldens = packageRoot + "/Tests/InferenceTests/Goldens"

  private func jaspar() throws -> [Motif] {
    let path = packageRoot + "/motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme"
    return try MotifFile(readBytes(path), file: path).motifs
  }

  private func hits(
    genome: String, tables: [PValueTable], pValue: Double, bothStrands: Bool = true,
    threads: Int = 1, hitsPerChunk: Double = 1e6
  ) throws -> [(sequence: String, hit: MotifHit)] {
    var scan = try MotifScan(
      genome: genome, tables: tables, pValue: pValue, bothStrands: bothStrands, threads: threads,
      hitsPerChunk: hitsPerChunk
    ) { sequence, hits in hits.map { (sequence: sequence, hit: $0) } }
    var hits: [(sequence: String, hit: MotifHit)] = []
    while let scanned = try scan.next() {
      hits += scanned.outputs.joined()
    }
    return hits
  }

  /// Every hit of all of JASPAR's motifs by MEME Suite's own code, with the background of its
  /// database: places and strands, scores and p-values to the last decimals of a Double.
  @Test func findsWhatFIMOFinds() throws {
    let motifs = try jaspar()
    let background = try #require(Background([0.281774, 0.22202, 0.228876, 0.26733]))
    let tables = motifs.map { PValueTable($0, background: background, below: 1e-4) }
    let found = try hits(genome: Self.goldens + "/sequences.fa", tables: tables, pValue: 1e-4)
    let rows = try String(contentsOfFile: Self.goldens + "/fimo.tsv", encoding: .utf8)
      .split(separator: "\n").dropFirst().map { $0.split(separator: "\t").map(String.init) }
    #expect(rows.count > 700)
    let expected = Dictionary(
      uniqueKeysWithValues: rows.map { row in
        let place = Place(
          sequence: row[0], start: Int(row[1])!, motif: row[3], strand: Strand(rawValue: row[4])!)
        return (place, (score: Double(row[5])!, pValue: Double(row[6])!))
      })
    #expect(found.count == expected.count)
    for (sequence, hit) in found {
      let place = Place(
        sequence: sequence, start: hit.start, motif: motifs[hit.motif].name, strand: hit.strand)
      let (score, pValue) = try #require(expected[place])
      #expect(abs(tables[hit.motif].bits(of: hit.score) - score) < 1e-9)
      #expect(abs(tables[hit.motif].pValue(of: hit.score) / pValue - 1) < 1e-9)
    }
  }

  /// Plain loops over a genome of many chunks, with unknown bases and a sequence shorter than the
  /// motifs: all hits, in order, whatever the number of threads.
  @Test func findsWhatTheDefinitionFinds() throws {
    let tables = try jaspar().prefix(5).map { PValueTable($0, below: 1e-3) }
    var state: UInt64 = 1
    func random() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33)
    }
    let long = String(
      decoding: (0..<200_000).map { _ in
        random() % 500 == 0 ? UInt8(ascii: "N") : Array("ACGT".utf8)[random() % 4]
      }, as: UTF8.self)
    let genome = [("long", long), ("short", "ACG"), ("last", String(long.suffix(30)))]
    let folder = TemporaryFolder()
    let path = folder.write(
      genome.map { ">\($0.0)\n\($0.1)\n" }.joined(), to: "genome.fa")
    for bothStrands in [true, false] {
      let expected = genome.flatMap { name, bases in
        plainHits(tables, in: EncodedSequence(bases)!, bothStrands: bothStrands).map { (name, $0) }
      }
      for threads in [1, 3] {
        let found = try hits(
          genome: path, tables: tables, pValue: 1e-3, bothStrands: bothStrands, threads: threads,
          hitsPerChunk: 100)
        #expect(found.map(\.sequence) == expected.map(\.0))
        #expect(found.map(\.hit) == expected.map(\.1))
      }
    }
  }

  private func plainHits(_ tables: [PValueTable], in sequence: EncodedSequence, bothStrands: Bool)
    -> [MotifHit]
  {
    var hits: [MotifHit] = []
    let codes = sequence.codes.map(Int.init)
    let scores = tables.map { $0.scores.map { column in (0..<4).map { Int(column[$0]) } } }
    for start in codes.indices {
      for (motif, table) in tables.enumerated() where start + table.width <= codes.count {
        let window = codes[start..<start + table.width]
        guard !window.contains(4) else { continue }
        for strand in bothStrands ? [Strand.forward, .reverse] : [.forward] {
          var score = 0
          var tap = 0
          while tap < table.width {
            let code =
              strand == .forward ? codes[start + tap] : 3 - codes[start + table.width - 1 - tap]
            score += scores[motif][tap][code]
            tap += 1
          }
          guard score >= table.threshold else { continue }
          hits.append(MotifHit(start: start, motif: motif, strand: strand, score: score))
        }
      }
    }
    return hits
  }

  /// 3 A and 1 C, to each of the four counts 1 is added; N doesn't count.
  @Test func countsBackgrounds() throws {
    let folder = TemporaryFolder()
    let background = try Background(genome: folder.write(">a\nAAN\n>b\nac\n", to: "genome.fa"))
    #expect(background.frequencies == [0.5, 0.25, 0.125, 0.125])
    #expect(background.strandSymmetric.frequencies == [0.3125, 0.1875, 0.1875, 0.3125])
  }
}
