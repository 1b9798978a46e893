import Foundation
import TestSupport
import Testing

/// A model of peaks on a genome knows how many of its sites are false; others don't.
@Suite final class FalseDiscoveryTests {
  private static let motif = "TGACGTCATGCA"

  /// A genome of 600 kb with 300 peaks, each with the motif in its middle, and a model of them, trained once.
  private static let trained: (folder: String, peaks: [Range<Int>]) = {
    let folder = Toy.sharedFolder + "/odds"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var random = SystemRandom(state: 7)
    var bases = (0..<600_000).map { _ in Array("ACGT")[Int(random.next() >> 33) % 4] }
    var peaks: [Range<Int>] = []
    for start in stride(from: 1000, to: 599_000, by: 1994) {
      bases.replaceSubrange(start + 94..<start + 94 + motif.count, with: motif)
      peaks.append(start..<start + 200)
    }
    let lines = peaks.map { "g\t\($0.lowerBound)\t\($0.upperBound)\n" }.joined()
    try? lines.write(toFile: folder + "/p.bed", atomically: true, encoding: .utf8)
    try? ">g\n\(String(bases))\n".write(
      toFile: folder + "/g.fa", atomically: true, encoding: .utf8)
    let run = try? Program([
      "train", "--no-motifs", "--peaks", "f=\(folder)/p.bed", "--genome", folder + "/g.fa",
      "--epochs", "3",
      "--output", folder + "/m", "--quiet",
    ])
    precondition(run?.exitCode == 0, "training failed: \(run?.words ?? "")")
    return (folder, peaks)
  }()

  /// A generator of numbers that are the same everywhere (Knuth's MMIX).
  private struct SystemRandom {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state
    }
  }

  private let folder = TemporaryFolder()

  private func scan(_ arguments: [String], to name: String = "s.bed") throws -> (
    run: Program, path: String
  ) {
    let (own, path) = (Self.trained.folder, folder.path + "/" + name)
    let run = try Program(
      [
        "scan", "--model", own + "/m/model.safetensors", "--genome", own + "/g.fa", "--output",
        path, "--force",
      ] + arguments)
    return (run, path)
  }

  /// Every peak has the motif and nothing else does, so hardly any site is false, and the run says so.
  @Test func theRateHolds() throws {
    let (run, path) = try scan(["--fdr", "0.1", "--report", folder.path + "/s.html"])
    #expect(run.exitCode == 0, "\(run.words)")
    let page = try contents(folder.path + "/s.html")
    let lines = rows(try contents(path))
    #expect(lines.last { $0[0].hasPrefix("#") }?.suffix(2) == ["inPeak", "fdr"])
    let sites = lines.filter { !$0[0].hasPrefix("#") }
    #expect(sites.count > 200 && sites.allSatisfy { $0.count == 13 })
    #expect(sites.allSatisfy { (Double($0[12]) ?? 1) <= 0.1 && (Double($0[11]) ?? 0) > 0 })
    #expect(page.contains(">p-value</th><th scope=\"col\">inPeak</th><th scope=\"col\">fdr</th>"))
    let best = sites.compactMap { Double($0[11]) }.max() ?? 0
    #expect(page.contains("<td>\(String(format: "%.4f", best))</td>"))
    let inside = sites.count { site in
      Self.trained.peaks.contains { $0.contains(Int(site[1]) ?? -1) }
    }
    #expect(Double(inside) >= 0.9 * Double(sites.count))
    #expect(
      run.words.contains(" sites are expected in no peak (")
        && run.words.contains("of those 6")
        && run.words.contains("as where training held them out"),
      "\(run.words)")
  }

  /// Of a rate that all candidates keep only those with p-values up to 0.01 are called, and q-values count no others, which a
  /// scan without a track approximates.
  @Test func laxRatesEndWhereTheScanIsExact() throws {
    let plain = try scan(["--fdr", "0.999"])
    #expect(
      plain.run.words.contains(
        "a false discovery rate of at most 0.999 and p-values of at most 0.01"))
    let pValues = try rows(contents(plain.path)).filter { !$0[0].hasPrefix("#") }
      .compactMap { Double($0[8]) }
    #expect(pValues.max() ?? 1 <= 0.01)
    let tracked = try scan(
      ["--fdr", "0.999", "--bigwig", folder.path + "/t.bw"], to: "tracked.bed")
    #expect(tracked.run.words.contains("tracks hold the probability where "))
    #expect(try contents(tracked.path) == contents(plain.path))
  }

  /// The candidates of all shards are counted before a rate is known.
  @Test func shardsMergeToTheSameBytes() throws {
    let whole = try scan(["--fdr", "0.1", "--quiet"])
    let shards = try (1...2).map { number in
      let shard = try scan(
        ["--fdr", "0.1", "--shard", "\(number)/2", "--quiet"], to: "\(number).bed")
      #expect(shard.run.exitCode == 0, "\(shard.run.words)")
      return shard.path
    }
    let merged = folder.path + "/m.bed"
    let merge = try Program(["scan", "merge"] + shards + ["--output", merged, "--quiet"])
    #expect(merge.exitCode == 0, "\(merge.words)")
    #expect(try contents(merged) == contents(whole.path))
  }

  /// A model of sequences was never measured on a genome: it is refused, with what to do instead.
  @Test func otherModelsAreRefused() throws {
    let run = try Program([
      "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--fdr", "0.1", "--output",
      folder.path + "/s.bed",
    ])
    #expect(run.exitCode == 64 && run.words.contains("train it with --genome, beside"))
  }

  /// Sequences that were cut from a genome are found in it, and then know how many sites are false as peaks do.
  @Test func sequencesOfAGenomeWillDo() throws {
    let genome = try contents(Self.trained.folder + "/g.fa").split(separator: "\n")[1]
    let letters = Array(genome.utf8)
    let positives = folder.write(
      Self.trained.peaks.enumerated().map {
        ">p\($0)\n\(String(decoding: letters[$1], as: UTF8.self))\n"
      }.joined(), to: "p.fa")
    let train = try Program([
      "train", "--no-motifs", "--positives", positives, "--genome", Self.trained.folder + "/g.fa",
      "--epochs", "3",
      "--output", folder.path + "/m",
    ])
    #expect(train.exitCode == 0, "\(train.words)")
    #expect(train.words.contains("p.fa: 300 of 300 used"), "\(train.words)")
    #expect(train.words.contains("negatives: random windows of the genome"))
    let run = try Program([
      "scan", "--model", folder.path + "/m/model.safetensors", "--genome",
      Self.trained.folder + "/g.fa", "--fdr", "0.1", "--output", folder.path + "/s.bed",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    let sites = rows(try contents(folder.path + "/s.bed")).filter { !$0[0].hasPrefix("#") }
    let inside = sites.count { site in
      Self.trained.peaks.contains { $0.contains(Int(site[1]) ?? -1) }
    }
    #expect(sites.count > 200 && Double(inside) >= 0.9 * Double(sites.count))
  }

  /// Without that, the number of sites that shuffled sequence has: the last site's p-value times the windows over the
  /// places of a site in one, by the columns of the output.
  @Test func chanceIsSaid() throws {
    let path = folder.path + "/s.bed"
    let run = try Program([
      "scan", "--model", Toy.model, "--genome", Toy.smallGenome, "--p-value", "0.05", "--output",
      path,
    ])
    let sites = rows(try contents(path)).filter { !$0[0].hasPrefix("#") }
    let windows = try #require(
      run.words.firstMatch(of: /sites in ([0-9,]+) windows/)?.1.replacing(",", with: ""))
    let width = try #require(Int(sites[0][2])) - (try #require(Int(sites[0][1])))
    let places = Double(Toy.windowLength - width + 1)
    let pValue = sites.compactMap { Double($0[8]) }.max() ?? 0
    let expected = (1 + ((try #require(Double(windows))) - 1) / places) * pValue
    #expect(
      run.words.contains("shuffled sequence has about \(Int(expected.rounded())) sites that score"),
      "\(run.words)")
  }

  /// Peaks make a model to scan with; the recipe says which.
  @Test func peaksAreLearnedAgainstRandomWindows() throws {
    let record = try contents(Self.trained.folder + "/m/run.json")
    #expect(
      record.contains(#""randomNegatives" : true"#) || record.contains(#""randomNegatives":true"#))
    let ledgers = record.contains("random negatives for train")
    #expect(ledgers, "\(record.prefix(2000))")
  }
}
