import Foundation
import TestSupport
import Testing

@Suite final class PretrainEnergyTests {
  private let folder = TemporaryFolder()

  /// A deep belief network learns, dreams sequences, and starts a supervised model; the same bytes for any threads.
  @Test(arguments: ["contrastive", "persistent", "asleep"]) func learns(dreams: String) throws {
    let one = folder.path + "/one"
    let arguments = [
      "pretrain-energy", "--fasta", Toy.peaks, "--length", "60", "--hidden", "12", "6",
      "--epochs", "2", "--tune", "2", "--samples", "7", "--dreams", dreams, "--steps", "2",
    ]
    let done = try Program(arguments + ["--output", one, "--threads", "1"])
    #expect(done.exitCode == 0, "\(done.words)")
    #expect(done.words.contains("machine 2: 6 hidden units, reconstruction"))
    let history = rows(try contents(one + "/history.tsv"))
    #expect(
      history[0] == ["part", "epoch", "training_loss", "validation_loss", "free_energy_gap"])
    #expect(history.count == 1 + 2 + 2 + 2 && history[6][0] == "tuning")
    // A sequence of 60 equally frequent bases has 60 log 4 = 83.2 nats.
    #expect(history.dropFirst().filter { $0[0] != "machine2" }.allSatisfy { Double($0[3])! < 84 })
    let samples = try contents(one + "/samples.fa").split(separator: "\n")
    #expect(samples.count == 14 && samples[1].count == 60)
    let two = folder.path + "/two"
    #expect(try Program(arguments + ["--output", two, "--threads", "3"]).exitCode == 0)
    #expect(try files(in: one) == files(in: two))
    guard dreams == "contrastive" else { return }
    let trained = try Program([
      "train", "--no-motifs", "--positives", Toy.peaks, "--length", "60", "--epochs", "1",
      "--quiet", "--preset",
      "deepbind", "--from", one + "/model.safetensors", "--new-head", "--output",
      folder.path + "/trained",
    ])
    #expect(trained.exitCode == 0, "\(trained.words)")
  }

  @Test func saysWhatIsWrong() throws {
    let few = folder.write(">a\nACGT\n", to: "few.fa")
    for (arguments, exitCode, words) in [
      (["--fasta", few], 65, "give 20 sequences of 101 bases or more"),
      (["--fasta", few, "--hidden", "0"], 64, "--hidden is 0; take 1 to"),
      ([], 64, "give either --fasta, or --regions with --genome"),
    ] as [([String], Int32, String)] {
      let refused = try Program(
        ["pretrain-energy", "--output", folder.path + "/x"] + arguments)
      #expect(refused.exitCode == exitCode)
      #expect(refused.words.contains(words), "\(refused.words)")
    }
  }
}
