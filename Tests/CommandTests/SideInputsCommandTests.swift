import Foundation
import TestSupport
import Testing

@Suite final class SideInputsCommandTests {
  private let folder = TemporaryFolder()
  /// The positions of variants, in the region that is scanned.
  private let places = (0..<8).map { 400_060 + 29 * $0 }

  /// Rows of which only the number beside them tells the class.
  private var table: String {
    let records = Toy.peakRecords.prefix(300).enumerated().map { index, record in
      let number = index % 9 == 8 ? "NA" : "\(index % 2 * 4 + index % 3)"
      return "r\(index)\t\(record.bases.prefix(60))\t\(index % 2)\t\(number)\n"
    }
    return "id\tseq\tbound\topen\n" + records.joined()
  }

  private func area(_ folder: String) throws -> Double {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/metrics.json"))
    let metrics = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return try #require(metrics?["auroc"] as? Double)
  }

  @Test func readsColumns() throws {
    let file = folder.write(table, to: "t.tsv")
    func train(_ options: [String], to name: String) throws -> String {
      let output = folder.path + "/" + name
      let run = try Program(
        [
          "train", "--no-motifs", "--table", file, "--labels", "bound", "--preset", "deepbind",
          "--epochs", "20",
          "--test", "0.3", "--output", output, "--quiet",
        ] + options)
      #expect(run.exitCode == 0, "\(run.words)")
      return output
    }
    let with = try train(["--side", "open"], to: "with")
    #expect(try area(with) > 0.9)
    #expect(try area(try train([], to: "without")) < 0.75)
    let model = with + "/model.safetensors"
    let scored = try Program(["predict", "--model", model, "--table", file])
    #expect(scored.exitCode == 0, "\(scored.words)")
    let scores = Dictionary(
      uniqueKeysWithValues: rows(scored.output).dropFirst().map { ($0[0], $0[1]) })
    let held = rows(try String(contentsOfFile: with + "/predictions.tsv", encoding: .utf8))
    for row in held.dropFirst() { #expect(scores[row[0]] == row[1]) }
    let measured = try Program(["evaluate", "--model", model, "--table", file])
    #expect(measured.exitCode == 0, "\(measured.words)")
    let fasta = folder.write(">a\n\(Toy.peakRecords[0].bases.prefix(60))\n", to: "a.fa")
    let plain = try Program(["predict", "--model", model, "--fasta", fasta])
    #expect(plain.exitCode == 64 && plain.words.contains("reads numbers beside sequences"))
    let scan = try Program([
      "scan", "--model", model, "--genome", Toy.slice, "--output", "-",
    ])
    #expect(scan.exitCode == 64 && scan.words.contains("the model reads \"open=FILE\" beside"))
    let mutated = try Program([
      "mutate", "--model", model, "--fasta", fasta, "--output", folder.path + "/mutated",
    ])
    #expect(mutated.exitCode == 64 && mutated.words.contains("reads numbers beside sequences"))
    let designed = try Program([
      "design", "--model", model, "--random", "2", "--output", folder.path + "/designed",
    ])
    #expect(
      designed.exitCode == 65 && designed.words.contains("reads \"open\" beside each sequence"))
  }

  /// A model that starts from another one reads the same columns, standardized as there.
  @Test func startsFromAModelOfColumns() throws {
    let data = ["--table", folder.write(table, to: "t.tsv"), "--labels", "bound", "--no-motifs"]
    let first = folder.path + "/first"
    _ = try Program.quiet(
      ["train", "--preset", "deepbind", "--epochs", "3", "--side", "open", "--output", first] + data
    )
    let from = ["train", "--from", first + "/model.safetensors", "--epochs", "2"]
    let second = folder.path + "/second"
    _ = try Program.quiet(from + ["--output", second] + data)
    func standardization(_ folder: String) throws -> String {
      let run = try Program(["inspect", folder + "/model.safetensors"])
      let line = run.output.split(separator: "\n").first { $0.contains("sideInputs") }
      return String(try #require(line))
    }
    #expect(try standardization(second) == standardization(first))
    let other = try Program(from + ["--side", "closed", "--output", folder.path + "/x"] + data)
    #expect(other.exitCode == 64 && other.words.contains("the model reads \"open\" beside"))
  }

  /// The layer is in the recipe that a search leaves, which makes the same model again.
  @Test func tunesBesideColumns() throws {
    let table = [
      "--table", folder.write(table, to: "t.tsv"), "--labels", "bound", "--side", "open",
    ]
    let tuned = folder.path + "/tuned"
    _ = try Program.quiet(
      ["tune", "--preset", "deepbind", "--epochs", "3", "--trials", "2", "--folds", "2"] + table
        + ["--no-motifs", "--output", tuned])
    let recipe = tuned + "/recipe.json"
    #expect(try String(contentsOfFile: recipe, encoding: .utf8).contains("sideInputs"))
    _ = try Program.quiet(
      ["train", "--config", recipe, "--no-motifs", "--output", folder.path + "/again"] + table)
    let models = [tuned, folder.path + "/again"].map { $0 + "/model.safetensors" }
    let bytes = try models.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    #expect(bytes[0] == bytes[1])
  }

  /// Contributions are those of the bases, and add up by each method that says so; the output is what `predict` has.
  @Test func explainsBesideTracks() throws {
    let tracked = try TrackModel(in: folder)
    let beside = tracked.beside
    let places = ["--regions", tracked.regions] + tracked.places
    let scored = try Program.quiet(["predict"] + places + beside)
    let probability = try #require(Double(rows(scored.output)[1][4]))
    for method in ["deeplift", "integrated-gradients", "input-x-gradient", "mutagenesis"] {
      let output = folder.path + "/\(method)"
      _ = try Program.quiet(
        ["explain", "--method", method, "--output", output] + places + beside)
      let table = rows(try String(contentsOfFile: output + "/sequences.tsv", encoding: .utf8))
      let row = try table[1][4...].map { try #require($0 == "NA" ? 0 : Double($0)) }
      #expect(abs(1 / (1 + exp(-row[0])) - probability) < 1e-4)
      if table[1][5] != "NA" { #expect(abs(row[0] - row[1] - row[2]) < 1e-4) }
    }
    let missing = try Program(["explain", "--output", folder.path + "/x"] + places)
    #expect(missing.exitCode == 64 && missing.words.contains("give these tracks with --side"))
  }

  /// What a scan, its regions and variants make of a window is what `predict` makes of it. A scan needs a threshold: such
  /// a model has no p-values.
  @Test func scansAndScoresVariantsBesideTracks() throws {
    let tracked = try TrackModel(in: folder)
    let genome = tracked.places + tracked.beside
    let scanned = try scannedOutputs(genome)
    var middles: [Int: Double] = [:]
    for (middle, output) in try predictedOutputs(genome) {
      middles[middle] = output
      #expect(abs(try #require(scanned[middle].flatMap(Double.init)) - output) < 1e-5)
    }
    #expect(Set(middles.values).count > 200)
    let references = try referenceOutputs(genome)
    #expect(references.count == places.count)
    for (reference, place) in zip(references, places) {
      #expect(abs(reference - (try #require(middles[place]))) < 1e-5)
    }
    let unruled = try Program(["scan", "--output", folder.path + "/x.bed"] + genome)
    #expect(unruled.exitCode == 64 && unruled.words.contains("give the least prediction"))
  }

  /// What `scan` makes of the window around each position of a region.
  private func scannedOutputs(_ genome: [String]) throws -> [Int: String] {
    let region = folder.write("20\t400000\t400400\n", to: "r.bed")
    let track = folder.path + "/s.bedgraph"
    _ = try Program.quiet(
      [
        "scan", "--regions", region, "--threshold", "0.01", "--output", folder.path + "/r2.bed",
        "--bedgraph", track,
      ] + genome)
    var scanned: [Int: String] = [:]
    for row in rows(try String(contentsOfFile: track, encoding: .utf8)) where row.count == 4 {
      for position in try #require(Int(row[1]))..<#require(Int(row[2])) {
        scanned[position] = row[3]
      }
    }
    return scanned
  }

  /// What `predict` makes of windows in that region.
  private func predictedOutputs(_ genome: [String]) throws -> [(middle: Int, output: Double)] {
    let windows = folder.write(
      (0..<300).map { "20\t\(400_000 + $0)\t\(400_100 + $0)\n" }.joined(), to: "w.bed")
    let predicted = rows(try Program.quiet(["predict", "--regions", windows] + genome).output)
      .dropFirst()
    return try predicted.map { row in
      let middle = try #require(Int(row[5])) + 50
      let output = try #require(Double(row[4]))
      return (middle, output)
    }
  }

  /// A file of a substitution at each of the places.
  private func substitutions() -> String {
    let bases = Toy.sliceBases
    let records = places.map {
      "20\t\($0 + 1)\t.\t\(bases[$0])\t\(bases[$0] == "A" ? "C" : "A")\t.\t.\t.\n"
    }
    return folder.write(
      "##fileformat=VCFv4.3\n##contig=<ID=20>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        + records.joined(), to: "v.vcf")
  }

  /// What `variants` makes of the reference windows around the places.
  private func referenceOutputs(_ genome: [String]) throws -> [Double] {
    let table = folder.path + "/v.tsv"
    _ = try Program.quiet(
      ["variants", "--vcf", substitutions(), "--output", table, "--all-placements"] + genome)
    let scores = rows(try String(contentsOfFile: table, encoding: .utf8))
    let column = try #require(scores[0].firstIndex { $0.hasSuffix("_REF") })
    return try scores.dropFirst().map { try #require(Double($0[column])) }
  }

  @Test func refusesTracksOfAnotherGenome() throws {
    let places = try TrackModel(in: folder).places
    let other = folder.path + "/other.bw"
    _ = try Program.quiet([
      "scan", "--model", Toy.deepBind, "--genome", Toy.smallGenome, "--output",
      folder.path + "/o.bed", "--bigwig", other, "--threshold", "0.5",
    ])
    let region = ["--regions", folder.write("20\t400000\t400400\n", to: "r.bed")]
    let commands = [
      (["scan", "--threshold", "0.5"], "x.bed"), (["variants", "--vcf", substitutions()], "x.vcf"),
      (["predict"] + region, "x.tsv"), (["explain"] + region, "x"),
      (["compare"] + region, "x.bed"),
    ]
    for (command, output) in commands {
      let strange = try Program(
        command + places
          + ["--side", "open=\(other)", "--output", folder.path + "/" + output])
      #expect(strange.exitCode == 65 && strange.words.contains("has none of the sequences"))
    }
  }

  @Test func refusesWhatHasNoNumbers() throws {
    let file = folder.write(table, to: "t.tsv")
    let bad = folder.write(table.replacingOccurrences(of: "NA", with: "high"), to: "b.tsv")
    func refusal(_ arguments: [String]) throws -> (Int32, String) {
      let run = try Program(["train", "--output", folder.path + "/x"] + arguments)
      return (run.exitCode, run.words)
    }
    let missing = try refusal(["--table", file, "--side", "closed"])
    #expect(missing.0 == 65 && missing.1.contains("no column is named \"closed\""))
    let word = try refusal(["--table", bad, "--labels", "bound", "--side", "open"])
    #expect(
      word.0 == 65 && word.1.contains("b.tsv:10: \"high\" in \"open\" is not a finite number"))
    let fasta = try refusal(["--positives", Toy.peaks, "--side", "open"])
    #expect(fasta.0 == 64 && fasta.1.contains("--side goes with a --table"))
    let twice = try refusal(["--table", file, "--side", "open", "open"])
    #expect(twice.0 == 64 && twice.1.contains("twice"))
  }

  /// The disagreement of one network alone can't be told; that of three is a number for each record.
  @Test func tellsTheSpread() throws {
    let fasta = folder.write(">a\n\(Toy.peakRecords[0].bases)\n>b\nAC\n", to: "a.fa")
    let options = ["predict", "--fasta", fasta, "--spread"]
    let three = try Program(options + ["--model", Toy.model])
    #expect(three.exitCode == 0, "\(three.words)")
    let table = rows(three.output)
    #expect(table[0][2] == "spread" && table[2][2] == "NA")
    let spread = try #require(Double(table[1][2]))
    #expect(spread >= 0 && spread < 0.5)
    let one = try Program(options + ["--model", Toy.twoTasks])
    #expect(one.exitCode == 64 && one.words.contains("--spread needs several networks"))
  }
}
