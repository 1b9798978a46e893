import Foundation
import TestSupport
import Testing

/// The same seed gives the same bytes, whatever the number of threads.
@Suite struct DeterminismTests {
  static let threads = ["1", "2", "3"]

  @Test func trainingIsTheSameOnAnyNumberOfThreads() throws {
    let folder = TemporaryFolder()
    for count in Self.threads {
      let output = "\(folder.path)/\(count)"
      #expect(
        try Program(Toy.training + ["--output", output, "--threads", count]).exitCode == 0)
      #expect(try files(in: output) == files(in: Toy.trained))
    }
  }

  @Test func anotherSeedGivesAnotherModel() throws {
    let folder = TemporaryFolder()
    let output = folder.path + "/model"
    #expect(try Program(Toy.training + ["--output", output, "--seed", "2"]).exitCode == 0)
    #expect(
      try files(in: output)["model.safetensors"] != files(in: Toy.trained)["model.safetensors"])
  }

  static let commands = [
    ["predict", "--fasta", Toy.peaks],
    ["evaluate", "--positives", Toy.peaks, "--json"],
    ["scan", "--genome", Toy.slice, "--threshold", "0.5", "--output", "-"],
    ["variants", "--vcf", Toy.variants, "--genome", Toy.slice, "--output", "-"],
    ["motifs", "export", "--positives", Toy.peaks, "--output", "-"],
  ]

  @Test(arguments: commands) func outputsAreTheSameOnAnyNumberOfThreads(command: [String]) throws {
    let runs = try Self.threads.map {
      try Program(command + ["--model", Toy.model, "--threads", $0, "--quiet"])
    }
    #expect(runs.allSatisfy { $0.exitCode == 0 && $0.words.isEmpty })
    #expect(!runs[0].output.isEmpty)
    #expect(runs.allSatisfy { $0.output == runs[0].output })
  }
}
