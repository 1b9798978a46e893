import Foundation
import TestSupport
import Testing

/// What a table's columns and labels are taken for.
@Suite struct LabelsTests {
  /// A table of 160 sequences, a line made of each one's number and bases.
  private func table(
    _ header: String, in folder: borrowing TemporaryFolder, name: String = "t.tsv",
    _ line: (Int, Substring) -> String
  ) -> String {
    let lines = Toy.peakRecords.prefix(160).enumerated().map { index, record in
      line(index, record.bases.prefix(60)) + "\n"
    }
    return folder.write(header + "\n" + lines.joined(), to: name)
  }

  private func train(
    _ table: String, _ more: [String] = [], to output: String, epochs: Int = 1
  ) throws -> Program {
    try Program(
      [
        "train", "--no-motifs", "--table", table, "--output", output, "--preset", "deepbind",
        "--epochs",
        "\(epochs)", "--threads", "2",
      ] + more)
  }

  private struct Run: Decodable {
    struct Task: Decodable {
      struct Numbers: Decodable { let count: Int }
      let task: String
      let positives, negatives: Int?
      let numbers: Numbers?
      let notMeasured: Int
    }
    let objective: String
    let tasks: [Task]
    let options: [String: String]
    let notes: [String]
  }

  private func run(in output: String) throws -> Run {
    try JSONDecoder().decode(Run.self, from: Data(contents(output + "/run.json").utf8))
  }

  /// An index without a name, a fold, row numbers, words and tabs at the end change nothing.
  @Test func columnsThatAreNoTasksChangeNothing() throws {
    let folder = TemporaryFolder()
    let plain = table("seq\tbound", in: folder, name: "plain.tsv") { "\($1)\t\($0 % 2)" }
    let more = table("\tseq\tbound\tFold\tn\tcell\t", in: folder, name: "more.tsv") {
      "\($0)\t\($1)\t\($0 % 2)\t\($0 % 5)\t\($0 + 1)\tK562\t"
    }
    let (first, second) = (folder.path + "/plain", folder.path + "/more")
    #expect(try train(plain, to: first).exitCode == 0)
    let run = try train(more, to: second)
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(
      run.words.contains(
        "more.tsv: not tasks: column 1 (no name), \"Fold\" (describes the row), "
          + "\"n\" (numbers the rows), \"cell\" (words such as \"K562\"), column 7 (no name)\n"))
    let words = "classification of \"bound\": 80 bound, 80 not bound\n"
    let (said, split) = (run.words.range(of: words), run.words.range(of: "split at random"))
    #expect(try #require(said).lowerBound < #require(split).lowerBound)
    for name in ["predictions.tsv", "metrics.json", "history.tsv", "report.tsv"] {
      #expect(try contents("\(first)/\(name)") == contents("\(second)/\(name)"), "\(name)")
    }
    let record = try self.run(in: second)
    #expect(record.objective == "classification" && record.tasks.map(\.task) == ["bound"])
    #expect(record.tasks[0].positives == 80 && record.tasks[0].negatives == 80)
    #expect(record.notes.contains { $0.contains("numbers the rows") })
    #expect(record.options["labels"] == nil && record.options["objective"] == nil)
  }

  /// One column of numbers beside classes: refused until one of the mends is taken.
  @Test func objectivesMustAgree() throws {
    let folder = TemporaryFolder()
    let path = table("seq\tbound\tgc\tfold", in: folder) {
      "\($1)\t\($0 % 2)\t0.\($0 % 37)\t\($0 % 5)"
    }
    let output = folder.path + "/o"
    let refused = try train(path, to: output)
    #expect(refused.exitCode == 65 && !FileManager.default.fileExists(atPath: output))
    #expect(
      refused.words.hasSuffix(
        "t.tsv: \"bound\": 0 and 1, classes; \"gc\": measured numbers; choose columns of one kind "
          + "with --labels, or give --objective regression to learn all as numbers\n"))
    let bad = try train(path, ["--objective", "classification"], to: output)
    #expect(bad.exitCode == 65 && bad.words.contains("t.tsv:3: the label 0.1 of \"gc\" is neither"))
    let unknown = try train(path, ["--labels", "Bound"], to: output)
    #expect(unknown.exitCode == 65)
    #expect(
      unknown.words.contains(
        "no column is named \"Bound\"; the columns are \"seq\", \"bound\", \"gc\", \"fold\"\n"))
    let chosen = try train(path, ["--labels", "bound"], to: output)
    #expect(chosen.exitCode == 0 && chosen.words.contains("bound: test AUROC "))
    #expect(try run(in: output).options["labels"] == "bound")
    let other = try train(path, ["--labels", "gc", "--resume"], to: output)
    #expect(other.exitCode == 65 && other.words.contains("is of a run with other input, options"))
    let both = try train(path, ["--objective", "regression", "--force"], to: output)
    #expect(both.exitCode == 0, "\(both.words)")
    #expect(
      both.words.contains("regression of \"bound\": 160 numbers from 0.0 to 1.0, mean 0.5000"))
    let record = try run(in: output)
    #expect(record.objective == "regression" && record.options["objective"] == "regression")
    #expect(record.tasks.map(\.numbers?.count) == [160, 160])
    let fold = try train(
      path, ["--labels", "fold", "--objective", "regression", "--force"], to: output)
    #expect(fold.exitCode == 0 && fold.words.contains("regression of \"fold\": 160 numbers"))
  }

  @Test func optionsThatDoNotApplyAreRefused() throws {
    for (arguments, words) in [
      (["--positives", "a", "--labels", "x"], "--labels chooses columns of a table;"),
      (["--table", "a", "--labels", "x", "x"], "--labels names \"x\" twice;"),
      (["--positives", "a", "--objective", "regression"], "needs measured numbers;"),
    ] {
      let run = try Program(["train", "--output", "o"] + arguments)
      #expect(run.exitCode == 64 && run.words.contains(words), "\(run.words)")
    }
  }

  /// Classes in another notation are never numbers by themselves.
  @Test(arguments: [
    (["-1", "1"], "the label -1 of \"y\" is neither 0 nor 1"), (["-1", "0", "1"], "the label -1"),
    (["1", "2"], "the label 2 of \"y\" is neither 0 nor 1"), (["0", "1", "2"], "the label 2"),
    (["0", "0.5", "1"], "the label 0.5"), (["3"], "(all are 3)"), (["True", "False"], "\"True\""),
    (["no", "yes"], "\"no\""), ([""], "no label of \"y\" was measured"),
    (["0"], "no example to train on is bound for \"y\""),
  ])
  func otherNotationsAreRefused(labels: [String], words: String) throws {
    let folder = TemporaryFolder()
    let path = table("seq\ty", in: folder) { "\($1)\t\(labels[$0 % labels.count])" }
    let run = try train(path, to: folder.path + "/o")
    #expect(run.exitCode == 65 && run.words.contains(words), "\(run.words)")
  }

  /// Numbers without a decimal point and one class alone are what they seem.
  @Test func zeroAndOneAreReadInEveryNotation() throws {
    let folder = TemporaryFolder()
    let decimals = table("seq\ty", in: folder) { "\($1)\t\($0 % 2).0" }
    let run = try train(decimals, to: folder.path + "/a")
    #expect(run.exitCode == 0 && run.words.contains("classification of \"y\": 80 bound, 80 not"))
    let ones = table("seq\ty", in: folder) { "\($1)\t\($0 % 3 == 0 ? "NA" : "1")" }
    let positives = try train(ones, to: folder.path + "/b")
    #expect(positives.exitCode == 0, "\(positives.words)")
    #expect(positives.words.contains("classification of \"y\": 106 bound, 0 not bound\n"))
    #expect(positives.words.contains("negatives: dinucleotide shuffles"))
  }

  /// The rules of `train` hold for what a model is measured on.
  @Test func measuringTakesTheSameLabels() throws {
    let folder = TemporaryFolder()
    func labels(_ name: String, _ values: [String]) -> String {
      table("seq\ty\tnote", in: folder, name: name) {
        "\($1)\t\(values[$0 % values.count])\tword"
      }
    }
    let good = labels("good.tsv", ["0", "1", "NA"])
    let model = folder.path + "/m/model.safetensors"
    #expect(try train(labels("base.tsv", ["0", "1"]), to: folder.path + "/m").exitCode == 0)
    for (values, text) in [(["1", "-1"], "-1"), (["2", "1"], "2"), (["0", "0.7", "1"], "0.7")] {
      let file = labels("bad.tsv", values)
      let words =
        "bad.tsv:\(values[0] == text ? 2 : 3): the label \(text) of \"y\" is neither 0 nor 1;"
      let measured = try Program(["evaluate", "--table", file, "--model", model])
      #expect(measured.exitCode == 65 && measured.words.contains(words), "\(measured.words)")
      for side in ["--test", "--validation"] {
        let run = try train(good, [side, file], to: folder.path + "/o")
        #expect(run.exitCode == 65 && run.words.contains(words), "\(run.words)")
      }
    }
    let measured = try Program(["evaluate", "--table", good, "--model", model])
    #expect(measured.exitCode == 0)
    #expect(measured.words.contains("classification of \"y\": 53 bound, 54 not bound\n"))
    #expect(measured.words.contains("good.tsv: not tasks: \"note\" (another task)\n"))
  }

  /// Figures of some tasks are those that the whole table gives for them.
  @Test func someTasksOfAModelAreMeasured() throws {
    struct Figures: Decodable {
      struct Task: Decodable, Equatable {
        struct Classification: Decodable, Equatable { let auroc: Double }
        let task: String
        let classification: Classification
      }
      let tasks: [Task]
    }
    let folder = TemporaryFolder()
    func evaluate(_ arguments: [String]) throws -> (run: Program, tasks: [Figures.Task]) {
      let run = try Program(["evaluate", "--model", Toy.twoTasks, "--json"] + arguments)
      let figures = try? JSONDecoder().decode(Figures.self, from: Data(run.output.utf8))
      return (run, figures?.tasks ?? [])
    }
    let both = table("b\tseq\ta", in: folder) { "\($0 % 3 == 0 ? 1 : 0)\t\($1)\t\($0 % 2)" }
    let whole = try evaluate(["--table", both]).tasks
    #expect(whole.map(\.task) == ["a", "b"])
    #expect(try evaluate(["--table", both, "--labels", "b"]).tasks == [whole[1]])
    let one = table("seq\tb", in: folder, name: "b.tsv") { "\($1)\t\($0 % 3 == 0 ? 1 : 0)" }
    let output = folder.path + "/o"
    let part = try evaluate(["--table", one, "--output", output])
    #expect(part.tasks == [whole[1]])
    #expect(part.run.words.contains("measures 1 of the model's 2 tasks\n"))
    #expect(rows(try contents(output + "/predictions.tsv"))[0] == ["name", "b", "b.label"])
    let other = table("seq\tc", in: folder, name: "c.tsv") { "\($1)\t\($0 % 2)" }
    let genome = folder.write(Toy.genomeText, to: "g.fa")
    let peaks = folder.write("a\t100\t200\na\t500\t600\nb\t200\t300\n", to: "c.bed")
    for arguments in [["--table", other], ["--peaks", peaks, "--genome", genome]] {
      let refused = try evaluate(arguments).run
      #expect(refused.exitCode == 65)
      #expect(
        refused.words.contains(
          "holds \"c\", and the model's task(s) are \"a\", \"b\"; name a column after its task, or "
            + "choose it with --labels, or give a file as --peaks TASK=FILE\n"), "\(refused.words)")
    }
    let named = try evaluate(["--peaks", "b=\(peaks)", "--genome", genome])
    #expect(named.run.exitCode == 0 && named.tasks.map(\.task) == ["b"], "\(named.run.words)")
  }

  @Test func aPeakFileWithoutPeaksIsRefused() throws {
    let folder = TemporaryFolder()
    let genome = folder.write(Toy.genomeText, to: "g.fa")
    let peaks = folder.write("a\t100\t200\na\t500\t600\nb\t200\t300\n", to: "a.bed")
    let empty = folder.write("", to: "b.bed")
    let run = try Program([
      "train", "--no-motifs", "--peaks", "A=\(peaks)", "B=\(empty)", "--genome", genome, "--output",
      folder.path + "/o",
    ])
    #expect(run.exitCode == 65)
    #expect(
      run.words.hasSuffix("b.bed: 0 of 0 used, so no peak for \"B\"; give a file with regions\n"))
  }

  private struct Figures: Decodable {
    struct Task: Decodable {
      struct Regression: Decodable {
        let pearson, spearman, rSquared, meanSquaredError: Double
        let pearsonInterval, spearmanInterval, rSquaredInterval: [Double]
      }
      struct Baseline: Decodable {
        let name: String
        let pearson, pearsonGain: Double
      }
      let regression: Regression
      let baselines: [Baseline]
    }
    let tasks: [Task]
  }

  /// How well numbers are learned doesn't depend on their unit, and predictions are in it.
  @Test func regressionDoesNotDependOnTheUnit() throws {
    let folder = TemporaryFolder()
    let units: [(unit: Double, shift: Double)] = [(1, 0), (1e-6, 0), (1e6, 0), (1, 1000)]
    var first: Figures.Task?
    for (number, (unit, shift)) in units.enumerated() {
      let path = table("seq\ty", in: folder) { _, bases in
        let count = bases.uppercased().count { $0 == "G" || $0 == "C" }
        return "\(bases)\t\((Double(count) / 7 - 3) * unit + shift)"
      }
      let task = try learnedNumbers(of: path, to: folder.path + "/\(number)")
      let (figures, wanted) = (task.regression, (first ?? task).regression)
      first = first ?? task
      #expect(task.baselines.map(\.name) == ["GC content", "5-mer ridge"])
      // GC content is the label.
      #expect(task.baselines[0].pearson > 0.9999)
      // Labels are Float: of numbers about 1000 the last place is a ten-thousandth of a deviation.
      #expect(abs(figures.pearson - wanted.pearson) < 1e-3)
      #expect(abs(figures.rSquared - wanted.rSquared) < 2e-3)
      let ratio = figures.meanSquaredError / wanted.meanSquaredError
      #expect(abs(ratio / (unit * unit) - 1) < 1e-2)
    }
  }

  /// Trains on a table of numbers, and checks what is said of how well they are learned.
  private func learnedNumbers(of path: String, to output: String) throws -> Figures.Task {
    let run = try train(path, to: output, epochs: 20)
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(!run.words.contains(#/error 0\.0+[ ,\n]/#), "\(run.words)")
    #expect(
      run.words.contains(
        /y: test Pearson correlation 0\.\d{4} \(95% CI .*\), Spearman correlation 0\.\d{4} \(95% CI .*\), R² .*, mean squared error .*, \d+ examples\n/
      ), "\(run.words)")
    let json = Data(try contents(output + "/metrics.json").utf8)
    let task = try JSONDecoder().decode(Figures.self, from: json).tasks[0]
    let figures = task.regression
    #expect(figures.pearson > 0.5 && figures.rSquared > 0)
    #expect(
      figures.pearsonInterval[0] < figures.pearson && figures.pearson < figures.pearsonInterval[1])
    let report = try contents(output + "/report.html")
    #expect(report.contains("<title>Predicted and measured</title>"))
    #expect(report.contains("5-mer ridge: penalty"))
    let measured = try Program([
      "evaluate", "--json", "--quiet", "--table", path, "--model", output + "/model.safetensors",
    ])
    #expect(measured.exitCode == 0, "\(measured.words)")
    return task
  }

  @Test func numbersAreNotMeasuredOnPeaks() throws {
    let folder = TemporaryFolder()
    let path = table("seq\ty", in: folder) { "\($1)\t\(Double($0 % 11) + 0.5)" }
    #expect(try train(path, to: folder.path + "/o").exitCode == 0)
    let run = try Program([
      "evaluate", "--positives", Toy.peaks, "--model", folder.path + "/o/model.safetensors",
    ])
    #expect(run.exitCode == 64)
    #expect(run.words.contains("the model predicts numbers; give a --table with a column of"))
  }
}

/// The reports that people gave of such tables, where they are present.
@Suite(.enabled(if: SharedData.isPresent)) struct LabelReportTests {
  private let reports = SharedData.path("corpora/field-reports")

  @Test(arguments: ["index", "trailtab"]) func namelessColumnsAreNoTasks(name: String) throws {
    let folder = TemporaryFolder()
    let run = try Program([
      "train", "--no-motifs", "--table", "\(reports)/unnamed-column/\(name).tsv", "--output",
      folder.path + "/o",
      "--preset", "deepbind", "--epochs", "2",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(run.words.contains("classification of \"bound\": 120 bound, 120 not bound\n"))
    #expect(run.words.contains("\nbound: test AUROC ") && !run.words.contains("\n: "))
  }

  @Test func labelsAreReadAsInTraining() throws {
    let folder = TemporaryFolder()
    let trained = try Program([
      "train", "--no-motifs", "--table", "\(reports)/evaluate-labels/base.tsv", "--output",
      folder.path + "/m",
      "--epochs", "2", "--quiet",
    ])
    #expect(trained.exitCode == 0, "\(trained.words)")
    for (name, exitCode) in [
      ("minus1", 65), ("onetwo", 65), ("counts05", 65), ("minus1_na", 0),
    ] as [(String, Int32)] {
      let run = try Program([
        "evaluate", "--table", "\(reports)/evaluate-labels/\(name).tsv", "--model",
        folder.path + "/m/model.safetensors",
      ])
      #expect(run.exitCode == exitCode, "\(run.words)")
      #expect(run.output.contains("96 positives, 96 negatives") == (exitCode == 0))
    }
  }

  @Test func aTaskWithoutPeaksIsRefused() throws {
    let folder = TemporaryFolder()
    let path = reports + "/empty-peaks-task"
    let run = try Program([
      "train", "--no-motifs", "--peaks", "A=\(path)/peaks.narrowPeak", "B=\(path)/empty.narrowPeak",
      "--genome",
      path + "/G.fa", "--output", folder.path + "/o", "--preset", "deepbind", "--epochs", "1",
    ])
    #expect(run.exitCode == 65 && run.words.contains("no peak for \"B\"; give a file with regions"))
  }
}
