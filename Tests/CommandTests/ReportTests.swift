import Foundation
import TestSupport
import Testing

/// The pages of commands, and what browsers are given.
@Suite final class ReportTests {
  private let folder = TemporaryFolder()

  private func contents(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  /// What holds for every page: it loads and runs nothing, and its numbers stand beside it.
  private func check(_ path: String) throws -> (page: String, numbers: [[String]]) {
    let page = try contents(path)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.utf8.count < 2_000_000)
    #expect(page.contains("default-src 'none'"))
    for markup in ["<script", "<link", "<img", "url(", "@import", " src="] {
      #expect(!page.contains(markup))
    }
    let beside = path.hasSuffix("/report.html") ? ".tsv" : ".figures.tsv"
    let numbers = rows(try contents(String(path.dropLast(5)) + beside))
    #expect(numbers[0] == ["figure", "series", "x", "y"])
    return (page, Array(numbers.dropFirst()))
  }

  private func data(_ path: String) throws -> [[String]] {
    rows(try contents(path)).filter { !$0[0].hasPrefix("#") }
  }

  /// The map counts the sites of the BED; all of them lie in the one peak that is given, the whole of a sequence, or in none.
  @Test func scan() throws {
    let sites = folder.path + "/sites.bed"
    let peaks = folder.write("a\t0\t1400\n", to: "peaks.bed")
    let run = try Program([
      "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--p-value", "0.01", "--output",
      sites, "--report", folder.path + "/scan.html", "--peaks", peaks,
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    let (page, numbers) = try check(folder.path + "/scan.html")
    let found = try data(sites)
    try #require(found.count > 3)
    for name in ["a", "b"] {
      let drawn = numbers.filter { $0[0] == "Sites along the sequences" && $0[1] == name }
        .compactMap { Double($0[3]) }.reduce(0, +)
      #expect(Int(drawn) == found.count { $0[0] == name })
    }
    let inPeak = Double(found.count { $0[0] == "a" }) / Double(found.count)
    let last = try #require(numbers.last { $0[1] == "sites in a peak" })
    #expect(Double(last[2]) == Double(found.count))
    #expect(abs(try #require(Double(last[3])) - inPeak) < 1e-9)
    #expect(page.contains("<h2>Best sites</h2>"))
    let alone = try Program([
      "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--p-value", "0.01", "--output",
      folder.path + "/alone.bed", "--peaks", peaks,
    ])
    #expect(alone.words == run.words && alone.words.contains("peaks"))
    let again = folder.path + "/again.html"
    _ = try Program([
      "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--p-value", "0.01", "--output",
      folder.path + "/again.bed", "--report", again, "--peaks", peaks, "--threads", "1",
    ])
    #expect(try contents(again) == page)
  }

  /// narrowPeak has the sites of the BED, and its numbers are theirs.
  @Test func sitesAsNarrowPeak() throws {
    let paths = ["sites.bed", "sites.narrowPeak"].map { folder.path + "/" + $0 }
    for path in paths {
      let run = try Program([
        "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--p-value", "0.01",
        "--output", path, "--quiet",
      ])
      #expect(run.exitCode == 0, "\(run.words)")
    }
    let (bed, peaks) = (try data(paths[0]), rows(try contents(paths[1])))
    #expect(bed.count == peaks.count && !bed.isEmpty)
    for (site, peak) in zip(bed, peaks) {
      #expect(peak.count == 10 && Array(peak[..<6]) == Array(site[..<6]) && peak[6] == site[7])
      let pValue = try #require(Double(site[8]))
      #expect(abs(try #require(Double(peak[7])) + log10(pValue)) < 1e-3)
      let (start, end) = (try #require(Int(peak[1])), try #require(Int(peak[2])))
      #expect(try #require(Int(peak[9])) == (end - start) / 2)
    }
  }

  /// BED9 has the places of the BED, drawn as wide as they are, in colours; browsers are told to draw these.
  @Test(arguments: ["bed9", "bed9.bed", "BED9"]) func sitesAsBED9(ending: String) throws {
    let paths = ["sites.bed", "colours.\(ending)"].map { folder.path + "/" + $0 }
    for path in paths {
      let run = try Program([
        "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--p-value", "0.01",
        "--output", path, "--quiet",
      ])
      #expect(run.exitCode == 0, "\(run.words)")
    }
    let (bed, drawn) = (try data(paths[0]), rows(try contents(paths[1])))
    #expect(drawn[0][0].hasPrefix("track name=") && drawn[0][0].hasSuffix(" itemRgb=\"On\""))
    #expect(bed.count == drawn.count - 1 && !bed.isEmpty)
    for (site, row) in zip(bed, drawn.dropFirst()) {
      #expect(row.count == 9 && Array(row[..<6]) == Array(site[..<6]))
      #expect(Array(row[6..<8]) == Array(site[1..<3]))
      let colour = row[8].split(separator: ",").compactMap { Int($0) }
      #expect(colour.count == 3 && colour.allSatisfy { (0...255).contains($0) })
    }
    let read = try Program(["inspect", paths[1]])
    #expect(read.exitCode == 0, "\(read.words)")
  }

  /// Each of two tasks has a track of scores: what `--bigwig` writes of that task alone.
  @Test func hubOfTwoTasks() throws {
    let hub = folder.path + "/two"
    let scan = [
      "scan", "--model", Toy.twoTasks, "--genome", Toy.smallGenome, "--p-value", "0.01",
      "--quiet", "--output",
    ]
    let run = try Program(
      scan + [folder.path + "/two.bed", "--hub", hub, "--assembly", "toy"])
    #expect(run.exitCode == 0, "\(run.words)")
    for (number, task) in zip(1..., ["a", "b"]) {
      let track = "\(folder.path)/\(task).bw"
      let alone = try Program(
        scan + ["\(folder.path)/\(task).bed", "--tasks", task, "--bigwig", track, "--sparse"])
      #expect(alone.exitCode == 0, "\(alone.words)")
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(hub)/scores.\(number).bw"))
      #expect(bytes == (try Data(contentsOf: URL(fileURLWithPath: track))))
      #expect(try contents(hub + "/trackDb.txt").contains("bigDataUrl scores.\(number).bw"))
    }
  }

  /// A hub holds its files, and the track of letters where sites are.
  @Test func hub() throws {
    let hub = folder.path + "/hub"
    let run = try Program([
      "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--p-value", "0.01",
      "--output", folder.path + "/sites.bed", "--hub", hub, "--assembly", "toy",
      "--contributions", "--quiet",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    let names = try FileManager.default.contentsOfDirectory(atPath: hub).sorted()
    #expect(
      names == [
        "contributions.bw", "genomes.txt", "hub.txt", "igv.xml", "scores.bw", "sites.bb",
        "trackDb.txt",
      ])
    #expect(try contents(hub + "/genomes.txt").hasPrefix("genome toy\n"))
    // The signatures of bigWig and bigBed.
    for (name, signature) in [
      ("contributions.bw", [0x26, 0xfc, 0x8f, 0x88]), ("scores.bw", [0x26, 0xfc, 0x8f, 0x88]),
      ("sites.bb", [0xeb, 0xf2, 0x89, 0x87]),
    ] {
      let bytes = FileManager.default.contents(atPath: hub + "/" + name) ?? Data()
      #expect(bytes.prefix(4).map(Int.init) == signature)
    }
    try inspect(hub, sites: data(folder.path + "/sites.bed").count)
    let refused = try Program([
      "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--output",
      folder.path + "/x.bed", "--contributions",
    ])
    #expect(refused.exitCode == 64 && refused.words.contains("give --hub too"))
  }

  /// The genome's lengths and the sites are the oracle of what `inspect` says of a hub's files; a damaged one is refused.
  private func inspect(_ hub: String, sites: Int) throws {
    let bases = Toy.genome.reduce(0) { $0 + $1.bases.count }
    func words(_ name: String) throws -> String {
      let run = try Program(["inspect", "\(hub)/\(name)"])
      #expect(run.exitCode == 0, "\(run.words)")
      return run.output.filter { $0 != "," }
    }
    let track = try words("sites.bb")
    #expect(track.contains("bigBed sound") && track.contains("2 of \(bases) bases"))
    #expect(track.contains(" \(sites) ") && track.contains("fields each"))
    #expect(try words("scores.bw").contains("2 of \(bases) bases"))
    #expect(try words("hub.txt").contains("toy"))
    #expect(try words("igv.xml").contains("contributions.bw"))
    _ = try Program.shell("rm '\(hub)/scores.bw'")
    #expect(try words("hub.txt").contains("\"scores.bw\" is named"))
    _ = try Program.shell("head -c 700 '\(hub)/sites.bb' > '\(hub)/cut.bb'")
    #expect(try Program(["inspect", hub + "/cut.bb"]).exitCode == 65)
  }

  /// Every allele is a point, at its difference.
  @Test func variants() throws {
    let table = folder.path + "/v.tsv"
    let run = try Program([
      "variants", "--model", Toy.model, "--vcf", Toy.variants, "--genome", Toy.slice, "--output",
      table, "--report", folder.path + "/v.html", "--background-variants", "200",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    let (page, numbers) = try check(folder.path + "/v.html")
    let scored = rows(try contents(table))
    let column = try #require(scored[0].firstIndex(of: "SEQCNN_DELTA"))
    let points = numbers.filter { $0[0].hasPrefix("Differences and p-values") }
    let drawn = points.compactMap { Double($0[2]) }.sorted()
    let expected = scored.dropFirst().compactMap { Double($0[column]) }.sorted()
    #expect(drawn.count == expected.count)
    #expect(zip(drawn, expected).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(page.contains(", reference, output ") && page.contains(", alternate, output "))
    let refused = try Program([
      "variants", "--model", Toy.model, "--vcf", Toy.variants, "--genome", Toy.slice, "--output",
      table, "--report", "report.txt",
    ])
    #expect(refused.exitCode == 64 && refused.words.contains("take a name that ends in .html"))
  }

  /// Every region is a point, at its two outputs.
  @Test func compare() throws {
    let path = folder.path + "/s.bed"
    let run = try Program([
      "compare", "--model", Toy.twoTasks, "--genome", Toy.smallGenome, "--p-value", "0.2",
      "--output", path, "--report", folder.path + "/c.html",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    let (_, numbers) = try check(folder.path + "/c.html")
    let drawn = numbers.filter { $0[0] == "Both outputs" }.compactMap { Double($0[2]) }.sorted()
    let expected = try data(path).compactMap { Double($0[6]) }.sorted()
    #expect(drawn.count == expected.count && !drawn.isEmpty)
    #expect(zip(drawn, expected).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  /// Groups and components are of the sequences, in their order, for any number of threads.
  @Test func embed() throws {
    let output = folder.path + "/e"
    let arguments = ["embed", "--model", Toy.model, "--fasta", Toy.peaks, "--groups", "3"]
    let run = try Program(arguments + ["--output", output])
    #expect(run.exitCode == 0, "\(run.words)")
    _ = try check(output + "/report.html")
    let table = rows(try contents(output + "/embedding.tsv"))
    #expect(table[0][..<3] == ["name", "group", "pc1"])
    #expect(
      table.dropFirst().map { $0[0] }
        == Toy.peakRecords.map { String($0.name.prefix { $0 != " " }) })
    let sizes = (1...3).map { group in table.dropFirst().count { $0[1] == "\(group)" } }
    #expect(sizes.reduce(0, +) == table.count - 1 && sizes == sizes.sorted(by: >))
    let other = folder.path + "/f"
    #expect(try Program(arguments + ["--output", other, "--threads", "1"]).exitCode == 0)
    for name in ["embedding.tsv", "groups.tsv", "report.html", "report.tsv"] {
      #expect(try contents(output + "/" + name) == contents(other + "/" + name))
    }
  }
}
