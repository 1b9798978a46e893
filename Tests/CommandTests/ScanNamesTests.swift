import Foundation
import TestSupport
import Testing

/// What the outputs of a scan call chromosomes, whether one scan makes them or shards.
@Suite final class ScanNamesTests {
  private let folder = TemporaryFolder()
  /// The toy genome with Ensembl's names and a scaffold.
  private let genome: String

  init() {
    let bases = Toy.genome.map(\.bases)
    genome = folder.write(
      ">20\n\(bases[0])\n>X\n\(bases[1])\n>GL1\n\(bases[0])\n", to: "genome.fa")
  }

  private func scan(_ name: String, _ arguments: [String]) throws -> Program {
    try Program(
      [
        "scan", "--model", Toy.model, "--genome", genome, "--p-value", "0.01", "--output",
        "\(folder.path)/\(name).bed", "--bigwig", "\(folder.path)/\(name).bw",
      ] + arguments)
  }

  /// The lines of sites.
  private func sites(_ name: String) throws -> [[String]] {
    rows(try contents("\(folder.path)/\(name).bed")).filter { !$0[0].hasPrefix("#") }
  }

  /// The sites of a scan with other names.
  private func renamed(_ sites: [[String]], _ names: [String: String]) -> [[String]] {
    sites.map { [names[$0[0]] ?? $0[0]] + $0.dropFirst() }
  }

  /// A scan with the genome's own names is the oracle; the track's names stand in its header.
  @Test func areThoseOfTheRegions() throws {
    let own = folder.write("20\t0\t1000\nX\t0\t900\n", to: "r1.bed")
    let other = folder.write("chr20\t0\t1000\nchrX\t0\t900\n", to: "r2.bed")
    let peaks = folder.write("20\t0\t400\n", to: "peaks.bed")
    #expect(try scan("own", ["--regions", own]).exitCode == 0)
    let run = try scan("other", ["--regions", other, "--peaks", peaks])
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(
      run.words.contains(
        "names mapped: chr20 → 20, chrX → X; outputs have the names of \(other)\n"))
    #expect(run.words.contains("of the 1 given peaks"))
    let expected = renamed(try sites("own"), ["20": "chr20", "X": "chrX"])
    #expect(try sites("other") == expected && expected.count > 3)
    let track = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/other.bw"))
    for name in ["chr20", "chrX", "GL1"] { #expect(track.range(of: Data(name.utf8)) != nil) }
  }

  /// Peaks on one chromosome say how all are named, and not what isn't one.
  @Test func areThoseOfThePeaks() throws {
    let peaks = folder.write("chr20\t0\t400\n", to: "peaks.bed")
    #expect(try scan("own", []).exitCode == 0)
    let run = try scan(
      "other", ["--peaks", peaks, "--bedgraph", folder.path + "/other.bedgraph"])
    #expect(run.words.contains("outputs have the names of \(peaks)\n"), "\(run.words)")
    let expected = renamed(try sites("own"), ["20": "chr20", "X": "chrX"])
    #expect(try sites("other") == expected)
    #expect(Set(expected.map { $0[0] }) == ["chr20", "chrX", "GL1"])
    let drawn = rows(try contents(folder.path + "/other.bedgraph")).map { $0[0] }
    #expect(Set(drawn) == ["chr20", "chrX", "GL1"])
  }

  /// Regions name the sequences of shards, peaks those of the merge; the rest are the genome's.
  @Test(arguments: ["--regions", "--peaks", ""]) func shardsMergeToTheSameBytes(option: String)
    throws
  {
    let places = folder.write("chr20\t0\t1000\nchrX\t0\t900\n", to: "places.bed")
    let regions = option == "--regions" ? ["--regions", places] : []
    let peaks = option == "--peaks" ? ["--peaks", places] : []
    func outputs(_ name: String) -> [String] {
      [
        "--report", "\(folder.path)/\(name).html", "--hub", "\(folder.path)/\(name).hub",
        "--assembly", "hg19", "--contributions", "--quiet",
      ]
    }
    let whole = try scan("whole", regions + peaks + outputs("whole"))
    #expect(whole.exitCode == 0, "\(whole.words)")
    let shards = try (1...2).map { number in
      let run = try scan("\(number)", regions + ["--shard", "\(number)/2"])
      #expect(run.exitCode == 0, "\(run.words)")
      return "\(folder.path)/\(number).bed"
    }
    let merged = folder.path + "/merged"
    let merge = try Program(
      ["scan", "merge"] + shards + peaks + outputs("merged") + [
        "--output", merged + ".bed", "--bigwig", merged + ".bw", "--model", Toy.model, "--genome",
        genome,
      ])
    #expect(merge.exitCode == 0, "\(merge.words)")
    for name in [".bed", ".bw", ".figures.tsv"] {
      let files = try ["whole", "merged"].map {
        try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0)\(name)"))
      }
      #expect(files[0] == files[1], "\(name)")
    }
    let hubs = try ["whole", "merged"].map { try files(in: "\(folder.path)/\($0).hub") }
    #expect(hubs[0] == hubs[1] && hubs[0]["scores.bw"] != nil)
    #expect(hubs[0]["contributions.bw"] != nil)
    #expect(hubs[0]["sites.bb"]?.range(of: Data("chr20".utf8)) != nil)
  }

  /// The hub of a merge can't read the genome's name, nor scores that no shard has.
  @Test func hubsOfMergesNeedWhatShardsLack() throws {
    let shard = folder.path + "/1.bed"
    let run = try Program([
      "scan", "--model", Toy.model, "--genome", genome, "--shard", "1/1", "--p-value", "1e-4",
      "--output", shard,
    ])
    #expect(run.exitCode == 0)
    let merge = ["scan", "merge", shard, "--output", folder.path + "/m.bed", "--hub"]
    let nameless = try Program(merge + [folder.path + "/nameless"])
    #expect(nameless.exitCode == 64 && nameless.words.contains("give --assembly"))
    let bases = try Program(
      merge + [folder.path + "/bare", "--assembly", "hg19", "--contributions"])
    #expect(bases.exitCode == 64 && bases.words.contains("give the --model and the --genome"))
    let other = try Program(
      merge + [
        folder.path + "/other", "--assembly", "hg19", "--contributions", "--model", Toy.deepBind,
        "--genome", genome,
      ])
    #expect(other.exitCode == 64 && other.words.contains("isn't the model that the shards"))
    let hub = folder.path + "/hub"
    let bare = try Program(merge + [hub, "--assembly", "hg19"])
    #expect(bare.exitCode == 0 && bare.words.contains("the hub has no track of scores"))
    #expect(try files(in: hub)["scores.bw"] == nil)
    #expect(try contents(hub + "/trackDb.txt").contains("scores") == false)
  }

  /// Browsers read the genome's file if no assembly is named: the hub has its names then.
  @Test func hubsHaveTheNamesThatTheirBrowserKnows() throws {
    let peaks = folder.write("chr20\t0\t400\n", to: "peaks.bed")
    for (assembly, name, other) in [
      ([], "20", "chr20"), (["--assembly", "hg19"], "chr20", nil),
      (["--assembly", "toy"], "chr20", nil),
    ] as [([String], String, String?)] {
      let hub = folder.path + "/hub"
      let run = try scan(
        "s", ["--peaks", peaks, "--hub", hub, "--contributions", "--force"] + assembly)
      #expect(run.exitCode == 0, "\(run.words)")
      for file in ["sites.bb", "scores.bw", "contributions.bw"] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(hub)/\(file)"))
        #expect(bytes.range(of: Data(name.utf8)) != nil, "\(file) \(assembly)")
        if let other { #expect(bytes.range(of: Data(other.utf8)) == nil, "\(file)") }
      }
    }
  }
}
