import Foundation
import TestSupport
import Testing

@Suite struct TuneTests {
  static let fileNames = TrainTests.fileNames.union([
    "trials.tsv", "starts.tsv", "recipe.json",
  ]).subtracting(["state.safetensors"])

  static let data = ["--positives", Toy.peaks, "--length", "101", "--seed", "3", "--quiet"]
  static let tuning =
    ["tune", "--trials", "9", "--folds", "2", "--epochs", "3", "--preset", "deepbind"] + data

  /// A folder of results on one thread, made once for all tests.
  static let tuned: String = {
    let path = Toy.sharedFolder + "/tuned"
    let run = try? Program(tuning + ["--threads", "1", "--output", path])
    precondition(run?.exitCode == 0, "tuning failed: \(run?.words ?? "")")
    return path
  }()

  @Test func writesItsFilesAndNothingElse() throws {
    #expect(Set(try files(in: Self.tuned).keys) == Self.fileNames)
    let trials = rows(try contents(Self.tuned + "/trials.tsv"))
    #expect(trials[0].prefix(2) == ["trial", "network.layers.0.convolution.filters"])
    #expect(trials[0].suffix(4) == ["fold1", "fold2", "mean", "status"])
    #expect(trials.dropFirst().map { $0[0] } == (1...9).map(String.init))
    let statuses = trials.dropFirst().map { $0[$0.count - 1] }.sorted()
    #expect(
      statuses == [String](repeating: "eliminated at rung 1", count: 6)
        + ["finished", "finished", "winner"])
    #expect(rows(try contents(Self.tuned + "/starts.tsv")).count == 7)
  }

  /// The report lists the trials of `trials.tsv`, the winner first.
  @Test func theReportShowsTheTrials() throws {
    let report = try contents(Self.tuned + "/report.html")
    let section = try #require(report.components(separatedBy: "<h2>Search</h2>").last)
    let table = section.prefix(upTo: try #require(section.range(of: "</table>")).lowerBound)
    let shown = table.split(separator: "<tr>").dropFirst(2)
    #expect(shown.first?.contains("<td>winner</td>") == true)
    let trials = rows(try contents(Self.tuned + "/trials.tsv")).dropFirst()
    #expect(shown.count == trials.count)
    for row in shown {
      let fields = row.matches(of: /<t[hd][^>]*>([^<]*)</).map { String($0.1) }
      let trial = try #require(trials.first { $0[0] == fields[0] })
      #expect(fields[1] == trial[1] && fields.last == trial.last)
      let score = try #require(Double(trial[trial.count - 2]))
      #expect(abs(score - (Double(fields[fields.count - 2]) ?? 0)) < 5.1e-5)
    }
  }

  @Test func threadsChangeNothing() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/threads"
    #expect(try Program(Self.tuning + ["--threads", "2", "--output", path]).exitCode == 0)
    #expect(try files(in: path) == files(in: Self.tuned))
  }

  /// Kills runs in the search and behind it, and lets the last one finish.
  @Test func killedRunsEndWithTheSameBytes() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/resumed"
    var wasKilled = false
    for delay in [30, 60, 90, 150, 250, 100] {
      let process = try Program.start(Self.tuning + ["--output", path, "--resume"])
      usleep(UInt32(delay) * 1000)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      wasKilled = wasKilled || process.terminationReason == .uncaughtSignal
    }
    #expect(wasKilled)
    let last = try Program(Self.tuning + ["--output", path, "--resume"])
    #expect(last.exitCode == 0, "\(last.words)")
    #expect(try files(in: path) == files(in: Self.tuned))
    let again = try Program(Self.tuning.dropLast() + ["--output", path, "--resume"])
    #expect(again.words == "\(path): finished already; nothing is left to do\n")
    let other = try Program(Self.tuning + ["--output", path, "--resume", "--trials", "8"])
    #expect(other.exitCode == 65)
  }

  /// What the search wrote makes the same model, whatever the preset.
  @Test func trainMakesTheSameModel() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/trained"
    let run = try Program(
      ["train", "--config", Self.tuned + "/recipe.json", "--output", path] + Self.data)
    #expect(run.exitCode == 0, "\(run.words)")
    let (trained, tuned) = (try files(in: path), try files(in: Self.tuned))
    for name in ["model.safetensors", "metrics.json", "history.tsv", "predictions.tsv"] {
      #expect(trained[name] == tuned[name], "\(name)")
    }
  }

  /// Other labels of test examples change what is measured, and nothing that was searched.
  @Test func theTestExamplesAreNotSeen() throws {
    let folder = TemporaryFolder()
    func run(_ flipped: Bool) throws -> [String: Data] {
      let table = Toy.peakRecords.prefix(200).enumerated().map { index, record in
        let side = index % 4 == 0 ? "test" : index % 4 == 1 ? "validation" : "train"
        let isPositive = (index / 4 % 2 == 0) != (flipped && side == "test")
        return "\(record.bases)\t\(isPositive ? 1 : 0)\t\(side)\n"
      }
      let path = folder.path + "/\(flipped)"
      let file = folder.write("seq\tbound\tsplit\n" + table.joined(), to: "\(flipped).tsv")
      let run = try Program(
        [
          "tune", "--table", file, "--trials", "3", "--epochs", "2", "--preset", "deepbind",
          "--quiet", "--output", path,
        ])
      #expect(run.exitCode == 0, "\(run.words)")
      return try files(in: path)
    }
    let (plain, flipped) = (try run(false), try run(true))
    for name in ["trials.tsv", "starts.tsv", "recipe.json", "history.tsv"] {
      #expect(plain[name] == flipped[name], "\(name)")
    }
    #expect(plain["metrics.json"] != flipped["metrics.json"])
  }

  @Test func refusesInOneLine() throws {
    let folder = TemporaryFolder()
    let few = folder.write(
      Toy.peakRecords.prefix(30).map { ">\($0.name)\n\($0.bases)\n" }.joined(), to: "few.fa")
    let recipe = folder.write(
      #"{"network": {"layers": [{"dense": {"units": 8}}, {"dense": {"units": 8}}]}}"#, to: "r")
    let space = folder.write(#"{"training.rate": {"range": [0, 1]}}"#, to: "s")
    let cases: [(arguments: [String], exitCode: Int32, words: String)] = [
      (["--trials", "0"], 64, "--trials is 0; take 1 to 100000"),
      (["--folds", "1"], 64, "--folds is 1; take 2 to 100"),
      (
        ["--folds", "60", "--positives", few, "--length", "30"], 65,
        "can't make 60 folds: each needs positives, and there are 20"
      ),
      (["--config", recipe], 65, "pooled without a globalPooling among the layers"),
      (["--space", space], 65, "\"training.rate\" is no key of a recipe; the keys are batchSize"),
      (["--space", folder.path + "/none"], 66, "no such file"),
    ]
    for (arguments, exitCode, words) in cases {
      let input = arguments.contains("--positives") ? [] : ["--positives", Toy.peaks]
      let run = try Program(
        ["tune", "--quiet", "--output", folder.path + "/bad"] + input + arguments)
      #expect(run.exitCode == exitCode, "\(run.words)")
      #expect(run.words.split(separator: "\n").count == 1, "\(run.words)")
      #expect(run.words.contains(words), "\(run.words)")
    }
  }

  /// A network of two convolutions, of which a file says what is to be searched.
  @Test func searchesAnyRecipe() throws {
    let folder = TemporaryFolder()
    let recipe = folder.write(
      """
      {"network": {"strands": "max", "layers": [
        {"convolution": {"filters": 6, "width": 9}}, {"rectifier": {}},
        {"windowPooling": {"pooling": "max", "window": 4}}, {"convolution": {"filters": 4, "width": 3}},
        {"rectifier": {}}, {"globalPooling": {"pooling": "mean"}}]}}
      """, to: "net.json")
    let space = folder.write(
      """
      {"network.layers.3.convolution.width": {"choices": [3, 5]},
        "training.learningRate": {"range": [0.001, 0.01], "scale": "log"}}
      """, to: "space.json")
    let path = folder.path + "/model"
    let run = try Program(
      [
        "tune", "--trials", "3", "--folds", "2", "--epochs", "1", "--preset", "deepbind",
        "--config", recipe, "--space", space, "--output", path,
      ] + Self.data)
    #expect(run.exitCode == 0, "\(run.words)")
    let trials = rows(try contents(path + "/trials.tsv"))
    #expect(
      trials[0].prefix(3)
        == ["trial", "network.layers.3.convolution.width", "training.learningRate"])
    #expect(trials[1].prefix(3) == ["1", "3", "0.01"])
    for trial in trials.dropFirst(2) {
      #expect(["3", "5"].contains(trial[1]))
      #expect((0.001...0.01).contains(Double(trial[2]) ?? 0))
    }
    let again = try Program(
      [
        "train", "--preset", "deepbind", "--config", path + "/recipe.json", "--output",
        folder.path + "/again",
      ] + Self.data)
    #expect(again.exitCode == 0, "\(again.words)")
    #expect(
      try contents(path + "/predictions.tsv") == contents(folder.path + "/again/predictions.tsv"))
  }
}
