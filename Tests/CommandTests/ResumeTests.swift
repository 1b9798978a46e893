import Foundation
import TestSupport
import Testing

@Suite struct ResumeTests {
  /// Long enough to be killed in the middle.
  static let training =
    ["train", "--positives", Toy.peaks, "--length", "101", "--epochs", "60", "--quiet"]

  /// Kills runs, each later in its course, and lets the last one finish.
  @Test func killedRunsEndWithTheSameBytes() throws {
    let folder = TemporaryFolder()
    let (whole, resumed) = (folder.path + "/whole", folder.path + "/resumed")
    #expect(try Program(Self.training + ["--output", whole]).exitCode == 0)
    var wasKilled = false
    for delay in [20, 60, 110, 170, 90, 240] {
      let process = try Program.start(Self.training + ["--output", resumed, "--resume"])
      usleep(UInt32(delay) * 1000)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      wasKilled = wasKilled || process.terminationReason == .uncaughtSignal
    }
    #expect(wasKilled)
    let last = try Program(Self.training + ["--output", resumed, "--resume"])
    #expect(last.exitCode == 0, "\(last.words)")
    let expected = try files(in: whole)
    #expect(Set(expected.keys) == TrainTests.fileNames)
    #expect(try files(in: resumed) == expected)
  }

  /// The networks without a checkpoint don't begin where another one's is of another run.
  @Test func anotherRunsCheckpointsStayAsTheyAre() throws {
    let folder = TemporaryFolder()
    let output = folder.path + "/model"
    let arguments = ["train", "--positives", Toy.peaks, "--epochs", "300", "--output", output]
    let process = try Program.start(arguments)
    for _ in 0..<1000
    where !FileManager.default.fileExists(atPath: output + "/checkpoint1.1.safetensors") {
      usleep(10_000)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    for name in try files(in: output).keys where name != "checkpoint1.1.safetensors" {
      try FileManager.default.removeItem(atPath: output + "/" + name)
    }
    let expected = try files(in: output)
    let other = try Program(arguments + ["--resume", "--seed", "9"])
    #expect(other.exitCode == 65)
    #expect(other.words.contains("checkpoint1.1.safetensors: is of a run with other input"))
    #expect(try files(in: output) == expected && expected.count == 1)
  }

  @Test func aFinishedRunStaysAsItIs() throws {
    let folder = TemporaryFolder()
    let output = folder.path + "/model"
    try FileManager.default.copyItem(atPath: Toy.trained, toPath: output)
    let expected = try files(in: output)
    let arguments = Toy.training.dropLast() + ["--output", output, "--resume"]
    let again = try Program(Array(arguments))
    #expect(again.exitCode == 0)
    #expect(again.words == "\(output): finished already; nothing is left to do\n")
    let other = try Program(arguments + ["--seed", "9"])
    #expect(other.exitCode == 65)
    #expect(other.words.contains("run.json: is of a run with other input, options or version;"))
    #expect(try files(in: output) == expected)
  }

  /// With a constant learning rate two epochs and two more are the same, to the last byte, as four.
  @Test func moreEpochsGoOn() throws {
    let folder = TemporaryFolder()
    let recipe = folder.write(
      #"{"training": {"schedule": "constant", "warmup": 0, "leastSteps": 0}}"#, to: "r.json")
    func train(_ epochs: Int, _ name: String, _ options: [String] = []) throws -> Program {
      try Program(
        [
          "train", "--positives", Toy.peaks, "--length", "101", "--config", recipe,
          "--epochs", "\(epochs)", "--output", folder.path + "/" + name,
        ] + options)
    }
    #expect(try train(4, "whole").exitCode == 0)
    #expect(try train(2, "longer").exitCode == 0)
    let longer = try train(4, "longer", ["--resume"])
    #expect(longer.exitCode == 0 && longer.words.contains("goes on after 2 epochs"))
    #expect(longer.words.contains("resumed: network 1, epoch 2"))
    let expected = try files(in: folder.path + "/whole")
    #expect(try files(in: folder.path + "/longer") == expected)
    let shorter = try train(3, "longer", ["--resume"])
    #expect(shorter.exitCode == 65 && shorter.words.contains("is of a run of 4 epochs"))
    let other = try train(6, "longer", ["--resume", "--seed", "2"])
    #expect(other.exitCode == 65 && other.words.contains("is of a run with other input"))
    #expect(try files(in: folder.path + "/longer") == expected)
  }

  /// The losses can be read while training goes on: a killed run leaves those of its first epochs.
  @Test func lossesAreLive() throws {
    let folder = TemporaryFolder()
    let (whole, killed) = (folder.path + "/whole", folder.path + "/killed")
    let options = Self.training + ["--no-motifs"]
    #expect(try Program(options + ["--output", whole]).exitCode == 0)
    let table = killed + "/history.tsv"
    let run = try Program(options + ["--output", killed], signal: SIGKILL, whenExists: table)
    #expect(run.exitCode == 128 + SIGKILL)
    let left = rows(try String(contentsOfFile: table, encoding: .utf8))
    let all = rows(try String(contentsOfFile: whole + "/history.tsv", encoding: .utf8))
    #expect(left.count > 1 && left.count < all.count && Set(left).isSubset(of: all))
  }

  @Test func aFolderOfOtherFilesIsNoRun() throws {
    let folder = TemporaryFolder()
    folder.write("mine", to: "notes.txt")
    let run = try Program(Toy.training + ["--output", folder.path, "--resume"])
    #expect(run.exitCode == 73)
    #expect(try files(in: folder.path).keys.sorted() == ["notes.txt"])
  }

  @Test(arguments: [[], ["--resume"], ["--force"]])
  func aSecondRunOnAFolderIsTurnedAway(options: [String]) throws {
    let folder = TemporaryFolder()
    let output = folder.path + "/model"
    let first = try Program.start(
      ["train", "--positives", Toy.peaks, "--epochs", "100000", "--output", output])
    defer {
      kill(first.processIdentifier, SIGKILL)
      first.waitUntilExit()
    }
    for _ in 0..<500 where !FileManager.default.fileExists(atPath: output + "/.seqcnn-lock") {
      usleep(10_000)
    }
    let second = try Program(Toy.training + ["--output", output] + options)
    #expect(second.exitCode == 75)
    #expect(
      second.words
        == "seqcnn: \(output): another run is writing it; wait for that run, or name another output\n"
    )
  }
}
