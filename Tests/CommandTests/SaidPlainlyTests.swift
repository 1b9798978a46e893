import Foundation
import TestSupport
import Testing

/// What commands say beside their results.
@Suite struct SaidPlainlyTests: ~Copyable {
  private let folder = TemporaryFolder()

  @Test func tooFewOfTheBestSites() throws {
    let genome = folder.write(Toy.genomeText, to: "g.fa")
    func words(_ options: [String]) throws -> String {
      let run = try Program(
        [
          "scan", "--model", Toy.model, "--genome", genome, "--output", folder.path + "/s.bed",
          "--force",
        ] + options)
      #expect(run.exitCode == 0, "\(run.words)")
      return run.words
    }
    let few = try words(["--top", "2000"])
    let count = rows(try contents(folder.path + "/s.bed")).count { !$0[0].hasPrefix("#") }
    #expect(
      few.contains(
        "--top 2,000: there are only \(count) sites with p-values of at most 0.001; a laxer rule, such as "
          + "a larger --p-value, gives more\n"), "\(few)")
    #expect(
      try words(["--top", "2000", "--p-value", "1"]).contains(
        "of windows whose sites share a base only the best counts\n"))
    #expect(try !words(["--top", "1"]).contains("--top"))
    #expect(
      try words(["--top", "2000", "--q-value", "0.01"]).contains(
        "with q-values of at most 0.01;"))
  }

  /// The shards' merge says it as the scan does, and of several tasks which one is meant.
  @Test func tooFewSitesOfATask() throws {
    let genome = folder.write(Toy.genomeText, to: "g.fa")
    let scan = ["scan", "--model", Toy.twoTasks, "--genome", genome, "--top", "900"]
    let whole = try Program(scan + ["--output", folder.path + "/w.bed"])
    let line = try #require(whole.words.split(separator: "\n").last)
    #expect(line.hasPrefix("--top 900: there are only ") && line.contains(" sites of "))
    let shard = folder.path + "/1.bed"
    _ = try Program(scan + ["--shard", "1/1", "--output", shard])
    let merged = try Program(["scan", "merge", shard, "--output", folder.path + "/m.bed"])
    #expect(merged.words.hasSuffix("\(line)\n"), "\(merged.words)")
  }

  /// The figures of the JSON, in the text too.
  @Test func evaluateTellsOfCalibration() throws {
    struct Metrics: Decodable {
      struct Task: Decodable {
        struct Figures: Decodable {
          let brier, calibrationError: Double
          let brierInterval, calibrationErrorInterval: [Double]
        }
        let classification: Figures
      }
      let tasks: [Task]
    }
    let evaluate = ["evaluate", "--positives", Toy.peaks, "--model", Toy.model, "--quiet"]
    let text = try Program(evaluate).output
    let json = try Program(evaluate + ["--json"]).output
    let figures = try JSONDecoder().decode(Metrics.self, from: Data(json.utf8)).tasks[0]
      .classification
    func shown(_ value: Double) -> String { String(format: "%.4f", value) }
    func interval(_ bounds: [Double]) -> String {
      "(95% CI \(shown(bounds[0]))–\(shown(bounds[1])))"
    }
    #expect(text.contains("Brier score \(shown(figures.brier)) \(interval(figures.brierInterval))"))
    #expect(
      text.contains(
        "calibration error \(shown(figures.calibrationError)) "
          + interval(figures.calibrationErrorInterval)), "\(text)")
  }

  private static let deepBind = """
    # deepbind 0.1
    reverse_complement = 1
    num_detectors = 1
    detector_len = 4
    has_avg_pooling = 0
    num_hidden = 0
    detectors = 0,1,0,0,0,0,1,0,0,1,0,0,0,0,1,0
    thresholds = -1
    weights1 = 2
    biases1 = -0.5
    weights2 = \("")
    biases2 = \("")

    """

  @Test func importTellsWhatItMade() throws {
    let file = folder.write(Self.deepBind, to: "D1.001.txt")
    func run(_ output: String, _ options: [String] = []) throws -> Program {
      try Program(["import", "deepbind", file, "--output", output] + options)
    }
    let model = folder.path + "/m.safetensors"
    let made = try run(model)
    #expect(
      made.words
        == "\(model): the model of D1.001, for all commands that take a model; 1 "
        + "filters of 4 bases, windows of 6 on both strands; its scores are no probabilities\n")
    let again = try run(model)
    #expect(again.exitCode == 73 && again.words.contains("exists; use --force"), "\(again.words)")
    #expect(try run(model, ["--force", "--quiet"]).words.isEmpty)
    let missing = try run(folder.path + "/none/m.safetensors")
    #expect(missing.exitCode == 73 && missing.words.contains("its folder doesn't exist"))
    let other = try run(folder.path + "/m.model")
    #expect(other.exitCode == 0)
    #expect(
      other.words.hasSuffix("m.model: other programs know such files by the ending .safetensors\n"))
    let packed = try run(folder.path + "/m.safetensors.GZ")
    #expect(packed.exitCode == 64 && packed.words.contains("take a name that ends in .safetensors"))
    #expect(try !files(in: folder.path).keys.contains("m.safetensors.GZ"))
    let piped = try Program.shell(
      "seqcnn import deepbind \(file) --output - | cmp - \(model)")
    #expect(piped.exitCode == 0)
    #expect(piped.words.hasPrefix("standard output: the model of D1.001,"), "\(piped.words)")
  }

  @Test func anImportedModelThatOverflowsIsRefused() throws {
    let text = Self.deepBind.replacing("weights1 = 2", with: "weights1 = 3e38")
      .replacing("thresholds = -1", with: "thresholds = 30")
    let file = folder.write(text, to: "D2.001.txt")
    let run = try Program(["import", "deepbind", file, "--output", folder.path + "/m.safetensors"])
    #expect(run.exitCode == 65)
    #expect(run.words.contains("the weights are so large that outputs are no finite numbers"))
    #expect(try Set(files(in: folder.path).keys) == ["D2.001.txt"])
  }

  /// Two positives, one of which is left after the held-out ones, make no folds.
  @Test func tuneNamesTheScarceClass() throws {
    let positives = folder.write(
      Toy.peakRecords.prefix(4).map { ">\($0.name)\n\($0.bases)\n" }.joined(), to: "p.fa")
    let negatives = folder.write(
      Toy.peakRecords.dropFirst(10).prefix(40).map { ">\($0.name)\n\($0.bases)\n" }.joined(),
      to: "n.fa")
    for input in [
      ["--positives", positives], ["--positives", positives, "--negatives", negatives],
    ] {
      let run = try Program(
        ["tune", "--quiet", "--folds", "5", "--length", "60", "--output", folder.path + "/o"]
          + input)
      #expect(run.exitCode == 65)
      #expect(
        run.words.contains("can't make 5 folds: each needs positives, and there are "),
        "\(run.words)")
    }
  }

  /// Whatever the command opens first.
  @Test(arguments: [3, 4, 5, 6]) func tooManyOpenFilesAreCalledThat(limit: Int) throws {
    for command in [
      "train --positives \(Toy.peaks) --output \(folder.path)/o --epochs 1",
      "predict --model \(Toy.model) --fasta \(Toy.peaks) --output \(folder.path)/o.tsv",
      "mutate --model \(Toy.model) --fasta \(Toy.peaks) --output \(folder.path)/m",
      "scan --model \(Toy.model) --genome \(Toy.slice) --output \(folder.path)/o.bed.gz",
    ] {
      let run = try Program.shell("ulimit -n \(limit); seqcnn \(command)")
      guard run.exitCode != 0, run.exitCode < 126 else { continue }
      #expect(
        run.words.contains("too many open files; raise the limit"), "\(command): \(run.words)")
    }
  }
}
