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
    sites = rows(try contents(sitesPath)).filter { !$0[0].hasPrefix("#") }
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

  /// A site lies in its window, which scores what the track says there; no two share a base, and the best
  /// window of each sequence has one. (`SiteFinderTests` and `SiteSelectorTests` have the definitions.)
  @Test func sitesAreThePeaksOfTheTrack() throws {
    #expect(sites.count > 3)
    for name in Toy.genome.map(\.name) {
      let windows = scores[name] ?? []
      let own = sites.filter { $0[0] == name }
      let places = own.compactMap { row in
        Int(row[1]).flatMap { start in Int(row[2]).map { start..<$0 } }
      }
      #expect(places.count == own.count)
      #expect(zip(places, places.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
      for (row, place) in zip(own, places) {
        let start = try #require(Int(row[10]))
        #expect(start <= place.lowerBound && place.upperBound <= start + Toy.windowLength)
        let score = try #require(windows[start])
        #expect(abs(score - (Double(row[6]) ?? 0)) < 1e-6 && score >= 0.4)
      }
      let best = try #require(windows.compactMap(\.self).max())
      #expect(own.contains { Double($0[6]) == best })
    }
  }

  /// Of six columns that the format knows, and others of our own: with twelve it would be BED12.
  @Test func sitesAreValidBED() {
    for site in sites {
      #expect(site.count == 11)
      #expect((0...1000).contains(Int(site[4]) ?? -1))
      #expect(["+", "-", "."].contains(site[5]))
    }
  }

  @Test func readsAGenomeFromStandardInput() throws {
    let run = try Program(
      ["scan", "--model", Toy.model, "--genome", "-", "--threshold", "0.4", "--output", "-"],
      input: Toy.genomeText)
    #expect(rows(run.output).filter { !$0[0].hasPrefix("#") } == sites)
    #expect(run.words.contains("\(sites.count) sites in "))
  }

  /// The closing empty block of BGZF (SAM specification, section 4.1.2).
  @Test func compressesInBlocks() throws {
    let path = folder.path + "/sites.bed.gz"
    let run = try Program([
      "scan", "--model", Toy.model, "--genome", genome, "--p-value", "1e-4", "--output", path,
      "--quiet",
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

  private func scan(_ arguments: String..., to name: String = "out.bed") throws -> String {
    let path = folder.path + "/" + name
    let run = try Program(
      ["scan", "--model", Toy.model, "--genome", genome, "--output", path, "--force", "--quiet"]
        + arguments)
    #expect(run.exitCode == 0, "\(run.words)")
    return path
  }

  private func sites(_ path: String) throws -> [[String]] {
    rows(try contents(path)).filter { !$0[0].hasPrefix("#") }
  }

  /// Of a model that met shuffles alone p-values have to be asked for; the sites then say what to beware of.
  @Test func pValuesThatMisleadAreRefused() throws {
    let arguments = ["scan", "--model", Toy.model, "--genome", genome, "--output"]
    let refused = try Program(arguments + ["-"])
    #expect(refused.exitCode == 64 && refused.output.isEmpty)
    #expect(
      refused.words.contains("may take repeats for sites")
        && refused.words.contains("seqcnn train --positives FASTA --genome ")
        && refused.words.contains("--p-value 1e-4"), "\(refused.words)")
    let (sites, page) = (folder.path + "/beware.bed", folder.path + "/beware.html")
    let asked = try Program(arguments + [sites, "--p-value", "1e-4", "--report", page, "--quiet"])
    #expect(asked.exitCode == 0, "\(asked.words)")
    #expect(
      try contents(sites).contains(
        "\n# warning: the model learned k-mers from sequences and never saw"))
    #expect(
      try contents(page).contains("<li>The model learned k-mers from sequences and never saw"))
  }

  /// Of one that met repeats the scan doesn't warn.
  @Test func repeatsInTrainingMakeAScanner() throws {
    let model = folder.path + "/repeats"
    let trained = try Program([
      "train", "--positives", Toy.peaks, "--make-negatives", "dinucleotide,repeats", "--epochs",
      "1",
      "--no-motifs", "--output", model,
    ])
    #expect(trained.exitCode == 0, "\(trained.words)")
    #expect(trained.words.contains("50 % shuffles of the positives with a tandem repeat in each"))
    let file = model + "/model.safetensors"
    let run = try Program(["scan", "--model", file, "--genome", genome, "--output", "-"])
    #expect(run.exitCode == 0 && !run.words.contains("repeats for sites"), "\(run.words)")
    let inspected = try Program(["inspect", file])
    #expect(inspected.output.contains("dinucleotide:0.5,repeats:0.5"))
  }

  /// Each rule holds for every site, and lets all of those of a looser one through that meet it.
  @Test func rulesSelectSites() throws {
    let all = try sites(scan("--p-value", "0.05"))
    let byP = try sites(scan("--p-value", "0.001"))
    let byQ = try sites(scan("--q-value", "0.05"))
    let best = try sites(scan("--top", "3", "--p-value", "0.05"))
    #expect(all.count > byP.count && !byP.isEmpty && !byQ.isEmpty)
    #expect(byP == all.filter { (Double($0[8]) ?? 1) <= 0.001 })
    #expect(byQ == all.filter { (Double($0[9]) ?? 1) <= 0.05 })
    let third = all.compactMap { Double($0[7]) }.sorted(by: >)[2]
    #expect(best == all.filter { (Double($0[7]) ?? 0) >= third })
  }

  /// The toy model was trained on sequences: background is the genome's where that can be read twice, and
  /// theirs where it comes through a pipe.
  @Test func backgroundIsTheGenomes() throws {
    let arguments = ["scan", "--model", Toy.model, "--output", "-", "--p-value", "0.05"]
    let ofGenome = try Program(arguments + ["--genome", genome])
    let ofTraining = try Program(arguments + ["--genome", "-"], input: Toy.genomeText)
    let note =
      "the model wasn't trained on a genome: p-values come from shuffled windows of this one"
    #expect(ofGenome.words.contains(note) && !ofTraining.words.contains(note))
    for run in [ofGenome, ofTraining] {
      #expect(run.words.contains("never saw a genome, so it may take repeats"))
      #expect(run.words.contains("seqcnn train --positives FASTA --genome "))
    }
    func pValues(_ run: Program) -> [String: String] {
      let sites = rows(run.output).filter { !$0[0].hasPrefix("#") }
      return Dictionary(uniqueKeysWithValues: sites.map { ("\($0[0]):\($0[1])", $0[8]) })
    }
    let pairs = pValues(ofTraining).compactMap { site, pValue in
      pValues(ofGenome)[site].map { ($0, pValue) }
    }
    #expect(try Program.shell("gzip -k '\(genome)'").exitCode == 0)
    let packed = try Program(arguments + ["--genome", genome + ".gz"])
    let outputs = [packed, ofTraining].map { run in
      run.output.split(separator: "\n").filter { !$0.hasPrefix("# command") }
    }
    #expect(outputs[0] == outputs[1])
    #expect(packed.words.contains("plain or compressed with bgzip"))
    #expect(pairs.count > 3 && pairs.count(where: { $0.0 != $0.1 }) > pairs.count / 2)
  }

  /// A pipe that has a name is read once, as standard input is.
  @Test func readsAPipeOnce() throws {
    let run = try Program.shell(
      """
      set -e; cd '\(folder.path)'; mkfifo pipe
      scan="seqcnn scan --model \(Toy.model) --quiet"
      $scan --genome - --p-value 0.05 --output in.bed < genome.fa
      cat genome.fa > pipe & $scan --genome pipe --p-value 0.05 --output pipe.bed
      grep -v '^# command' in.bed > in; grep -v '^# command' pipe.bed | cmp in -
      """)
    #expect(run.exitCode == 0, "\(run.words)")
  }

  /// Windows that lie in the regions alone, with the scores that they have in the whole.
  @Test func scansRegions() throws {
    let regions = folder.write("b\t100\t400\na\t0\t150\nb\t390\t500\nc\t1\t2\n", to: "r.bed")
    let whole = folder.path + "/track.bedgraph"
    let part = folder.path + "/part.bedgraph"
    let found = try sites(scan("--threshold", "0.1", "--regions", regions, "--bedgraph", part))
    for row in found {
      let start = try #require(Int(row[10]))
      let end = start + Toy.windowLength
      #expect(
        row[0] == "a" ? start >= 0 && end <= 150 : start >= 100 && end <= 500, "\(row)")
    }
    func values(_ path: String) throws -> [String: Float] {
      try rows(contents(path)).reduce(into: [:]) { values, row in
        for position in (Int(row[1]) ?? 0)..<(Int(row[2]) ?? 0) {
          values["\(row[0]):\(position)"] = Float(row[3])
        }
      }
    }
    let (all, some) = try (values(whole), values(part))
    // The middles of the windows that begin from 0 to 49 on a, and from 100 to 399 on b.
    let middles = (50..<100).map { "a:\($0)" } + (150..<450).map { "b:\($0)" }
    #expect(Set(some.keys) == Set(middles.filter { all[$0] != nil }) && some.count > 150)
    // Sums over a window begin elsewhere, so the last bits may differ.
    #expect(some.allSatisfy { abs((all[$0] ?? 2) - $1) < 1e-5 })
  }

  @Test func tasksAreNamed() throws {
    let name = try #require(sites.first)[3]
    #expect(try sites(scan("--threshold", "0.4", "--tasks", name)) == sites)
    let run = try Program([
      "scan", "--model", Toy.model, "--genome", genome, "--output", "-", "--tasks", "other",
    ])
    #expect(run.exitCode == 64 && run.words.contains("has no task \"other\""))
  }
}
