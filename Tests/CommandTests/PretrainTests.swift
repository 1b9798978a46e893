import Foundation
import TestSupport
import Testing

/// Models of sequence itself, small enough for a second each.
@Suite struct PretrainTests {
  private static let small = ["--filters", "8", "--epochs", "2", "--quiet"]

  private static func pretrain(_ method: String, to folder: String, _ more: [String] = []) throws
    -> Program
  {
    let length = method == "language" ? [] : ["--length", "40", "--latent", "8"]
    return try Program(
      ["pretrain", "--method", method, "--positives", Toy.peaks, "--output", folder]
        + small + length + more)
  }

  @Test(arguments: ["autoencoder", "vae", "language", "gan"])
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

  @Test func goesOnAfterAnInterruption() throws {
    let folder = TemporaryFolder()
    let (whole, broken) = (folder.path + "/whole", folder.path + "/broken")
    let more = ["--epochs", "40", "--filters", "8"]
    let arguments = { (output: String) in
      [
        "pretrain", "--method", "vae", "--positives", Toy.peaks, "--output", output, "--length",
        "40", "--quiet",
      ] + more
    }
    #expect(try Program(arguments(whole)).exitCode == 0)
    _ = try Program(
      arguments(broken), signal: SIGKILL, whenExists: broken + "/checkpoint.safetensors")
    let resumed = try Program(arguments(broken) + ["--resume"])
    #expect(resumed.exitCode == 0, "\(resumed.words)")
    for name in ["model.safetensors", "history.tsv"] {
      let files = try [whole, broken].map {
        try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(name)"))
      }
      #expect(files[0] == files[1])
    }
  }

  @Test func startsASupervisedModel() throws {
    let folder = TemporaryFolder()
    #expect(try Self.pretrain("autoencoder", to: folder.path + "/a").exitCode == 0)
    let run = try Program([
      "train", "--positives", Toy.peaks, "--no-motifs", "--from",
      folder.path + "/a/model.safetensors", "--epochs",
      "1", "--output", folder.path + "/t", "--quiet",
    ])
    #expect(run.exitCode == 0, "\(run.words)")
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
  }
}
