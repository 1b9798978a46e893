import Foundation
import TestSupport
import Testing

@Suite final class ShardTests {
  private let folder = TemporaryFolder()

  private func run(_ arguments: [String]) throws -> Program {
    try Program(
      ["scan", "--model", Toy.deepBind, "--genome", Toy.slice, "--quiet"] + arguments)
  }

  private func shards(_ count: Int, _ rule: [String], suffix: String = "") throws -> [String] {
    try (1...count).map { number in
      let path = "\(folder.path)/shard\(number).bed\(suffix)"
      let shard = try run(rule + ["--shard", "\(number)/\(count)", "--output", path])
      #expect(shard.exitCode == 0, "\(shard.words)")
      return path
    }
  }

  /// The slice of chromosome 20 is two pieces long: shards cut it in the middle, or are empty.
  @Test(arguments: [["--q-value", "0.5"], ["--p-value", "0.001"], ["--top", "20"]], [2, 3])
  func mergeEqualsOneScan(rule: [String], count: Int) throws {
    let whole = folder.path + "/whole.bed.gz"
    let merged = folder.path + "/merged.bed.gz"
    #expect(try run(rule + ["--output", whole]).exitCode == 0)
    let paths = try shards(count, rule, suffix: ".gz")
    let page = folder.path + "/merged.html"
    let merge = try Program(
      ["scan", "merge"] + paths.reversed() + [
        "--output", merged, "--report", page, "--quiet",
      ])
    #expect(merge.exitCode == 0, "\(merge.words)")
    let written = try files(in: folder.path)
    #expect(written["whole.bed.gz"] == written["merged.bed.gz"])
    #expect(written["whole.bed.gz.tbi"] == written["merged.bed.gz.tbi"])
    #expect((written["whole.bed.gz"]?.count ?? 0) > 600)
    let sites = try Program.shell("gzip -dc \(whole) | grep -vc '^#' > \(folder.path)/count")
    #expect(sites.exitCode == 0)
    let drawn = rows(try contents(folder.path + "/merged.figures.tsv")).filter {
      $0[0] == "Sites along the sequences"
    }.compactMap { Double($0[3]) }.reduce(0, +)
    #expect("\(Int(drawn))\n" == (try contents(folder.path + "/count")))
  }

  /// Shards of regions know these: the peak beside them isn't counted.
  @Test func mergedReportCountsPeaksOfTheRegions() throws {
    let regions = folder.write("20\t100000\t600000\n", to: "regions.bed")
    let peaks = folder.write(
      "20\t100000\t600000\n20\t700000\t900000\n", to: "peaks.bed")
    let rule = ["--p-value", "0.001", "--regions", regions]
    let whole = try Program(
      ["scan", "--model", Toy.deepBind, "--genome", Toy.slice] + rule + [
        "--output", folder.path + "/whole.bed", "--report", folder.path + "/whole.html", "--peaks",
        peaks,
      ])
    let merged = try Program(
      ["scan", "merge"] + shards(2, rule) + [
        "--output", folder.path + "/merged.bed", "--report", folder.path + "/merged.html",
        "--peaks", peaks,
      ])
    for run in [whole, merged] {
      #expect(run.exitCode == 0 && run.words.contains("overlap one of the 1 given peaks"))
      #expect(run.words.contains("1 of 2 given peaks lie outside"), "\(run.words)")
    }
    #expect(
      try contents(folder.path + "/whole.figures.tsv")
        == contents(folder.path + "/merged.figures.tsv"))
  }

  @Test func refusesWhatIsNotAllShards() throws {
    let paths = try shards(2, ["--p-value", "0.001"])
    let other = folder.path + "/other.bed"
    #expect(try run(["--top", "5", "--shard", "2/2", "--output", other]).exitCode == 0)
    let plain = folder.write("a\t1\t2\n", to: "plain.bed")
    let text = try contents(paths[1])
    let broken = folder.write(text + "20\t1\n", to: "broken.bed")
    for (given, words) in [
      ([paths[0]], "shards are missing: 2 of 2"), ([paths[0], paths[0]], "shard 1 comes twice"),
      ([paths[0], other], "other.bed: was scanned with another model"),
      ([paths[0], plain], "plain.bed:1: is no output of `seqcnn scan --shard`"),
      ([paths[0], broken], "is no line of a site"),
    ] {
      let merge = try Program(["scan", "merge"] + given + ["--output", "-"])
      #expect(merge.exitCode == 65 && merge.words.contains(words), "\(merge.words)")
    }
    #expect(try Program(["scan", "merge", paths[0]]).exitCode == 64)
    #expect(
      try Program(["scan", "merge", paths[0], "--output", "-", "--top", "3"]).exitCode == 64)
  }

  /// Of a model of two tasks, over sequences of two pieces, of none, and of one: with seven shards some
  /// are empty.
  @Test(arguments: [1, 3, 7]) func mergedTracksAreThoseOfOneScan(count: Int) throws {
    let genome = folder.path + "/genome.fa"
    let cut = try Program.shell(
      """
      (echo '>a'; gzip -dc '\(Toy.slice)' | tail -n +2 | head -c 1220000; echo; echo '>short'
      echo ACGT; echo '>b'; gzip -dc '\(Toy.slice)' | tail -c 400000) > '\(genome)'
      """)
    #expect(cut.exitCode == 0, "\(cut.words)")
    let suffix = count == 3 ? ".gz" : ""
    func outputs(_ name: String) -> [String] {
      [
        "--output", "\(folder.path)/\(name).bed", "--bigwig", "\(folder.path)/\(name).bw",
        "--bedgraph", "\(folder.path)/\(name).bedgraph\(suffix)",
      ]
    }
    let scan = [
      "scan", "--model", Toy.twoTasks, "--genome", genome, "--tasks", "b", "--p-value", "0.01",
      "--quiet",
    ]
    let whole = try Program(scan + outputs("whole"))
    #expect(whole.exitCode == 0, "\(whole.words)")
    let shards = (1...count).map { "\(folder.path)/shard\($0)" }
    for (index, path) in shards.enumerated() {
      let shard = try Program(
        scan + [
          "--shard", "\(index + 1)/\(count)", "--output", path + ".bed", "--bigwig", path + ".bw",
        ])
      #expect(shard.exitCode == 0, "\(shard.words)")
    }
    let merge = try Program(
      ["scan", "merge", "--quiet"] + shards.reversed().map { $0 + ".bed" } + outputs("merged"))
    #expect(merge.exitCode == 0, "\(merge.words)")
    let written = try files(in: folder.path)
    for name in [".bed", ".bw", ".bedgraph" + suffix] {
      #expect(written["whole" + name] == written["merged" + name], "\(name)")
      #expect((written["whole" + name]?.count ?? 0) > 10_000, "\(name)")
    }
  }

  @Test func refusesTracksThatAreNotTheShards() throws {
    let paths = [folder.path + "/1", folder.path + "/2"]
    for (index, path) in paths.enumerated() {
      let shard = try run([
        "--shard", "\(index + 1)/2", "--output", path + ".bed", "--bigwig", path + ".bw",
      ])
      #expect(shard.exitCode == 0, "\(shard.words)")
    }
    let plain = folder.path + "/plain.bed"
    #expect(try run(["--shard", "2/2", "--output", plain]).exitCode == 0)
    func merge(_ second: String) throws -> Program {
      try Program([
        "scan", "merge", paths[0] + ".bed", second, "--output", "-", "--bigwig",
        folder.path + "/merged.bw",
      ])
    }
    let without = try merge(plain)
    #expect(without.exitCode == 65 && without.words.contains("plain.bed: has no track; scan all"))
    _ = try Program.shell("cp '\(paths[0]).bw' '\(paths[1]).bw'")
    let other = try merge(paths[1] + ".bed")
    #expect(other.exitCode == 65 && other.words.contains("2.bw: isn't the track"), "\(other.words)")
    _ = try Program.shell("head -c 5000 '\(paths[0]).bw' > '\(paths[1]).bw'")
    #expect(try merge(paths[1] + ".bed").exitCode == 65)
    _ = try Program.shell("rm '\(paths[1]).bw'")
    let missing = try merge(paths[1] + ".bed")
    #expect(missing.exitCode == 66 && missing.words.contains("2.bw: no such file"))
    #expect(missing.output.isEmpty)
    #expect(try files(in: folder.path)["merged.bw"] == nil)
  }

  @Test func refusesATrackThatNoMergeFinds() throws {
    let shard = ["--shard", "1/2", "--output", folder.path + "/s.bed"]
    let bedGraph = try run(shard + ["--bedgraph", folder.path + "/s.bedgraph"])
    #expect(bedGraph.exitCode == 64 && bedGraph.words.contains("give --bigwig"))
    let elsewhere = try run(shard + ["--bigwig", "/tmp/s.bw"])
    #expect(elsewhere.exitCode == 64 && elsewhere.words.contains("give both one folder"))
  }

  @Test func refusesAShardThatIsNone() throws {
    for shard in ["0/2", "3/2", "1", "a/b", "1/2/3"] {
      #expect(try run(["--shard", shard, "--output", "-"]).exitCode == 64)
    }
  }
}
