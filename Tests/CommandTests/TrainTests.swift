import Foundation
import TestSupport
import Testing

@Suite struct TrainTests {
  static let fileNames: Set = [
    "model.safetensors", "metrics.json", "history.tsv", "predictions.tsv", "motifs.meme",
    "motifs.tsv", "motifs.npz", "report.tsv",
    "report.html", "run.json", "state.safetensors",
  ]

  @Test func writesItsFilesAndNothingElse() throws {
    #expect(Set(try files(in: Toy.trained).keys) == Self.fileNames)
  }

  @Test func isQuiet() throws {
    let folder = TemporaryFolder()
    let run = try Program(Toy.training + ["--output", folder.path + "/model"])
    #expect(run.exitCode == 0)
    #expect(run.words.isEmpty)
    #expect(run.output.isEmpty)
  }

  /// The figure equals its definition on the predictions that are written beside it.
  @Test func heldOutFiguresAreThoseOfThePredictions() throws {
    struct Figures: Decodable {
      let auroc: Double
      let positives: Int
      let negatives: Int
    }
    let json = Data(try contents(Toy.trained + "/metrics.json").utf8)
    let figures = try JSONDecoder().decode(Figures.self, from: json)
    let table = rows(try contents(Toy.trained + "/predictions.tsv"))
    #expect(table[0][0] == "name")
    let scored = try table.dropFirst().map {
      (score: try #require(Double($0[$0.count - 2])), isPositive: $0[$0.count - 1] == "1.0")
    }
    #expect(scored.count == figures.positives + figures.negatives)
    #expect(abs(pairwiseAUROC(scored) - figures.auroc) < 1e-6)
    #expect(figures.auroc > 0.9)
  }

  /// Shuffles keep each sequence's composition: GC content can't tell them, and the classes match. 6-mers
  /// can, so there is a gain to state; its interval holds it.
  @Test func baselinesStandBesideTheFigures() throws {
    struct Figures: Decodable {
      struct Task: Decodable {
        struct Baseline: Decodable {
          let name: String
          let auroc, aurocGain: Double
          let aurocGainInterval: [Double]
        }
        struct Classification: Decodable {
          struct Bin: Decodable { let count: Int }
          let auroc: Double
          let positives, negatives: Int
          let reliability: [Bin]
        }
        let baselines: [Baseline]
        let classification: Classification
      }
      let tasks: [Task]
    }
    let json = Data(try contents(Toy.trained + "/metrics.json").utf8)
    let task = try JSONDecoder().decode(Figures.self, from: json).tasks[0]
    let names = ["GC content", "best filter as PWM", "6-mer regression"]
    #expect(task.baselines.map(\.name) == names)
    #expect(task.baselines[0].auroc == 0.5)
    #expect(task.baselines.dropFirst().allSatisfy { $0.auroc > 0.8 })
    for baseline in task.baselines {
      let gain = task.classification.auroc - baseline.auroc
      #expect(abs(baseline.aurocGain - gain) < 1e-12)
      #expect(baseline.aurocGainInterval[0] <= gain && gain <= baseline.aurocGainInterval[1])
    }
    let count = task.classification.positives + task.classification.negatives
    #expect(task.classification.reliability.reduce(0) { $0 + $1.count } == count)
    let report = try contents(Toy.trained + "/report.html")
    for text in names + ["<title>Reliability</title>", "train to test"] {
      #expect(report.contains(text))
    }
    let best = try #require(task.baselines.min { $0.aurocGain < $1.aurocGain })
    let verb = best.aurocGainInterval[0] > 0 ? "doesn&#39;t explain" : "explains"
    let share = Int((100 * task.classification.auroc).rounded())
    #expect(report.contains("the model scores the positive higher in \(share) % of all pairs"))
    #expect(
      report.contains(
        "the best simple rule, \(best.name), does so in \(Int((100 * best.auroc).rounded())) %: a difference that chance \(verb)"
      ))
    let run = try contents(Toy.trained + "/run.json")
    #expect(run.contains("\"leaks\"") && run.contains("\"classes\""))
  }

  /// Positives of G and C against negatives of A and T.
  @Test func warnsWhereCompositionTellsTheClasses() throws {
    let folder = TemporaryFolder()
    let lines = Toy.peakRecords.prefix(100).flatMap { record in
      let poor = record.bases.uppercased().map { $0 == "G" || $0 == "C" ? "A" : $0 }
      return ["\(record.bases)\t1\n", "\(String(poor))\t0\n"]
    }
    let table = folder.write("seq\tA\n" + lines.joined(), to: "t.tsv")
    let run = try Program([
      "train", "--no-motifs", "--table", table, "--epochs", "1", "--output", folder.path + "/o",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
    let warning = "warning: A: GC content alone tells the classes apart with AUROC 1.0000"
    #expect(run.words.contains(warning))
    #expect(run.words.contains("\nleaks between sides: none (compared: "))
    #expect(run.words.contains("\nA: baselines' AUROC: GC content 1.0000, "))
    let measured = try Program([
      "evaluate", "--table", table, "--model", folder.path + "/o/model.safetensors",
    ])
    #expect(measured.words.contains(warning))
  }

  @Test func replacesOnlyWithForce() throws {
    let folder = TemporaryFolder()
    folder.write("mine", to: "notes.txt")
    let refused = try Program(Toy.training + ["--output", folder.path])
    #expect(refused.exitCode == 73)
    #expect(try files(in: folder.path).keys.sorted() == ["notes.txt"])
    #expect(try Program(Toy.training + ["--output", folder.path, "--force"]).exitCode == 0)
    #expect(Set(try files(in: folder.path).keys) == Self.fileNames.union(["notes.txt"]))
  }

  @Test func divergenceIsAnErrorAndLeavesNoFolder() throws {
    let folder = TemporaryFolder()
    let config = folder.write(#"{"training": {"learningRate": 1e20}}"#, to: "config.json")
    let output = folder.path + "/model"
    let run = try Program(Toy.training + ["--config", config, "--output", output])
    #expect(run.exitCode == 65)
    #expect(run.words.contains("lower learningRate"))
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  /// Before training starts; with `--length` they are made equal.
  @Test func oneHotNetworksNeedOneLength() throws {
    let folder = TemporaryFolder()
    let fasta = Toy.peakRecords.prefix(60).enumerated().map { index, record in
      ">\(record.name)\n\(record.bases.prefix(60 + index))\n"
    }
    let layers =
      #"[{"convolution": {"filters": 2, "width": 5}}, {"globalPooling": {"pooling": "max"}}]"#
    let arguments = [
      "train", "--no-motifs", "--preset", "deepbind", "--positives",
      folder.write(fasta.joined(), to: "ragged.fa"), "--config",
      folder.write(
        #"{"network": {"front": {"oneHot": {}}, "layers": \#(layers)}}"#, to: "config.json"),
      "--epochs", "1", "--quiet", "--output", folder.path + "/model",
    ]
    let refused = try Program(arguments)
    #expect(refused.exitCode == 65)
    #expect(
      refused.words.hasSuffix("and this network learns from one; give --length\n"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/model"))
    let run = try Program(arguments + ["--length", "70"])
    #expect(run.exitCode == 0, "\(run.words)")
  }

  /// What trains the lecture's network, small, on sequences of different lengths.
  private func flattenedTraining(in folder: borrowing TemporaryFolder) -> [String] {
    let config = folder.write(
      """
      {"network": {"front": {"motifConvolution":
          {"filters": 4, "width": 9, "pooling": "max", "window": 5}},
        "layers": [{"flatten": {}}]}}
      """, to: "config.json")
    let ragged = Toy.peakRecords.enumerated().map { index, record in
      ">\(record.name)\n\(record.bases.prefix(60 + index % 60))\n"
    }.joined()
    return [
      "train", "--no-motifs", "--preset", "deepbind", "--positives",
      folder.write(ragged, to: "ragged.fa"), "--config", config,
      "--epochs", "2", "--quiet", "--output", folder.path + "/model",
    ]
  }

  /// Refused before training starts.
  @Test func flattenedWindowsNeedOneLength() throws {
    let folder = TemporaryFolder()
    let arguments = flattenedTraining(in: folder)
    let refused = try Program(arguments)
    #expect(refused.exitCode == 65)
    #expect(refused.words.hasSuffix("and this network learns from one; give --length\n"))
    let short = try Program(arguments + ["--length", "12"])
    #expect(short.exitCode == 65)
    #expect(
      short.words.contains(
        "sequences of 12 bases are too short for the network, which reads 13 at least;"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/model"))
  }

  /// The model reads windows of its length: shorter sequences are filled up, longer ones have several windows.
  @Test func flattenedWindowsLearnFromOneLength() throws {
    let folder = TemporaryFolder()
    let run = try Program(flattenedTraining(in: folder) + ["--length", "70"])
    #expect(run.exitCode == 0, "\(run.words)")
    let model = folder.path + "/model/model.safetensors"
    let base = String(repeating: "ACGTTGCA", count: 10)
    let fasta = folder.write(
      ">fits\n\(base.prefix(70))\n>short\n\(base.prefix(50))\n>long\n\(base.prefix(71))\n",
      to: "three.fa")
    let scores = try Program(["predict", "--model", model, "--fasta", fasta])
    #expect(scores.exitCode == 0)
    // The long one's two windows are those of its first and of its last 70 bases.
    let table = rows(scores.output)
    #expect(table.map { $0[0] } == ["name", "fits", "short", "long"])
    #expect(table.dropFirst().allSatisfy { $0[1] != "NA" })
    #expect((Double(table[3][1]) ?? 0) >= (Double(table[1][1]) ?? 1))
    for command in [["evaluate", "--json"], ["motifs", "export", "--output", "-"]] {
      let run = try Program(command + ["--model", model, "--positives", Toy.peaks, "--quiet"])
      #expect(run.exitCode == 0, "\(run.words)")
    }
    let sites = try Program([
      "scan", "--model", model, "--genome", folder.write(Toy.genomeText, to: "g.fa"), "--threshold",
      "0.5", "--output", folder.path + "/sites.bed", "--quiet",
    ])
    #expect(sites.exitCode == 0, "\(sites.words)")
  }

  /// The column of a table and the options would say different things.
  @Test func aStatedSplitGoesWithoutOptions() throws {
    let folder = TemporaryFolder()
    let table = folder.write("seq\tA\tsplit\nACGT\t1\ttrain\nAGGT\t0\ttest\n", to: "t.tsv")
    let run = try Program([
      "train", "--no-motifs", "--table", table, "--test", "0.1", "--output", folder.path + "/o",
    ])
    #expect(run.exitCode == 64)
    #expect(run.words.contains("column `split` says what is held out; leave"))
  }

  /// Measured numbers below one half leave motifs and background scores nonetheless.
  @Test func regressionTakesAllExamples() throws {
    let folder = TemporaryFolder()
    let lines = Toy.peakRecords.prefix(120).enumerated().map { index, record in
      "\(record.bases)\t\(-1 - Double(index % 7))\n"
    }
    let table = folder.write("seq\tA\n" + lines.joined(), to: "t.tsv")
    let output = folder.path + "/o"
    let arguments = ["train", "--no-motifs", "--table", table, "--epochs", "2", "--output", output]
    let run = try Program(arguments)
    #expect(run.exitCode == 0, "\(run.words)")
    #expect(!run.words.contains("positives") && !run.words.contains("negatives"))
    let model = try Data(contentsOf: URL(fileURLWithPath: output + "/model.safetensors"))
    #expect(model.firstRange(of: Data("sampleCount".utf8)) != nil)
    for kind in ["dinucleotide", "dinucleotide,repeats"] {
      let refused = try Program(arguments + ["--force", "--make-negatives", kind])
      #expect(refused.exitCode == 65)
      #expect(refused.words.contains("need no negatives; leave --make-negatives out"))
    }
  }
}
