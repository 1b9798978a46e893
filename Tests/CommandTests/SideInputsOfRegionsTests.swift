import Foundation
import TestSupport
import Testing

/// Commands that score regions read tracks beside each window of them.
@Suite final class SideInputsOfRegionsTests {
  private let folder = TemporaryFolder()
  private let region = 400_000..<400_400

  private func numbers(_ row: [String], _ columns: [Int]) throws -> [Double] {
    try columns.map { try #require(Double(row[$0])) }
  }

  /// A region that is longer than those of training has the best of its windows, each of which `predict` reads alone; and
  /// the mean of them.
  @Test func longRegionsAreReadByWindows() throws {
    let tracked = try TrackModel(in: folder)
    let options = ["predict"] + tracked.places + tracked.beside
    let windows = folder.write(
      region.dropLast(100).map { "20\t\($0)\t\($0 + 101)\n" }.joined(), to: "w.bed")
    let alone = rows(try Program.quiet(options + ["--regions", windows]).output).dropFirst()
    let predictions = try alone.map { try numbers($0, [4])[0] }
    #expect(predictions.count == 300)
    let long = folder.write("20\t\(region.lowerBound)\t\(region.upperBound)\n", to: "r.bed")
    func predicted(_ reduction: String) throws -> [Double] {
      let run = try Program.quiet(options + ["--regions", long, "--reduce", reduction])
      return try numbers(rows(run.output)[1], [4, 5])
    }
    let best = try #require(predictions.max())
    let first = try #require(predictions.firstIndex(of: best))
    #expect(try predicted("max") == [best, Double(region.lowerBound + first)])
    let mean = predictions.reduce(0, +) / Double(predictions.count)
    #expect(abs(try predicted("mean")[0] - mean) < 1e-5)
  }

  /// A model twice: both outputs are the log odds of `predict`, or what `variants` says; no p-values are known.
  @Test func comparesRegionsAndVariants() throws {
    let tracked = try TrackModel(in: folder)
    let places = tracked.places + tracked.beside
    let compare =
      ["compare", "--tasks", "p,p", "--output", folder.path + "/c.tsv"] + tracked.places.prefix(2)
      + places
    let long = ["--regions", folder.write("20\t400000\t400400\n", to: "r.bed")]
    _ = try Program.quiet(compare + long)
    let predicted = try Program.quiet(["predict", "--prior", "0.5"] + places + long)
    let probability = try numbers(rows(predicted.output)[1], [4])[0]
    let row = try #require(table("c.tsv").last)
    let logOdds = log(probability / (1 - probability))
    #expect(try numbers(row, [6, 7, 8]).map { abs($0 - logOdds) < 1e-4 } == [true, true, false])
    #expect(row[10] == "NA")
    let bases = Toy.sliceBases
    let vcf = folder.write(
      "##fileformat=VCFv4.3\n##contig=<ID=20>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        + "20\t400101\t.\t\(bases[400_100])\t\(bases[400_100] == "A" ? "C" : "A")\t.\t.\t.\n",
      to: "v.vcf")
    _ = try Program.quiet(
      compare.map { $0.replacingOccurrences(of: "c.tsv", with: "d.tsv") } + ["--vcf", vcf])
    let delta = try #require(table("d.tsv").last.map { try numbers($0, [5])[0] })
    #expect(abs(delta - (try mutatedDelta(places, at: 400_100))) < 1e-5)
    let sites = try Program(compare + ["--force"])
    #expect(sites.exitCode == 64 && sites.words.contains("give --regions or --vcf"))
  }

  private func table(_ name: String) throws -> [[String]] {
    rows(try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8))
  }

  /// What `mutate` says of the substitution by A, or of A by C, in the middle of a window.
  private func mutatedDelta(_ places: [String], at position: Int) throws -> Double {
    let window = folder.write("20\t\(position - 50)\t\(position + 50)\n", to: "m.bed")
    let output = folder.path + "/mutated"
    _ = try Program.quiet(["mutate", "--regions", window, "--output", output] + places)
    let rows = try table("mutated/mutations.tsv").filter { $0[2] == "\(position + 1)" }
    let row = try #require(rows.first { $0[4] == ($0[3] == "A" ? "C" : "A") })
    return try numbers(row, [5])[0]
  }

  /// Motifs, groups and experiments: the means over each region stay beside what is changed in it.
  @Test func explainsAndExperiments() throws {
    let tracked = try TrackModel(in: folder)
    let options = ["--regions", tracked.regions] + tracked.places + tracked.beside
    let motifs = folder.path + "/found/motifs.npz"
    let hits = folder.write("20\t100040\t100050\tmotif1\t0\t+\n", to: "h.bed")
    let planted = folder.write(Self.motif, to: "m.meme")
    _ = try Program.quiet(["motifs", "discover", "--output", folder.path + "/found"] + options)
    for (command, output) in [
      (["motifs", "hits", "--motifs", motifs], "hits.bed"), (["embed"], "embedded"),
      (["motifs", "query", "box", "--motifs", planted], "answers.tsv"),
      (["experiment", "ablate", "--hits", hits], "ablated.tsv"),
      (["experiment", "marginalize", "--motifs", planted], "planted.tsv"),
      (
        ["experiment", "space", "--motifs", planted, "--first", "box", "--second", "box"], "spaced"
      ),
    ] {
      _ = try Program.quiet(command + ["--output", folder.path + "/" + output] + options)
    }
    #expect(try table("embedded/embedding.tsv").count == 121)
    #expect(try table("ablated.tsv").count == 2)
    let random = try Program(
      ["experiment", "marginalize", "--motifs", planted, "--output", folder.path + "/x.tsv"]
        + tracked.places.prefix(2))
    #expect(random.exitCode == 64 && random.words.contains("their shuffles keep the numbers"))
    _ = try Program.quiet(
      ["motifs", "export", "--peaks", tracked.regions, "--output", folder.path + "/filters.meme"]
        + tracked.places + tracked.beside)
  }

  private static let motif = """
    MEME version 4

    MOTIF box
    letter-probability matrix: w= 6
    0 1 0 0
    1 0 0 0
    0 1 0 0
    0 0 1 0
    0 0 0 1
    0 0 1 0

    """

  /// A model that learned from a table has motifs, whose hits are taken out beside the same numbers; commands read its
  /// columns from a table.
  @Test func findsMotifsBesideColumns() throws {
    let lesson = folder.path + "/lesson"
    _ = try Program.quiet([
      "simulate", "single", "--pattern", "TGACTCA", "--sequences", "600", "--output", lesson,
    ])
    let simulated = rows(try String(contentsOfFile: lesson + "/sequences.tsv", encoding: .utf8))
    let lines = simulated.enumerated().map { index, row in
      (row + [index == 0 ? "open" : "\(index % 7)"]).joined(separator: "\t") + "\n"
    }
    let all = folder.write(lines.joined(), to: "t.tsv")
    let model = folder.path + "/m"
    _ = try Program.quiet([
      "train", "--table", all, "--labels", "single", "--side", "open", "--preset", "deepbind",
      "--output", model,
    ])
    let motifs = try table("m/motifs.tsv")
    #expect(try numbers(motifs[1], [6])[0] > 0 && numbers(motifs[1], [8])[0] > 0)
    let few = folder.write(lines.prefix(6).joined(), to: "f.tsv")
    let options = ["--model", model + "/model.safetensors", "--table", few]
    _ = try Program.quiet(["mutate", "--output", folder.path + "/mutated"] + options)
    #expect(try table("mutated/mutations.tsv").count == 1 + 5 * 150 * 3)
    _ = try Program.quiet(["explain", "--output", folder.path + "/explained"] + options)
    let scored = rows(try Program.quiet(["predict"] + options).output)
    for (row, known) in zip(try table("explained/sequences.tsv"), scored).dropFirst() {
      let output = try numbers(row, [3])[0]
      #expect(abs(1 / (1 + exp(-output)) - (try numbers(known, [1])[0])) < 1e-5)
    }
  }
}
