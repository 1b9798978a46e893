import Foundation
import TestSupport
import Testing

@Suite final class ScanTests {
  private let folder = TemporaryFolder()
  private let genome: String
  private let sites: [[String]]
  /// The score of the window that starts at each position, by sequence; `nil` where there is none.
  private let scores: [String: [Double?]]

  init() throws {
    genome = folder.write(Toy.genomeText, to: "genome.fa")
    let (sitesPath, trackPath) = (folder.path + "/sites.bed", folder.path + "/track.bedgraph")
    let run = try Program([
      "scan", "--model", Toy.model, "--genome", genome, "--threshold", "0.4", "--quiet",
      "--output", sitesPath, "--bedgraph", trackPath, "--bigwig", folder.path + "/track.bw",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(run.words.isEmpty)
    sites = rows(try contents(sitesPath)).filter { $0[0] != "#chrom" }
    var scores = Dictionary(
      uniqueKeysWithValues: Toy.genome.map {
        ($0.name, [Double?](repeating: nil, count: $0.bases.count))
      })
    for row in rows(try contents(trackPath)) where scores[row[0]] != nil {
      let (start, end) = (try #require(Int(row[1])), try #require(Int(row[2])))
      for position in start..<end {
        scores[row[0]]?[position - Toy.windowLength / 2] = Double(row[3])
      }
    }
    self.scores = scores
  }

  /// Each window of the track scores as `predict` scores it; those of more than half unknown bases
  /// have no score.
  @Test func trackEqualsPredict() throws {
    var bed = ""
    var expected: [Double] = []
    for (name, bases) in Toy.genome {
      let letters = Array(bases)
      for start in stride(from: 0, through: letters.count - Toy.windowLength, by: 7) {
        let unknown = letters[start..<start + Toy.windowLength].count { $0 == "N" }
        let score = scores[name]?[start]
        #expect((score == nil) == (2 * unknown > Toy.windowLength))
        guard let score else { continue }
        bed += "\(name)\t\(start)\t\(start + Toy.windowLength)\n"
        expected.append(score)
      }
    }
    let regions = folder.write(bed, to: "windows.bed")
    let run = try Program([
      "predict", "--model", Toy.model, "--regions", regions, "--genome", genome,
    ])
    let predicted = rows(run.output).dropFirst().compactMap { Double($0[4]) }
    #expect(predicted.count == expected.count)
    #expect(zip(predicted, expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  /// A site is at or above the threshold, and no overlapping window scores higher.
  @Test func noWindowOutscoresASite() throws {
    for site in sites {
      let windows = try #require(scores[site[0]])
      let start = try #require(Int(site[1]))
      let score = try #require(windows[start])
      #expect(Int(site[2]) == start + Toy.windowLength)
      #expect(score >= 0.4)
      #expect(overlapping(start...start, of: windows).allSatisfy { windows[$0] ?? 0 <= score })
    }
  }

  /// Where a run of windows of one score stands above all that overlap it, one of them is a site:
  /// which one, their logits decide, as probabilities are too coarse to.
  @Test func eachPeakOfTheTrackIsASite() {
    var count = 0
    for (name, bases) in Toy.genome {
      let windows = scores[name] ?? []
      var start = 0
      while start <= bases.count - Toy.windowLength {
        let run =
          start...(windows[start...].firstIndex { $0 != windows[start] } ?? windows.count) - 1
        defer { start = run.upperBound + 1 }
        guard let score = windows[start], score >= 0.4,
          overlapping(run, of: windows).allSatisfy({
            run.contains($0) || windows[$0] ?? 0 < score
          })
        else { continue }
        count += 1
        #expect(sites.count { $0[0] == name && run.contains(Int($0[1]) ?? -1) } == 1)
      }
    }
    #expect(count > 3)
  }

  /// The starts of the windows that overlap one of those that start in `run`.
  private func overlapping(_ run: ClosedRange<Int>, of windows: [Double?]) -> Range<Int> {
    max(
      0, run.lowerBound - Toy.windowLength + 1)..<min(
        windows.count, run.upperBound + Toy.windowLength)
  }

  @Test func sitesAreValidBED() {
    for site in sites {
      #expect(site.count == 9)
      #expect((0...1000).contains(Int(site[4]) ?? -1))
      #expect(["+", "-", "."].contains(site[5]))
    }
  }

  @Test func readsAGenomeFromStandardInput() throws {
    let run = try Program(
      ["scan", "--model", Toy.model, "--genome", "-", "--threshold", "0.4", "--output", "-"],
      input: Toy.genomeText)
    #expect(rows(run.output).filter { $0[0] != "#chrom" } == sites)
    #expect(run.words.contains("\(sites.count) sites in "))
  }

  /// The closing empty block of BGZF (SAM specification, section 4.1.2).
  @Test func compressesInBlocks() throws {
    let path = folder.path + "/sites.bed.gz"
    let run = try Program([
      "scan", "--model", Toy.model, "--genome", genome, "--output", path, "--quiet",
    ])
    #expect(run.exitCode == 0)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(bytes.starts(with: [0x1f, 0x8b, 8, 4]))
    #expect(
      bytes.suffix(28) == [
        0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0,
        0, 0, 0,
      ])
  }
}
