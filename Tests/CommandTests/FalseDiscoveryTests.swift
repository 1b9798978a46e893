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
      "train", "--peaks", "f=\(folder)/p.bed", "--genome", folder + "/g.fa", "--epochs", "3",
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
    let (run, path) = try scan(["--fdr", "0.1"])
    #expect(run.exitCode == 0, "\(run.words)")
    let lines = rows(try contents(path))
    #expect(lines.last { $0[0].hasPrefix("#") }?.suffix(2) == ["inPeak", "fdr"])
    let sites = lines.filter { !$0[0].hasPrefix("#") }
    #expect(sites.count > 200 && sites.allSatisfy { $0.count == 13 })
    #expect(sites.allSatisfy { (Double($0[12]) ?? 1) <= 0.1 && (Double($0[11]) ?? 0) > 0 })
    let inside = sites.count { site in
      Self.trained.peaks.contains { $0.contains(Int(site[1]) ?? -1) }
    }
    #expect(Double(inside) >= 0.9 * Double(sites.count))
    #expect(
      run.words.contains(" sites are expected in no peak (")
        && run.words.contains("of the 6") && run.words.contains(" peaks that training held out"),
      "\(run.words)")
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

  /// Peaks make a model to scan with; the recipe says which.
  @Test func peaksAreLearnedAgainstRandomWindows() throws {
    let record = try contents(Self.trained.folder + "/m/run.json")
    #expect(
      record.contains(#""randomNegatives" : true"#) || record.contains(#""randomNegatives":true"#))
    let ledgers = record.contains("random negatives for train")
    #expect(ledgers, "\(record.prefix(2000))")
  }
}
