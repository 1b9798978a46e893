import Foundation
import TestSupport
import Testing

/// Models of sequence itself, small enough for a second each.
@Suite struct PretrainTests {
  private static func size(_ method: String) -> [String] {
    switch method {
    case "language": ["--filters", "8"]
    case "rbm": ["--length", "40", "--hidden", "12"]
    case "helmholtz": ["--length", "40", "--hidden", "12", "6"]
    case "dbn": ["--length", "40", "--hidden", "12", "6", "--tune", "2"]
    default: ["--length", "40", "--latent", "8", "--filters", "8"]
    }
  }

  private static func pretrain(_ method: String, to folder: String, _ more: [String] = []) throws
    -> Program
  {
    try Program(
      [
        "pretrain", "--method", method, "--positives", Toy.peaks, "--output", folder, "--epochs",
        "2",
        "--quiet",
      ] + size(method) + more)
  }

  @Test(arguments: ["autoencoder", "vae", "language", "gan", "rbm", "dbn", "helmholtz"])
  func sameBytesForAnyNumberOfThreads(method: String) throws {
    let folder = TemporaryFolder()
    var bytes: [Data] = []
    for threads in ["1", "2"] {
      let output = folder.path + "/\(threads)"
      let run = try Self.pretrain(method, to: output, ["--threads", threads])
      #expect(run.exitCode == 0, "\(run.words)")
      bytes.append(try Data(contentsOf: URL(fileURLWithPath: output + "/model.safetensors")))
      #expect(!FileManager.default.fileExists(atPath: output + "/checkpoint.safetensors"))
    }
    #expect(bytes[0] == bytes[1])
    let model = folder.path + "/1/model.safetensors"
    let inspected = try Program(["inspect", model])
    #expect(inspected.exitCode == 0 && inspected.output.contains(method))
    let refused = try Program(["predict", "--model", model, "--fasta", Toy.peaks])
    #expect(refused.exitCode == 65 && refused.words.contains("a model of sequence itself"))
    try checkSamples(model, writes: method != "autoencoder")
  }

  private func checkSamples(_ model: String, writes: Bool) throws {
    let arguments = ["sample", model, "-n", "70", "--seed", "3", "--quiet"]
    let samples = try ["1", "2"].map { try Program(arguments + ["--threads", $0]) }
    guard writes else {
      #expect(samples[0].exitCode == 65 && samples[0].words.contains("writes none"))
      return
    }
    #expect(samples[0].exitCode == 0 && samples[0].output == samples[1].output)
    let lines = samples[0].output.split(separator: "\n")
    let bases = lines.filter { !$0.hasPrefix(">") }
    #expect(lines.count == 140 && bases.count == 70 && Set(bases.map(\.count)).count == 1)
    // The first samples don't depend on how many there are.
    let fewer = try Program(["sample", model, "-n", "5", "--seed", "3", "--quiet"])
    #expect(samples[0].output.hasPrefix(fewer.output))
    let other = try Program(["sample", model, "-n", "70", "--seed", "4", "--quiet"])
    #expect(other.output != samples[0].output)
  }

  /// Interrupted in its first part, or in a later one.
  @Test(arguments: [
    (["vae", "--filters", "8"], "checkpoint"),
    (["dbn", "--hidden", "24", "12", "--dreams", "persistent", "--tune", "40"], "checkpoint"),
    (["dbn", "--hidden", "24", "12", "--dreams", "asleep", "--tune", "40"], "checkpoint.1"),
  ])
  func goesOnAfterAnInterruption(method: [String], checkpoint: String) throws {
    let folder = TemporaryFolder()
    let (whole, broken) = (folder.path + "/whole", folder.path + "/broken")
    let arguments = { (output: String) in
      ["pretrain", "--method"] + method + [
        "--positives", Toy.peaks, "--output", output, "--length", "40", "--quiet", "--epochs", "40",
      ]
    }
    #expect(try Program(arguments(whole)).exitCode == 0)
    _ = try Program(
      arguments(broken), signal: SIGKILL, whenExists: "\(broken)/\(checkpoint).safetensors")
    let resumed = try Program(arguments(broken) + ["--resume"])
    #expect(resumed.exitCode == 0, "\(resumed.words)")
    let names = try FileManager.default.contentsOfDirectory(atPath: broken)
    #expect(!names.contains { $0.hasPrefix("checkpoint") })
    for name in ["model.safetensors", "history.tsv"] {
      let files = try [whole, broken].map {
        try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(name)"))
      }
      #expect(files[0] == files[1])
    }
  }

  @Test(arguments: ["autoencoder", "rbm", "dbn", "helmholtz"]) func startsASupervisedModel(
    method: String
  ) throws {
    let folder = TemporaryFolder()
    #expect(try Self.pretrain(method, to: folder.path + "/a").exitCode == 0)
    let arguments = [
      "train", "--positives", Toy.peaks, "--no-motifs", "--from",
      folder.path + "/a/model.safetensors", "--epochs", "1", "--quiet", "--preset", "deepbind",
    ]
    let run = try Program(arguments + ["--length", "40", "--output", folder.path + "/t"])
    #expect(run.exitCode == 0, "\(run.words)")
    guard method != "autoencoder" else { return }
    let longer = try Program(arguments + ["--length", "50", "--output", folder.path + "/l"])
    #expect(longer.exitCode == 65 && longer.words.contains("sequences of its length"))
  }

  /// Of each machine and of the fine-tuning there is a row per epoch; figures beside those of simpler models.
  @Test func tellsOfMachines() throws {
    let folder = TemporaryFolder()
    #expect(try Self.pretrain("dbn", to: folder.path + "/d").exitCode == 0)
    let history = rows(try contents(folder.path + "/d/history.tsv"))
    #expect(
      history.map { $0[0] } == ["part"]
        + ["machine1", "machine2", "autoencoder"].flatMap { [$0, $0] })
    #expect(history[0].suffix(3) == ["accuracy", "free_energy_gap", "reconstruction"])
    #expect(history[1][5] == "NA" && history[1][6] != "NA" && history[5][5] != "NA")
    let metrics = try contents(folder.path + "/d/metrics.json")
    for name in [
      "accuracy", "bits_per_base", "free_energy_gap", "log_partition_error", "markov5_accuracy",
    ] {
      #expect(metrics.contains("\"\(name)\""))
    }
    let samples = try Program([
      "sample", folder.path + "/d/model.safetensors", "-n", "3", "--temperature", "0.5", "--quiet",
    ])
    #expect(samples.output.contains(" freeEnergy="))
  }

  /// A language model that goes on against a critic is one still: it writes, and says how likely sequence is.
  @Test func languageModelsBecomeGenerators() throws {
    let folder = TemporaryFolder()
    let language = folder.path + "/l"
    #expect(try Self.pretrain("language", to: language).exitCode == 0)
    let start = ["--language", language + "/model.safetensors"]
    var bytes: [Data] = []
    for threads in ["1", "2"] {
      let output = folder.path + "/\(threads)"
      let run = try Program(
        [
          "pretrain", "--method", "gan", "--positives", Toy.peaks, "--length", "20", "--filters",
          "4", "--epochs", "1", "--quiet", "--output", output, "--threads", threads,
        ] + start)
      #expect(run.exitCode == 0, "\(run.words)")
      bytes.append(try Data(contentsOf: URL(fileURLWithPath: output + "/model.safetensors")))
    }
    #expect(bytes[0] == bytes[1])
    let model = folder.path + "/1/model.safetensors"
    try checkSamples(model, writes: true)
    let tables = try [model, start[1]].map {
      try Program(["likelihood", "--model", $0, "--fasta", Toy.peaks, "--quiet"])
    }
    #expect(tables.allSatisfy { $0.exitCode == 0 } && tables[0].output != tables[1].output)
    let noModel = try Self.pretrain("gan", to: folder.path + "/x", ["--language", model])
    #expect(noModel.exitCode == 64 && noModel.words.contains("no --latent numbers"))
    let misplaced = try Self.pretrain("vae", to: folder.path + "/x", start)
    #expect(misplaced.exitCode == 64 && misplaced.words.contains("go with --method gan"))
  }

  @Test func likelihoodsOfSequencesAndAlleles() throws {
    let folder = TemporaryFolder()
    #expect(try Self.pretrain("language", to: folder.path + "/l").exitCode == 0)
    let model = folder.path + "/l/model.safetensors"
    let table = try Program(["likelihood", "--model", model, "--fasta", Toy.peaks, "--quiet"])
    let rows = table.output.split(separator: "\n")
    #expect(table.exitCode == 0 && rows.count == Toy.peakRecords.count + 1)
    let bits = rows.dropFirst().compactMap { Double($0.split(separator: "\t")[3]) }
    #expect(bits.allSatisfy { $0 > 0.5 && $0 < 4 })
    let variants = try Program([
      "likelihood", "--model", model, "--vcf", Toy.variants, "--genome", Toy.slice, "--quiet",
    ])
    #expect(variants.exitCode == 0, "\(variants.words)")
    #expect(variants.output.hasPrefix("chrom\tpos\tref\talt\tlogRatio\n"))
    let strange = try Program([
      "likelihood", "--model", model, "--vcf", Toy.variants, "--genome", Toy.smallGenome, "--quiet",
    ])
    #expect(strange.exitCode == 65 && strange.words.contains("no_such_sequence"))
  }

  @Test func judgesSamples() throws {
    let run = try Program(["judge", Toy.peaks, "--real", Toy.peaks, "--quiet"])
    let rows = run.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(run.exitCode == 0 && rows.count == 6, "\(run.words)")
    // Every sample is one of the training sequences.
    #expect(rows[1][8] == "1.0000")
  }

  @Test func refusesWhatMakesNoSense() throws {
    let genome = try Program([
      "pretrain", "--method", "vae", "--genome", Toy.slice, "--output", "x",
    ])
    #expect(genome.exitCode == 64 && genome.words.contains("--method language"))
    let folder = TemporaryFolder()
    let config = folder.write("{\"model\": {\"hidden\": [8, 4]}}", to: "two.json")
    let chains = folder.write("{\"method\": {\"chains\": 0}}", to: "chains.json")
    for (arguments, exitCode, words) in [
      (["rbm", "--hidden", "8", "4"], 64, "--method rbm has one machine"),
      (["rbm", "--hidden", "0"], 64, "--hidden is 0; take 1 to 65536"),
      (["rbm", "--latent", "8"], 64, "--latent goes with"),
      (["dbn", "--filters", "8"], 64, "give --hidden"),
      (["vae", "--hidden", "8"], 64, "goes with --method rbm, dbn or helmholtz"),
      (["helmholtz", "--dreams", "asleep"], 64, "go with --method rbm or dbn"),
      (["rbm", "--config", config], 65, "hidden has 2 numbers"),
      (["dbn", "--config", chains], 65, "chains is 0"),
    ] as [([String], Int32, String)] {
      let refused = try Program(
        ["pretrain", "--positives", Toy.peaks, "--output", folder.path + "/x", "--method"]
          + arguments)
      #expect(refused.exitCode == exitCode && refused.words.contains(words), "\(refused.words)")
    }
  }
}
