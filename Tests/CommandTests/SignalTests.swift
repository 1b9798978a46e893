import Foundation
import TestSupport
import Testing

/// A signal takes away what isn't complete, and the process still ends by it.
@Suite final class SignalTests {
  private let folder = TemporaryFolder()

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  /// Starts a run, sends it a signal when a file has appeared, and waits for its end.
  private func interrupted(
    _ arguments: [String], by signal: Int32, when file: String
  ) throws -> Program {
    try Program(arguments, signal: signal, whenExists: folder.path + "/" + file)
  }

  private let training = ["train", "--positives", Toy.peaks, "--epochs", "100000", "--quiet"]

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func trainingSaysHowToGoOn(signal: Int32) throws {
    let run = try interrupted(
      training + ["--output", folder.path + "/model"], by: signal,
      when: "model/checkpoint1.1.safetensors")
    #expect(run.exitCode == 128 + signal)
    #expect(
      run.words == "seqcnn: interrupted; to go on from here, repeat the command with --resume\n")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/model")
    #expect(
      left.allSatisfy { $0.hasPrefix("checkpoint") || $0 == "history.tsv" }, "\(left)")
  }

  /// The folder was made for the run, and nothing is in it yet.
  @Test func aNewFolderGoes() throws {
    let run = try interrupted(
      training + ["--output", folder.path + "/model"], by: SIGINT, when: "model/.seqcnn-lock")
    #expect(run.exitCode == 128 + SIGINT)
    let left = (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/model")) ?? []
    #expect(left.allSatisfy { $0.hasPrefix("checkpoint") }, "\(left)")
  }

  @Test(arguments: [SIGINT, SIGQUIT]) func aScanLeavesNothing(signal: Int32) throws {
    let genome = folder.write(
      ">a\n" + String(repeating: Toy.genome[0].bases + "\n", count: 20_000), to: "genome.fa")
    let run = try interrupted(
      [
        "scan", "--model", Toy.model, "--genome", genome, "--threshold", "0.9", "--quiet",
        "--output", folder.path + "/sites.bed", "--bedgraph", folder.path + "/track.bedgraph",
      ], by: signal, when: ".sites.bed.seqcnn-tmp")
    #expect(run.exitCode == 128 + signal)
    #expect(run.words.isEmpty)
    #expect(try names == ["genome.fa"])
  }

  /// What `nohup` ignores stays ignored.
  @Test func ignoredSignalsStayIgnored() throws {
    let model = folder.path + "/model"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    // The shell becomes the program, so that the signal reaches it.
    process.arguments =
      ["-c", "trap '' HUP; exec \"$0\" \"$@\"", Program.executable.path] + Toy.training
      + ["--output", model]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning, !FileManager.default.fileExists(atPath: model + "/.seqcnn-lock") {
      usleep(2000)
    }
    kill(process.processIdentifier, SIGHUP)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    #expect(FileManager.default.fileExists(atPath: model + "/model.safetensors"))
  }
}
